"""Bills and their frozen lines."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.rules import asked_again
from billing.states import BillState
from encounters.models import Encounter
from pricing.models import Price, StoredQuote, TariffDocument
from pricing.rules.facts import ServiceLine


class BillPurpose(models.TextChoices):
    """What is charged."""

    CONSULTATION = "consultation", _("consultation fee")
    DRUGS = "drugs", _("medicines")
    CORRECTION = "correction", _("correction of prices")


_STATES = [(state.value, state.value) for state in BillState]


class Bill(models.Model):
    """Priced lines of one encounter and one purpose, and who paid what; amounts in yuan."""

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

    total_amount = models.DecimalField(_("total"), max_digits=12, decimal_places=2)
    fund_amount = models.DecimalField(_("fund"), max_digits=12, decimal_places=2, null=True, blank=True)
    account_amount = models.DecimalField(
        _("personal account"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    cash_amount = models.DecimalField(_("cash"), max_digits=12, decimal_places=2, null=True, blank=True)

    state = models.CharField(_("state"), max_length=20, choices=_STATES, default=BillState.OPEN)
    opened_at = models.DateTimeField(_("opened at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    refunded_at = models.DateTimeField(_("refunded at"), null=True, blank=True)

    class Meta:
        """Parts are all known or all unknown, and sum to the total."""

        verbose_name = _("bill")
        verbose_name_plural = _("bills")
        constraints = [
            models.CheckConstraint(
                condition=Q(fund_amount__isnull=True, account_amount__isnull=True, cash_amount__isnull=True)
                | Q(
                    total_amount=F("fund_amount") + F("account_amount") + F("cash_amount"),
                    fund_amount__isnull=False,
                    account_amount__isnull=False,
                    cash_amount__isnull=False,
                ),
                name="bill_parts_sum",
            ),
            models.CheckConstraint(condition=Q(total_amount__gte=0), name="bill_not_negative"),
        ]
        indexes = [
            models.Index(fields=["settled_at"], name="bill_settled_on_a_day"),
            models.Index(fields=["refunded_at"], name="bill_refunded_on_a_day"),
        ]

    def __str__(self) -> str:
        """Its number."""
        return self.number


_FROZEN = [
    "bill", "number", "item_code", "name", "name_en", "quantity", "unit", "unit_price", "amount", "price",
    "document", "insurance_code", "insurance_class", "steps",
    "asked",
]  # fmt: skip


class FeeDetail(models.Model):
    """A line as it was priced when charged; what set its price never changes afterwards.

    Of the bill's parts it carries its share (yuan): shares of all lines sum to the bill's parts.
    """

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveSmallIntegerField()
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

    fund_amount = models.DecimalField(_("fund"), max_digits=12, decimal_places=2, null=True, blank=True)
    account_amount = models.DecimalField(
        _("personal account"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    cash_amount = models.DecimalField(_("cash"), max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        """Ordered; what was priced is read-only in the database."""

        verbose_name = _("fee detail")
        verbose_name_plural = _("fee details")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["bill", "number"], name="fee_detail_number_once")]
        triggers = [
            pgtrigger.ReadOnly(name="frozen", fields=_FROZEN),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        """Name and amount."""
        return f"{self.name} {self.amount}"

    def service_line(self) -> ServiceLine:
        """What was asked, to be priced once more; its reference is the number of the line."""
        return asked_again(self.number, self.item_code, self.quantity, self.asked)
