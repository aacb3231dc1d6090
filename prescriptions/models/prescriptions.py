"""Prescriptions with all their versions."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models import Bill
from encounters.models import Encounter
from prescriptions.models.choices import Confirmation, Timing
from prescriptions.models.drugs import Drug
from prescriptions.states import ENDED, PASSED, PrescriptionState
from registry.models import Practitioner

_CONTENT = [
    "number", "version", "encounter_id", "prescriber_id", "is_long_term", "confirmations", "days_reason", "evaluation",
    "validity_days", "validity_reason", "signed_at", "signature", "valid_until",
]  # fmt: skip
_SIGNED_CONTENT_CHANGES = (
    "OLD.signed_at IS NOT NULL AND ("
    + " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in _CONTENT)
    + ")"
)

_NEEDS_A_PASSED_REVIEW = """
IF NOT EXISTS (SELECT 1 FROM prescriptions_prescriptionreview
               WHERE prescription_id = NEW.id AND is_passed) THEN
    RAISE EXCEPTION 'a prescription takes effect only after a pharmacist has passed it (P-05)';
END IF;
RETURN NEW;
"""

_SIGNED_PARTS_STAY = """
IF EXISTS (SELECT 1 FROM prescriptions_prescription
           WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.prescription_id ELSE OLD.prescription_id END
           AND signed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'what a doctor has signed never changes';
END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
RETURN NEW;
"""


def signed_stays() -> pgtrigger.Trigger:
    """The trigger that lets no part of a signed prescription be added, changed or removed."""
    return pgtrigger.Trigger(
        name="signed_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=_SIGNED_PARTS_STAY,
    )


class Prescription(models.Model):
    """One version; a returned prescription stays and the next version takes its place."""

    number = models.CharField(_("prescription number"), max_length=30)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="prescriptions")
    prescriber = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    bill = models.OneToOneField(
        Bill, null=True, blank=True, on_delete=models.PROTECT, related_name="prescription"
    )

    is_long_term = models.BooleanField(_("long-term prescription"), default=False)
    confirmations = ArrayField(
        models.CharField(max_length=30, choices=Confirmation.choices), default=list, blank=True
    )
    days_reason = models.CharField(_("reason for more than 7 days"), max_length=200, blank=True)
    evaluation = models.CharField(_("evaluation for more than 4 weeks"), max_length=300, blank=True)
    validity_days = models.PositiveSmallIntegerField(_("valid for days"), default=1)
    validity_reason = models.CharField(_("reason for more than one day"), max_length=200, blank=True)
    kept = models.JSONField(
        default=dict, blank=True, help_text="reasons typed so far: {finding key: {reason, again}}"
    )

    state = models.CharField(
        max_length=20,
        choices=[(s.value, s.value) for s in PrescriptionState],
        default=PrescriptionState.DRAFT,
    )
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=200, blank=True)
    created_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    signature = models.CharField(max_length=200, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    effective_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    dispensed_at = models.DateTimeField(null=True, blank=True)
    dispensed_by = models.ForeignKey(
        Practitioner, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    dispense_checks = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Versions are numbered; one live version per encounter; nothing is charged before the review."""

        verbose_name = _("prescription")
        verbose_name_plural = _("prescriptions")
        indexes = [models.Index(fields=["state", "signed_at"], name="prescription_queue")]
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], name="prescription_version_once"),
            models.UniqueConstraint(
                fields=["encounter"],
                condition=~Q(state__in=sorted(ENDED)),
                name="prescription_one_live",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=False, valid_until__isnull=False)
                | Q(state__in=[PrescriptionState.DRAFT, PrescriptionState.CANCELLED]),
                name="prescription_signed",
                violation_error_message=_("A prescription is signed before anyone else sees it (P-04)."),
            ),
            models.CheckConstraint(
                condition=Q(effective_at__isnull=False)
                | Q(bill__isnull=True, paid_at__isnull=True, dispensed_at__isnull=True)
                & ~Q(state__in=sorted(PASSED)),
                name="prescription_passed_before_charged",
                violation_error_message=_(
                    "Nothing is charged or dispensed before a pharmacist has passed it (P-05)."
                ),
            ),
            models.CheckConstraint(
                condition=Q(dispensed_at__isnull=True) | Q(paid_at__isnull=False),
                name="prescription_paid_before_dispensed",
                violation_error_message=_("Nothing is dispensed before it is paid (P-06)."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="effective_after_review",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__effective_at__isnull=False),
                func=_NEEDS_A_PASSED_REVIEW,
            ),
            pgtrigger.Protect(
                name="signed_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(_SIGNED_CONTENT_CHANGES),
            ),
            pgtrigger.Protect(
                name="signed_never_deleted",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__signed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        """Number and version."""
        return f"{self.number}/{self.version}"


class PrescriptionLine(models.Model):
    """One drug."""

    prescription = models.ForeignKey(Prescription, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveSmallIntegerField()
    drug = models.ForeignKey(Drug, on_delete=models.PROTECT, related_name="+")
    dose = models.DecimalField(_("single dose"), max_digits=10, decimal_places=4)
    frequency = models.CharField(_("frequency"), max_length=10)
    timing = models.CharField(_("time"), max_length=20, choices=Timing.choices, blank=True)
    days = models.PositiveSmallIntegerField(_("days"))
    packs = models.PositiveSmallIntegerField(_("packs"))
    note = models.CharField(_("how to take it"), max_length=100, blank=True)

    class Meta:
        """Ordered; stays once signed."""

        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["prescription", "number"], name="prescription_line_once")
        ]
        triggers = [signed_stays()]

    def __str__(self) -> str:
        """Drug."""
        return str(self.drug)
