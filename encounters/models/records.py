"""The medical record of an encounter and its diagnoses."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from encounters.models.diagnoses import DiagnosisCode
from encounters.models.encounters import Encounter
from registry.models import Practitioner


class MedicalRecord(models.Model):
    """What the doctor wrote; frozen when signed. Lengths follow the supervision interface (TJ 2.2.10)."""

    encounter = models.OneToOneField(Encounter, on_delete=models.PROTECT, related_name="record")
    chief_complaint = models.CharField(_("chief complaint"), max_length=500, blank=True)
    present_illness = models.CharField(_("present illness"), max_length=500, blank=True)
    past_history = models.CharField(_("past history"), max_length=500, blank=True)
    allergy_history = models.CharField(_("allergy history"), max_length=500, blank=True)
    examination = models.CharField(_("examination and results she reports"), max_length=500, blank=True)
    plan = models.CharField(_("plan"), max_length=500, blank=True)

    written_by = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    signature = models.CharField(max_length=200, blank=True)

    class Meta:
        """Names; what is signed never changes."""

        verbose_name = _("medical record")
        verbose_name_plural = _("medical records")
        triggers = [
            pgtrigger.Protect(
                name="signed_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__signed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        """Encounter."""
        return str(self.encounter_id)


_REFUSE_WHEN_SIGNED = """
    IF EXISTS (SELECT 1 FROM encounters_medicalrecord WHERE id = OLD.record_id AND signed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a diagnosis of a signed record never changes';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


class Diagnosis(models.Model):
    """One diagnosis of a record; number 1 is the main one."""

    record = models.ForeignKey(MedicalRecord, on_delete=models.CASCADE, related_name="diagnoses")
    number = models.PositiveSmallIntegerField()
    code = models.ForeignKey(DiagnosisCode, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Ordered, each disease once."""

        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["record", "number"], name="diagnosis_number_once"),
            models.UniqueConstraint(fields=["record", "code"], name="diagnosis_once"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="signed_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_REFUSE_WHEN_SIGNED,
            )
        ]

    def __str__(self) -> str:
        """Code and name."""
        return str(self.code)
