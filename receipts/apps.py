"""The receipts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReceiptsConfig(AppConfig):
    """Documents a patient keeps: itemised list, e-receipt, certificates."""

    name = "receipts"
    verbose_name = _("Receipts")

    def ready(self) -> None:
        """Listen to checkout and refunds."""
        from receipts import subscribers  # noqa: F401, PLC0415 - registering is the import's purpose
