"""The portal app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages that join several apps."""

    name = "portal"
