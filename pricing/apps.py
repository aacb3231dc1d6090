"""The pricing app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PricingConfig(AppConfig):
    """Tariff documents, price items, prices and the quote."""

    name = "pricing"
    verbose_name = _("Price office")
