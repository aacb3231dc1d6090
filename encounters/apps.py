"""The encounters app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EncountersConfig(AppConfig):
    """The encounter every service and fee hangs on."""

    name = "encounters"
    verbose_name = _("Visits and records")
