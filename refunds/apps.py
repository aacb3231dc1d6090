"""The refunds app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RefundsConfig(AppConfig):
    """Money that goes back: asked for, approved, sent, done."""

    name = "refunds"
    verbose_name = _("Refunds")
