"""Prescriptions with all their versions, findings and reviews."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models import Bill
from encounters.models import Encounter
from prescriptions.models.drugs import Drug
from prescriptions.states import PrescriptionState
from registry.models import Practitioner


class Prescription(models.Model):
    """One version; a returned prescription stays and the next version takes its place."""

    number = models.CharField(_("prescription number"), max_length=30)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="prescriptions")
    prescriber = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    bill = models.OneToOneField(Bill, null=True, blank=True, on_delete=models.PROTECT, related_name="prescription")

    is_long_term = models.BooleanField(_("long-term prescription"), default=False)
    confirmations = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    days_reason = models.CharField(_("reason for more than 7 days"), max_length=200, blank=True)

    state = models.CharField(
        max_length=20, choices=[(s.value, s.value) for s in PrescriptionState], default=PrescriptionState.DRAFT
    )
    created_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    signature = models.CharField(max_length=200, blank=True)
    effective_at = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    dispensed_at = models.DateTimeField(null=True, blank=True)
    dispensed_by = models.ForeignKey(Practitioner, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Versions are numbered; one live version per encounter."""

        verbose_name = _("prescription")
        verbose_name_plural = _("prescriptions")
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], name="prescription_version_once"),
            models.UniqueConstraint(
                fields=["encounter"],
                condition=~Q(state__in=["returned", "cancelled", "expired"]),
                name="prescription_one_live",
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
    days = models.PositiveSmallIntegerField(_("days"))
    packs = models.PositiveSmallIntegerField(_("packs"))
    note = models.CharField(_("how to take it"), max_length=100, blank=True)

    class Meta:
        """Ordered."""

        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["prescription", "number"], name="prescription_line_once")]

    def __str__(self) -> str:
        """Drug."""
        return str(self.drug)


class Finding(models.Model):
    """What a rule found when the doctor signed; kept with the version."""

    prescription = models.ForeignKey(Prescription, on_delete=models.CASCADE, related_name="findings")
    rule = models.CharField(max_length=20)
    severity = models.PositiveSmallIntegerField(help_text="1 blocks unless signed for with a reason, 2 warns")
    message = models.CharField(max_length=300)
    message_en = models.CharField(max_length=300)
    source = models.CharField(max_length=200)
    line_numbers = ArrayField(models.PositiveSmallIntegerField(), default=list)
    override_reason = models.CharField(_("reason to keep it"), max_length=200, blank=True)

    def __str__(self) -> str:
        """Rule."""
        return self.rule


class PrescriptionReview(models.Model):
    """The pharmacist's decision on one version."""

    prescription = models.OneToOneField(Prescription, on_delete=models.PROTECT, related_name="review")
    is_passed = models.BooleanField()
    reason_code = models.CharField(max_length=30, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    reviewer = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()
    signature = models.CharField(max_length=200)

    class Meta:
        """A return has a reason; a decision stays."""

        constraints = [
            models.CheckConstraint(condition=Q(is_passed=True) | ~Q(reason=""), name="review_return_has_reason")
        ]
        triggers = [pgtrigger.Protect(name="never_changes", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        """Outcome."""
        return "passed" if self.is_passed else "returned"
