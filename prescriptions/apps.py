"""The prescriptions app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrescriptionsConfig(AppConfig):
    """Drug catalogue, prescriptions and their review."""

    name = "prescriptions"
    verbose_name = _("Prescriptions")

    def ready(self) -> None:
        """Listen to what happens to bills."""
        from prescriptions import subscribers  # noqa: F401, PLC0415
