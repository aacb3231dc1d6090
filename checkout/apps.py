"""The checkout app."""

from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    """The one place that sequences billing, insurance and payments."""

    name = "checkout"

    def ready(self) -> None:
        """Listen to insurance and payments."""
        from checkout import subscribers  # noqa: F401, PLC0415 - registering is the import's purpose
