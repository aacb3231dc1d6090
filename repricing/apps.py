"""The repricing app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RepricingConfig(AppConfig):
    """What other prices would change, and what corrected prices do change, in charges of the past."""

    name = "repricing"
    verbose_name = _("Simulations and corrections")

    def ready(self) -> None:
        """Listen to pricing and checkout."""
        from repricing import subscribers  # noqa: F401, PLC0415 - registering is the import's purpose
