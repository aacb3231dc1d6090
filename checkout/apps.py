"""The checkout app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CheckoutConfig(AppConfig):
    """The one place that sequences billing, insurance and payments."""

    name = "checkout"
    verbose_name = _("Checkout")

    def ready(self) -> None:
        """Listen to insurance and payments."""
        from checkout import subscribers  # noqa: F401, PLC0415 - registering is the import's purpose
