"""The checkout app."""

from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    """The one place that sequences billing, insurance and payments."""

    name = "checkout"
