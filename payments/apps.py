"""The payments app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    """Payment orders, notifications and refunds."""

    name = "payments"
    verbose_name = _("Payments and refunds")
