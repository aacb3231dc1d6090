"""Traceability codes of packs handed out, and what the insurer is told after the visit."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from encounters.models import Encounter
from prescriptions.models.prescriptions import PrescriptionLine
from prescriptions.states import ReportState
from registry.models import Practitioner

_STATES = [(state.value, state.value) for state in ReportState]


class PackCode(models.Model):
    """The traceability code (药品追溯码) of one pack that was handed out; a pack is sold once.

    A pack that came back is destroyed, never sold again: its code stays taken.
    """

    code = models.CharField(_("traceability code"), max_length=30, unique=True)
    line = models.ForeignKey(PrescriptionLine, on_delete=models.PROTECT, related_name="packs_handed_out")
    lot_number = models.CharField(_("lot number"), max_length=30, blank=True)
    made_on = models.DateField(_("made on"), null=True, blank=True)
    expires_on = models.DateField(_("good until"), null=True, blank=True)
    sold_at = models.DateTimeField(_("handed out at"))
    sold_by = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField(_("came back at"), null=True, blank=True)
    returned_by = models.ForeignKey(
        Practitioner, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    return_reason = models.CharField(_("why it came back"), max_length=200, blank=True)

    class Meta:
        """A return says why and by whom; a code is never removed."""

        verbose_name = _("traceability code of a pack")
        verbose_name_plural = _("traceability codes of packs")
        ordering = ["line", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True, returned_by__isnull=True, return_reason="")
                | Q(returned_at__isnull=False, returned_by__isnull=False) & ~Q(return_reason=""),
                name="packcode_return_whole",
            )
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        """Code."""
        return self.code


class ReportKind(models.TextChoices):
    """What the insurer is told."""

    CARE = "4301", _("record of the visit (4301)")
    SALE = "3505", _("medicine handed out (3505)")
    RETURN = "3506", _("medicine that came back (3506)")


class InsurerReport(models.Model):
    """Something the insurer is told once; the messages are kept with the visit's."""

    kind = models.CharField(_("kind"), max_length=4, choices=ReportKind.choices)
    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="insurer_reports")
    line = models.ForeignKey(
        PrescriptionLine, null=True, blank=True, on_delete=models.PROTECT, related_name="insurer_reports"
    )
    codes = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    msgid = models.CharField(_("message number"), max_length=30, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=_STATES, default=ReportState.WAITING)
    error_text = models.CharField(_("what went wrong"), max_length=500, blank=True)
    silent_since = models.DateTimeField(null=True, blank=True)
    next_ask_at = models.DateTimeField(null=True, blank=True)
    needs_person_since = models.DateTimeField(
        _("waits for a person since"), null=True, blank=True,
        help_text="no answer within the time it is asked about by itself",
    )  # fmt: skip
    busy_until = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(_("since"))
    reported_at = models.DateTimeField(_("told at"), null=True, blank=True)

    class Meta:
        """The record of a visit once, the sale of a line once; a return may follow in parts."""

        verbose_name = _("report to the insurer")
        verbose_name_plural = _("reports to the insurer")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["next_ask_at"], name="report_due", condition=Q(state__in=["waiting", "unanswered"])
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["encounter"], condition=Q(kind="4301"), name="report_care_once"),
            models.UniqueConstraint(fields=["line"], condition=Q(kind="3505"), name="report_sale_once"),
            models.CheckConstraint(
                condition=Q(kind="4301", line__isnull=True) | ~Q(kind="4301") & Q(line__isnull=False),
                name="report_of_a_line",
            ),
        ]

    def __str__(self) -> str:
        """Kind."""
        return self.kind
