"""What was charged by prices that turned out to have been others, and what is done about it."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from billing.models import Bill, FeeDetail
from billing.rules import Parts
from pricing.models import Price, PriceRevision, TariffDocument
from repricing.states import BatchState, PaybackState

_BATCH_STATES = [(state.value, state.value) for state in BatchState]
_PAYBACK_STATES = [(state.value, state.value) for state in PaybackState]


class Burden(models.TextChoices):
    """Who bears what a corrected price would have brought in more."""

    HOSPITAL = "hospital", _("the hospital")
    PATIENT = "patient", _("the patient and her insurance, by a supplementary bill")


class CorrectionBatch(models.Model):
    """The charges that a corrected revision touches, as a list that two persons have looked at."""

    number = models.CharField(_("number"), max_length=30, unique=True)
    revision = models.ForeignKey(
        PriceRevision, on_delete=models.PROTECT, related_name="corrections", verbose_name=_("price revision")
    )
    increases_borne_by = models.CharField(
        _("who bears increases"), max_length=10, choices=Burden.choices, default=Burden.HOSPITAL
    )

    state = models.CharField(_("state"), max_length=20, choices=_BATCH_STATES, default=BatchState.COLLECTING)
    cursor = models.JSONField(default=list, help_text="patient, day and id of the last encounter looked at")
    looked_at_count = models.PositiveIntegerField(_("charges looked at"), default=0)
    unsettled_count = models.PositiveIntegerField(
        _("charges of bills that are not settled"), default=0, help_text="when they were collected"
    )

    drafted_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Who changed the list last; another person reviews it."),
    )
    drafted_at = models.DateTimeField(_("drafted at"))
    reviewed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    carried_out_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    carried_out_at = models.DateTimeField(_("carried out at"), null=True, blank=True)

    class Meta:
        """One open batch for a revision; who drafted does not review."""

        verbose_name = _("batch of corrections")
        verbose_name_plural = _("batches of corrections")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["revision"],
                condition=~Q(state__in=[BatchState.CARRIED_OUT, BatchState.ABANDONED]),
                name="correction_batch_one_open",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True)
                | Q(drafted_by__isnull=True)
                | ~Q(reviewed_by=F("drafted_by")),
                name="correction_batch_two_persons",
                violation_error_message=_("Who drafted the corrections does not review them."),
            ),
        ]

    def __str__(self) -> str:
        """Its number."""
        return self.number


class CorrectionLine(models.Model):
    """One charge whose price should have been another; amounts in yuan, by payer as an estimate.

    ``standing_*`` is what the payers have been charged so far: the line as it was charged, with the corrections that
    were carried out before. The three differences sum to ``difference_amount`` exactly.
    """

    batch = models.ForeignKey(CorrectionBatch, on_delete=models.CASCADE, related_name="lines")
    charge = models.ForeignKey(FeeDetail, on_delete=models.PROTECT, related_name="corrections")

    standing_amount = models.DecimalField(_("charged so far"), max_digits=12, decimal_places=2)
    right_amount = models.DecimalField(_("right amount"), max_digits=12, decimal_places=2, null=True)
    difference_amount = models.DecimalField(_("difference"), max_digits=12, decimal_places=2, default=0)
    fund_difference = models.DecimalField(_("fund"), max_digits=12, decimal_places=2, default=0)
    account_difference = models.DecimalField(
        _("personal account"), max_digits=12, decimal_places=2, default=0
    )
    cash_difference = models.DecimalField(_("cash"), max_digits=12, decimal_places=2, default=0)
    price = models.ForeignKey(Price, null=True, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(TariffDocument, null=True, on_delete=models.PROTECT, related_name="+")
    refusal = models.CharField(_("why there is no right amount"), max_length=40, blank=True)

    left_out_reason = models.CharField(_("left out because"), max_length=200, blank=True)
    left_out_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    is_borne_by_hospital = models.BooleanField(_("borne by the hospital"), default=False)
    supplementary_bill = models.ForeignKey(
        Bill, null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )
    carried_out_at = models.DateTimeField(_("carried out at"), null=True, blank=True)
    skipped = models.CharField(_("why nothing was done"), max_length=20, blank=True)

    class Meta:
        """Each charge once in a batch; differences sum, and none is zero."""

        verbose_name = _("correction of a charge")
        verbose_name_plural = _("corrections of charges")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "charge"], name="correction_line_once"),
            models.CheckConstraint(
                condition=Q(
                    difference_amount=F("fund_difference") + F("account_difference") + F("cash_difference")
                ),
                name="correction_line_parts_sum",
            ),
            models.CheckConstraint(
                condition=Q(right_amount__isnull=True, difference_amount=0) & ~Q(refusal="")
                | Q(right_amount=F("standing_amount") + F("difference_amount"), refusal="")
                & ~Q(difference_amount=0),
                name="correction_line_differs",
            ),
            models.CheckConstraint(
                condition=Q(carried_out_at__isnull=True) | Q(refusal="", left_out_reason="", skipped=""),
                name="correction_line_carried_out",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="carried_out_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__carried_out_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        """Its difference."""
        return f"{self.charge_id}: {self.difference_amount}"

    @property
    def parts(self) -> Parts:
        """The difference by payer."""
        return Parts(self.fund_difference, self.account_difference, self.cash_difference)


class Payback(models.Model):
    """Her cash share of what was charged too much.

    The channel by which she paid gives it back. Where that is not possible the money office pays it back by its own
    ways and notes its receipt here.
    """

    batch = models.ForeignKey(CorrectionBatch, on_delete=models.PROTECT, related_name="paybacks")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="paybacks")
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)

    state = models.CharField(
        _("state"), max_length=20, choices=_PAYBACK_STATES, default=PaybackState.REQUESTED
    )
    receipt = models.CharField(_("receipt"), max_length=100, blank=True)
    requested_at = models.DateTimeField(_("requested at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    paid_back_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """One for a bill and batch, more than nothing; paid back with a receipt."""

        verbose_name = _("payback")
        verbose_name_plural = _("paybacks")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "bill"], name="payback_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payback_positive"),
            models.CheckConstraint(
                condition=~Q(state=PaybackState.PAID_BACK) | ~Q(receipt=""), name="payback_receipt"
            ),
        ]

    def __str__(self) -> str:
        """Bill and amount."""
        return f"{self.bill_id}: {self.amount}"
