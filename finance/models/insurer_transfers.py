"""What the insurance has transferred for a month; amounts in yuan."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from finance.states import InsurerTransferState
from registry.models import Institution

_STATES = [(state.value, state.value) for state in InsurerTransferState]
_FROZEN = [
    "number", "institution", "agency", "month", "amount", "owed_amount", "reference", "arrived_on", "rest",
    "explanation", "entered_by", "entered_at",
]  # fmt: skip


class Rest(models.TextChoices):
    """What becomes of the difference between what was owed and what arrived."""

    NONE = "", _("nothing differs")
    OWED = "owed", _("it is still owed, e.g. kept back as a deposit for quality")
    FINAL = "final", _("it will not come, or is more than was owed")


class InsurerTransfer(models.Model):
    """Money that an agency has transferred for what it settled in a month; one person enters it, another books it."""

    number = models.CharField(_("transfer number"), max_length=30, unique=True)
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="+", verbose_name=_("institution")
    )
    agency = models.CharField(_("agency"), max_length=6, help_text="clr_optins")
    month = models.DateField(_("month"), help_text="its first day")
    amount = models.DecimalField(_("amount that arrived"), max_digits=14, decimal_places=2)
    reference = models.CharField(_("number at the bank"), max_length=100)
    arrived_on = models.DateField(_("day on the bank statement"))

    owed_amount = models.DecimalField(_("owed for the month"), max_digits=14, decimal_places=2)
    rest = models.CharField(
        _("what becomes of the difference"), max_length=10, choices=Rest.choices, blank=True
    )
    explanation = models.CharField(_("why it differs"), max_length=300, blank=True)

    state = models.CharField(_("state"), max_length=10, choices=_STATES, default=InsurerTransferState.ENTERED)
    withdraw_reason = models.CharField(_("why it is withdrawn"), max_length=300, blank=True)

    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("entered at"))
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        """Two persons; one open for an agency and month; a number at the bank once; a difference is explained."""

        verbose_name = _("transfer of the insurance")
        verbose_name_plural = _("transfers of the insurance")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="insurer_transfer_positive"),
            models.CheckConstraint(condition=Q(month__day=1), name="insurer_transfer_of_a_month"),
            models.CheckConstraint(
                condition=Q(amount=F("owed_amount"), rest="") | ~Q(explanation="") & ~Q(rest=""),
                name="insurer_transfer_explained",
            ),
            models.CheckConstraint(
                condition=~Q(state=InsurerTransferState.BOOKED)
                | Q(ended_by__isnull=False) & ~Q(ended_by=F("entered_by")),
                name="insurer_transfer_two_persons",
            ),
            models.UniqueConstraint(
                fields=["institution", "agency", "month"],
                condition=Q(state=InsurerTransferState.ENTERED),
                name="insurer_transfer_one_open",
            ),
            models.UniqueConstraint(
                fields=["institution", "reference"],
                condition=~Q(state=InsurerTransferState.WITHDRAWN),
                name="insurer_transfer_reference_once",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="frozen", fields=_FROZEN),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="ended_for_good",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state=InsurerTransferState.ENTERED),
            ),
        ]

    def __str__(self) -> str:
        """Its number."""
        return self.number


class InsurerTransferLine(models.Model):
    """What a transfer pays of one account of the books."""

    transfer = models.ForeignKey(InsurerTransfer, on_delete=models.PROTECT, related_name="lines")
    month = models.DateField(
        _("month"),
        null=True,
        blank=True,
        help_text="first day of another month that it settles, too; empty: its own",
    )
    region = models.CharField(_("region"), max_length=6, help_text="GB/T 2260")
    payer = models.CharField(_("from"), max_length=10, help_text="fund, account, family")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta:
        """Each account once for a month."""

        verbose_name = _("part of a transfer")
        verbose_name_plural = _("parts of transfers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["transfer", "month", "region", "payer"],
                name="insurer_transfer_line_once",
                nulls_distinct=False,
            )
        ]
        triggers = [pgtrigger.Protect(name="never_changes", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        """Whose."""
        return f"{self.region} {self.payer}"
