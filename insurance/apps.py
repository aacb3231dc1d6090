"""The insurance app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsuranceConfig(AppConfig):
    """Claims and settlements with the medical insurance."""

    name = "insurance"
    verbose_name = _("Medical insurance")

    def ready(self) -> None:
        """Listen to the insurer's own words: a return of lines goes on by them."""
        from insurance import subscribers  # noqa: F401, PLC0415 - registering is the import's purpose
