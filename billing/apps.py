"""The billing app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    """Priced lines and bills."""

    name = "billing"
    verbose_name = _("Bills and their lines")
