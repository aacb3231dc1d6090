"""The audit app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who did what to which record, when."""

    name = "audit"
