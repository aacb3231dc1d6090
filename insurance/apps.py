"""The insurance app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsuranceConfig(AppConfig):
    """Claims and settlements with the medical insurance."""

    name = "insurance"
    verbose_name = _("Medical insurance")
