"""The online re-diagnosis of one encounter."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models import Bill
from consultations.models.schedules import Slot
from consultations.states import RevisitState
from encounters.models import Encounter


class Decision(models.TextChoices):
    """The doctor's decision that the law asks for (V-05)."""

    REVISIT = "revisit", _("re-diagnosis: yes")
    NOT_REVISIT = "not_revisit", _("re-diagnosis: no")


class Revisit(models.Model):
    """From the held place to the end of the visit."""

    encounter = models.OneToOneField(Encounter, on_delete=models.PROTECT, related_name="revisit")
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="revisits")
    bill = models.OneToOneField(
        Bill, null=True, blank=True, on_delete=models.PROTECT, related_name="revisit",
        verbose_name=_("bill of the consultation fee"),
    )  # fmt: skip

    state = models.CharField(
        max_length=20, choices=[(s.value, s.value) for s in RevisitState], default=RevisitState.PREPARING
    )
    decision = models.CharField(_("decision"), max_length=20, choices=Decision.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    stop_code = models.CharField(max_length=30, blank=True)
    stop_reason = models.CharField(_("reason given to the patient"), max_length=300, blank=True)

    created_at = models.DateTimeField()
    admitted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Names and the index of a doctor's queue."""

        verbose_name = _("online re-diagnosis")
        verbose_name_plural = _("online re-diagnoses")
        indexes = [models.Index(fields=["state", "slot"], name="revisit_queue")]

    def __str__(self) -> str:
        """Its encounter."""
        return str(self.encounter_id)
