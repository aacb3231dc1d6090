"""Bills and their frozen lines."""

from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.sums import payers_stay, returns_within_charged, sums_of_bill
from billing.rules import PAYERS, Parts, asked_again
from billing.states import BillState
from encounters.models import Encounter
from kernel.money import ZERO
from kernel.protection import never_emptied
from pricing.models import Price, SharingAgreement, StoredQuote, TariffDocument
from pricing.rules.facts import ServiceLine


class BillPurpose(models.TextChoices):
    """What is charged."""

    CONSULTATION = "consultation", _("consultation fee")
    DRUGS = "drugs", _("medicines")
    CORRECTION = "correction", _("correction of prices")
    RETURN = "return", _("lines given back")


_STATES = [(state.value, state.value) for state in BillState]
_COLUMNS = [f"{payer}_amount" for payer in PAYERS]
_NO_PART_KNOWN = Q(**{f"{column}__isnull": True for column in _COLUMNS})
_EVERY_PART_KNOWN = Q(**{f"{column}__isnull": False for column in _COLUMNS})


def _parts_sum_to(total: str) -> Q:
    """Nothing is known of who pays, or all of it, and the parts sum to the column ``total``."""
    parts = F("fund_amount") + F("account_amount") + F("family_amount") + F("institution_amount")
    return _NO_PART_KNOWN | _EVERY_PART_KNOWN & Q(**{total: parts + F("cash_amount")})


class PaidByParts(models.Model):
    """Who pays how much, in yuan: every payer is known, or none."""

    fund_amount = models.DecimalField(_("fund"), max_digits=12, decimal_places=2, null=True, blank=True)
    account_amount = models.DecimalField(
        _("personal account"), max_digits=12, decimal_places=2, null=True, blank=True,
        help_text="her own, without those of her family",
    )  # fmt: skip
    family_amount = models.DecimalField(
        _("family's accounts"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    institution_amount = models.DecimalField(
        _("borne by the hospital"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    cash_amount = models.DecimalField(_("cash"), max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        """Columns only."""

        abstract = True

    @property
    def parts(self) -> Parts | None:
        """Who pays how much; None while that is not known."""
        known = {payer: getattr(self, f"{payer}_amount") for payer in PAYERS}
        return None if None in known.values() else Parts(**known)

    @property
    def accounts_amount(self) -> Decimal | None:
        """Her own account and those of her family together; None while that is not known."""
        if self.account_amount is None:
            return None
        return self.account_amount + (self.family_amount or ZERO)

    def say_parts(self, parts: Parts) -> None:
        """Put the parts on the row, unsaved."""
        for payer, amount in parts.each().items():
            setattr(self, f"{payer}_amount", amount)


_BILL_FROZEN = [
    "number", "encounter", "purpose", "stored_quote", "sharing", "reverses", "reason", "total_amount", "opened_at",
]  # fmt: skip


class Bill(PaidByParts):
    """Priced lines of one encounter for one payer path, and who paid what; amounts in yuan.

    A return bill ``reverses`` another one: its lines and parts are negative, and the bill that it reverses stays as it
    was charged. What stands is the sum of both (``billing.queries.standing_parts``).
    """

    number = models.CharField(_("bill number"), max_length=30, unique=True)
    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="bills")
    purpose = models.CharField(_("purpose"), max_length=20, choices=BillPurpose.choices)
    stored_quote = models.ForeignKey(
        StoredQuote,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="bills",
        verbose_name=_("stored quote"),
        help_text=_("What it was priced by; gives the same lines again."),
    )

    sharing = models.ForeignKey(
        SharingAgreement, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("shared by"), help_text="the agreement by which a remote service is shared",
    )  # fmt: skip
    reverses = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="returns",
        verbose_name=_("gives back of"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True, help_text="why lines were given back")

    total_amount = models.DecimalField(_("total"), max_digits=12, decimal_places=2)
    state = models.CharField(_("state"), max_length=20, choices=_STATES, default=BillState.OPEN)
    opened_at = models.DateTimeField(_("opened at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    refunded_at = models.DateTimeField(_("refunded at"), null=True, blank=True)

    class Meta:
        """Parts are all known or all unknown, and sum to the total."""

        verbose_name = _("bill")
        verbose_name_plural = _("bills")
        constraints = [
            models.CheckConstraint(condition=_parts_sum_to("total_amount"), name="bill_parts_sum"),
            models.CheckConstraint(
                condition=Q(purpose=BillPurpose.RETURN, reverses__isnull=False, total_amount__lte=0)
                | ~Q(purpose=BillPurpose.RETURN) & Q(reverses__isnull=True, total_amount__gte=0),
                name="bill_only_returns_are_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["settled_at"], name="bill_settled_on_a_day"),
            models.Index(fields=["refunded_at"], name="bill_refunded_on_a_day"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="frozen", fields=_BILL_FROZEN),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            never_emptied("billing"),
            payers_stay("OLD.state IN ('settled', 'refunded')", "payers_of_paid_stay"),
            sums_of_bill("NEW.id", "parts_of_lines"),
        ]

    def __str__(self) -> str:
        """Its number."""
        return self.number


_FROZEN = [
    "bill", "number", "item_code", "name", "name_en", "specification", "quantity", "unit", "unit_price", "amount",
    "price", "document", "insurance_code", "insurance_class", "steps", "asked", "reverses",
]  # fmt: skip


class FeeDetail(PaidByParts):
    """A line as it was priced when charged; what set its price never changes afterwards.

    Of the bill's parts it carries its share (yuan): shares of all lines sum to the bill's parts. A line of a return bill
    ``reverses`` the line it gives back.
    """

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveSmallIntegerField(help_text="a line that is given back keeps its number")
    reverses = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="returns"
    )
    item_code = models.CharField(max_length=50)
    name = models.CharField(max_length=150)
    name_en = models.CharField(max_length=200)
    specification = models.CharField(max_length=100, blank=True)
    quantity = models.DecimalField(max_digits=14, decimal_places=4)
    unit = models.CharField(max_length=20)
    unit_price = models.DecimalField(max_digits=16, decimal_places=6)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    price = models.ForeignKey(Price, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(TariffDocument, on_delete=models.PROTECT, related_name="+")
    steps = models.JSONField(default=list, help_text="how the amount came about: [{text, text_en, amount}]")
    insurance_code = models.CharField(max_length=50, blank=True)
    insurance_class = models.CharField(max_length=2, blank=True)
    asked = models.JSONField(
        default=dict,
        blank=True,
        help_text="what was asked beyond item and quantity, as text: see billing.rules.asked_beyond",
    )

    class Meta:
        """Ordered; what was priced is read-only in the database."""

        verbose_name = _("fee detail")
        verbose_name_plural = _("fee details")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["bill", "number"], name="fee_detail_number_once"),
            models.CheckConstraint(condition=_parts_sum_to("amount"), name="fee_detail_parts_sum"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="frozen", fields=_FROZEN),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            never_emptied("billing"),
            payers_stay(
                "EXISTS (SELECT 1 FROM billing_bill WHERE id = OLD.bill_id AND state IN ('settled', 'refunded'))",
                "payers_of_paid_stay",
            ),
            sums_of_bill("NEW.bill_id", "parts_of_bill"),
            returns_within_charged(),
        ]

    def __str__(self) -> str:
        """Name and amount."""
        return f"{self.name} {self.amount}"

    def service_line(self) -> ServiceLine:
        """What was asked, to be priced once more; its reference is the number of the line."""
        return asked_again(self.number, self.item_code, self.quantity, self.asked)
