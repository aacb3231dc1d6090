"""The portal app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages that join several apps."""

    name = "portal"

    def ready(self) -> None:
        """Listen to checkout, payments and refunds."""
        from portal import subscribers  # noqa: F401, PLC0415 - registering is the import's purpose
