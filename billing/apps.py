"""The billing app."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Priced lines and bills."""

    name = "billing"
