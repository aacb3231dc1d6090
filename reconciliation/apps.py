"""The reconciliation app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReconciliationConfig(AppConfig):
    """What we, the insurer and the payment channel hold of one day, compared, and the differences worked through."""

    name = "reconciliation"
    verbose_name = _("Reconciliation")
