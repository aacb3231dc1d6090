"""The refunds app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RefundsConfig(AppConfig):
    """Money that goes back: asked for, approved, sent, done."""

    name = "refunds"
    verbose_name = _("Refunds")

    def ready(self) -> None:
        """Listen to insurer, channel and checkout."""
        import refunds.subscribers  # noqa: F401, PLC0415
