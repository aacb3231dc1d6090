"""What the rules found when the doctor signed, and what the pharmacist decided."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prescriptions.models.choices import ReturnReason
from prescriptions.models.prescriptions import Prescription, signed_stays
from registry.models import Practitioner


class Finding(models.Model):
    """What a rule found when the doctor signed; kept with the version (P-20)."""

    prescription = models.ForeignKey(Prescription, on_delete=models.CASCADE, related_name="findings")
    rule = models.CharField(max_length=20)
    key = models.CharField(max_length=60)
    severity = models.PositiveSmallIntegerField(help_text="1 was kept by the doctor with a reason, 2 warns")
    message = models.CharField(max_length=300)
    message_en = models.CharField(max_length=400)
    source = models.CharField(max_length=200)
    source_en = models.CharField(max_length=200)
    grade = models.CharField(max_length=2)
    line_numbers = ArrayField(models.PositiveSmallIntegerField(), default=list)
    keep_reason = models.CharField(_("reason to keep it"), max_length=200, blank=True)
    keep_signature = models.CharField(
        max_length=200, blank=True, help_text="second signature, under the reason"
    )

    class Meta:
        """Each finding once; the gravest first."""

        ordering = ["severity", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["prescription", "key"], name="finding_once"),
            models.CheckConstraint(
                condition=~Q(severity__lte=1) | ~Q(keep_reason=""),
                name="finding_kept_with_reason",
                violation_error_message=_("A grave finding is kept only with a reason."),
            ),
        ]
        triggers = [signed_stays()]

    def __str__(self) -> str:
        """Rule."""
        return self.rule


class PrescriptionReview(models.Model):
    """The pharmacist's decision on one version."""

    prescription = models.OneToOneField(Prescription, on_delete=models.PROTECT, related_name="review")
    is_passed = models.BooleanField()
    reason_code = models.CharField(max_length=30, blank=True, choices=ReturnReason.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    reviewer = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()
    signature = models.CharField(max_length=200)

    class Meta:
        """A return has a reason; a decision stays."""

        constraints = [
            models.CheckConstraint(
                condition=Q(is_passed=True) | ~Q(reason="") & ~Q(reason_code=""),
                name="review_return_has_reason",
            )
        ]
        triggers = [pgtrigger.Protect(name="never_changes", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        """Outcome."""
        return "passed" if self.is_passed else "returned"
