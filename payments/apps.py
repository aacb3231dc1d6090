"""The payments app."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Payment orders, notifications and refunds."""

    name = "payments"
