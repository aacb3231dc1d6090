"""The prescriptions app."""

from django.apps import AppConfig


class PrescriptionsConfig(AppConfig):
    """Drug catalogue, prescriptions and their review."""

    name = "prescriptions"
