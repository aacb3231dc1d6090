"""What repricing refuses."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class SimulationRefused(DomainError):
    """The simulation cannot be begun so."""

    code = "simulation_refused"
    default_message = _("This cannot be simulated.")


class CorrectionRefused(DomainError):
    """The batch of corrections cannot go on so."""

    code = "correction_refused"
    default_message = _("This correction is not possible.")
