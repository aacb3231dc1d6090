"""The consultations app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationsConfig(AppConfig):
    """Schedules, places and online re-diagnosis."""

    name = "consultations"
    verbose_name = _("Online re-diagnosis")

    def ready(self) -> None:
        """Listen to checkout."""
        from consultations import subscribers  # noqa: F401, PLC0415 - registering is the import's purpose
