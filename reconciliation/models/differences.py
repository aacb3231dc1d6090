"""A difference, and the entries that tell and mend it; amounts in yuan."""

from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from billing.models import Bill
from insurance.models import Claim, Settlement
from insurance.states import ClaimState
from payments.models import PaymentOrder, Refund
from reconciliation.models.comparisons import Comparison, ComparisonRun
from reconciliation.rules.kinds import Kind, Subject, choices_of
from reconciliation.rules.parts import Parts
from reconciliation.states import DifferenceState

_STATES = [(state.value, state.value) for state in DifferenceState]
OUTCOME_OPEN = (
    ClaimState.SETTLING,
    ClaimState.UNCONFIRMED,
    ClaimState.VOIDING,
    ClaimState.REVERSING,
    ClaimState.REVERSAL_UNCONFIRMED,
)
"""Of a claim: something is on its way, and whether it has happened is not known."""

_ACTIVE = ~Q(state=DifferenceState.CLOSED)


def _amount() -> "models.DecimalField[Decimal | None, Decimal | None]":
    return models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)


class Difference(models.Model):
    """One record that the two sides do not hold alike. What either side says is written by the comparison only."""

    comparison = models.ForeignKey(Comparison, on_delete=models.PROTECT, related_name="differences")
    subject = models.CharField(_("what"), max_length=12, choices=choices_of(Subject))
    key = models.CharField(
        _("number"), max_length=64,
        help_text="setl_id, else our message number; out_trade_no, out_refund_no; number of the bill",
    )  # fmt: skip
    other_key = models.CharField(_("their other number"), max_length=64, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=choices_of(Kind))

    settlement = models.ForeignKey(
        Settlement, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    claim = models.ForeignKey(
        Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="differences"
    )
    order = models.ForeignKey(PaymentOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    refund = models.ForeignKey(Refund, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    bill = models.ForeignKey(Bill, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    our_total, our_fund, our_account, our_cash = _amount(), _amount(), _amount(), _amount()
    their_total, their_fund, their_account, their_cash = _amount(), _amount(), _amount(), _amount()
    our_state = models.CharField(_("status with us"), max_length=40, blank=True)
    their_state = models.CharField(_("status with them"), max_length=40, blank=True)
    remark = models.CharField(_("their remark"), max_length=200, blank=True)

    state = models.CharField(_("state"), max_length=12, choices=_STATES, default=DifferenceState.OPEN)
    taken_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("looked after by"),
    )
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("explained or corrected by"),
    )  # fmt: skip
    needs_second_person = models.BooleanField(
        _("a second person closes it"), default=False, db_default=False, help_text="as of the answer"
    )
    agreed_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("agreed to by"),
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_because = models.CharField(
        max_length=12,
        blank=True,
        help_text="person, vanished (both sides agree), other_day (in another statement)",
    )
    found_at = models.DateTimeField(_("found at"))
    first_run = models.ForeignKey(ComparisonRun, on_delete=models.PROTECT, related_name="+")
    last_run = models.ForeignKey(ComparisonRun, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Each record once in a comparison; an owner where somebody is on it."""

        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["comparison", "subject", "key"], name="difference_once"),
            models.CheckConstraint(
                condition=Q(state__in=[DifferenceState.OPEN, DifferenceState.CLOSED])
                | Q(taken_by__isnull=False),
                name="difference_has_owner",
            ),
            models.CheckConstraint(
                condition=Q(state=DifferenceState.CLOSED, closed_at__isnull=False)
                | Q(_ACTIVE, closed_at__isnull=True, closed_because=""),
                name="difference_closed_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=DifferenceState.CLOSED, closed_because="person", needs_second_person=True)
                | Q(agreed_by__isnull=False, answered_by__isnull=False) & ~Q(agreed_by=F("answered_by")),
                name="difference_two_persons",
            ),
        ]
        indexes = [
            models.Index(fields=["comparison", "state"], name="difference_by_state"),
            models.Index(fields=["subject", "key"], condition=_ACTIVE, name="difference_active"),
        ]

    def __str__(self) -> str:
        """What and which."""
        return f"{self.subject} {self.key}"

    @property
    def ours(self) -> Parts | None:
        """What we hold; None when nothing."""
        return Parts.of(self.our_total, self.our_fund, self.our_account, self.our_cash)

    @property
    def theirs(self) -> Parts | None:
        """What they hold; None when nothing."""
        return Parts.of(self.their_total, self.their_fund, self.their_account, self.their_cash)

    @property
    def gap(self) -> Parts:
        """Theirs less ours: what would have to be booked here for both to be alike."""
        return (self.theirs or Parts.nothing()) - (self.ours or Parts.nothing())

    @property
    def waits_for_second_person(self) -> bool:
        """Explained or corrected, with more at stake than one person answers for."""
        is_answered = self.state in (DifferenceState.EXPLAINED, DifferenceState.CORRECTED)
        return is_answered and self.needs_second_person

    @property
    def outcome_is_open(self) -> bool:
        """Whether our own side still waits to hear what became of it; as of the last comparison, then of now."""
        return self.kind == Kind.UNKNOWN and (self.claim is None or self.claim.state in OUTCOME_OPEN)


class Act(models.TextChoices):
    """What an entry tells."""

    FOUND = "found", _("found")
    CHANGED = "changed", _("changed since")
    TAKEN = "taken", _("taken over")
    RELEASED = "released", _("given back")
    EXPLAINED = "explained", _("explained")
    CORRECTED = "corrected", _("corrected")
    AGREED = "agreed", _("agreed to by a second person")
    REOPENED = "reopened", _("opened again")
    CLOSED = "closed", _("closed")
    DISSOLVED = "dissolved", _("agrees now")


class Way(models.TextChoices):
    """How something wrong is put right."""

    BOOKED_HERE = "booked_here", _("booked with us: their amounts count")
    UNDONE_THERE = "undone_there", _("taken back by them: ours count")
    DONE_THERE = "done_there", _("entered by them: ours count")
    MONEY_MOVED = "money_moved", _("money paid or paid back by another way")


class ReconciliationEntry(models.Model):
    """One line of the ledger of differences, never changed; amounts (yuan) are what it books on our side.

    Opening a difference again takes back what was booked for it.
    """

    difference = models.ForeignKey(Difference, on_delete=models.PROTECT, related_name="entries")
    act = models.CharField(_("act"), max_length=12, choices=Act.choices)
    way = models.CharField(_("way"), max_length=14, choices=Way.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    reference = models.CharField(_("receipt or voucher"), max_length=100, blank=True)
    fund_amount = models.DecimalField(_("fund"), max_digits=14, decimal_places=2, default=0)
    account_amount = models.DecimalField(_("personal account"), max_digits=14, decimal_places=2, default=0)
    cash_amount = models.DecimalField(_("cash"), max_digits=14, decimal_places=2, default=0)
    run = models.ForeignKey(ComparisonRun, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        """Stays as it is; a correction says its way."""

        verbose_name = _("entry of reconciliation")
        verbose_name_plural = _("entries of reconciliation")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(act=Act.CORRECTED) & ~Q(way="")
                | Q(act=Act.AGREED)
                | ~Q(act=Act.CORRECTED) & Q(way=""),
                name="reconciliation_entry_way",
            ),
            models.CheckConstraint(
                condition=Q(way=Way.BOOKED_HERE)
                | Q(act=Act.REOPENED)
                | Q(fund_amount=0, account_amount=0, cash_amount=0),
                name="reconciliation_entry_books",
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_changes", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        """Its act."""
        return self.act
