"""The encounter: one patient, one practitioner, one service, from opening to closing."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from encounters.models.diagnoses import DiagnosisCode
from registry.models import Coverage, Department, Institution, Patient, Practitioner


class EncounterKind(models.TextChoices):
    """What kind of service it is."""

    ONLINE_REVISIT = "online_revisit", _("online re-diagnosis")
    OUTPATIENT = "outpatient", _("outpatient visit at the hospital")


class Encounter(models.Model):
    """What every service, fee, claim and prescription hangs on."""

    number = models.CharField(_("visit number"), max_length=30, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=EncounterKind.choices)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="encounters")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="encounters")
    coverage = models.ForeignKey(Coverage, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    known_disease = models.ForeignKey(
        DiagnosisCode, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("disease diagnosed at a hospital"),
    )  # fmt: skip
    complaint = models.CharField(_("complaint in her own words"), max_length=500, blank=True)
    allergies = models.CharField(_("allergies she states"), max_length=500, blank=True)
    current_medicines = models.CharField(_("medicines she takes"), max_length=500, blank=True)

    service_on = models.DateField(_("day of service"))
    opened_at = models.DateTimeField()
    cleared_at = models.DateTimeField(
        _("cleared for prescribing at"), null=True, blank=True,
        help_text=_("The doctor has confirmed that it is a re-diagnosis (V-05)."),
    )  # fmt: skip
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Names and the index of a patient's history."""

        verbose_name = _("encounter")
        verbose_name_plural = _("encounters")
        indexes = [models.Index(fields=["patient", "-service_on"], name="encounter_history")]

    def __str__(self) -> str:
        """Its number."""
        return self.number
