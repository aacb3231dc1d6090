"""What the charges of a past period would have cost."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from pricing.models import PriceRevision
from registry.models import Institution
from repricing.states import SimulationState

_STATES = [(state.value, state.value) for state in SimulationState]


class Simulation(models.Model):
    """The proposed prices of a revision over the charges of a period, slice by slice of its patients."""

    number = models.CharField(_("number"), max_length=30, unique=True)
    revision = models.ForeignKey(
        PriceRevision, on_delete=models.CASCADE, related_name="simulations", verbose_name=_("price revision")
    )
    period = DateRangeField(_("period"), help_text=_("Days of service, half-open."))
    institution = models.ForeignKey(
        Institution,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("institution"),
        help_text=_("Empty for all."),
    )
    rows_sha256 = models.CharField(
        max_length=64, editable=False, help_text="over the proposed rows as they were at the beginning"
    )

    state = models.CharField(_("state"), max_length=20, choices=_STATES, default=SimulationState.WAITING)
    cuts = models.JSONField(default=list, help_text="ids of patients at which a new slice begins")
    slices_done = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict, help_text="see repricing.operations.results; amounts as text")
    failure = models.CharField(_("why it could not be finished"), max_length=40, blank=True)

    started_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        """Newest first."""

        verbose_name = _("simulation")
        verbose_name_plural = _("simulations")
        ordering = ["-pk"]

    def __str__(self) -> str:
        """Its number."""
        return self.number

    @property
    def progress(self) -> int:
        """Percent of the slices that are done."""
        if self.state == SimulationState.DONE:
            return 100
        return 100 * self.slices_done // len(self.cuts) if self.cuts else 0
