"""The screening app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScreeningConfig(AppConfig):
    """Rules that look at an order before it costs money: the national knowledge base, the insurer's audit, fraud."""

    name = "screening"
    verbose_name = _("Insurance audit rules")
