"""A claim for one bill, and the settlements the insurer made of it."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from billing.models import Bill
from insurance.models.registrations import VisitRegistration
from insurance.states import ClaimState
from registry.models import Institution

_STATES = [(state.value, state.value) for state in ClaimState]


class Route(models.TextChoices):
    """By which way the insurer is spoken to."""

    CORE = "core", _("settlement interface (2207)")
    MOBILE = "mobile", _("mobile payment (6202)")


class Claim(models.Model):
    """What is asked of the insurer for one bill; amounts in yuan.

    A bill of which a line was given back is settled again: the claim of all lines is reversed, and a second claim that
    ``replaces`` it leaves ``returned_lines`` out, and of others settles the ``kept_quantities`` only.
    """

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="claims")
    registration = models.ForeignKey(VisitRegistration, on_delete=models.PROTECT, related_name="claims")
    batch_number = models.CharField(_("charge batch"), max_length=30, unique=True)

    route = models.CharField(_("way"), max_length=10, choices=Route.choices, default=Route.CORE)
    returned_lines = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name=_("lines left out"),
        help_text="numbers of the bill's lines that were given back wholly",
    )  # fmt: skip
    kept_quantities = models.JSONField(
        _("lines left in part"), default=dict, blank=True, db_default=Value({}, models.JSONField()),
        help_text="line number -> units that stay, as text, of lines that were given back in part",
    )  # fmt: skip
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by",
        verbose_name=_("settles again"),
    )  # fmt: skip

    disease_code = models.CharField(
        _("chronic disease"), max_length=30, blank=True, default="", db_default="",
        help_text="dise_codg of the filing under which it is settled; empty for an ordinary visit",
    )  # fmt: skip
    disease_name = models.CharField(
        _("name of the chronic disease"), max_length=300, blank=True, default="", db_default=""
    )

    uploaded_at = models.DateTimeField(null=True, blank=True, help_text="2204 answered for all lines")
    full_own_pay_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    over_limit_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    first_self_pay_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    in_scope_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    line_scopes = models.JSONField(default=dict, help_text="line number -> in-scope amount, from 2204")

    fund_amount = models.DecimalField(_("fund"), max_digits=12, decimal_places=2, null=True, blank=True)
    account_amount = models.DecimalField(
        _("personal account"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    cash_amount = models.DecimalField(_("cash"), max_digits=12, decimal_places=2, null=True, blank=True)
    mutual_aid_amount = models.DecimalField(
        _("of the account's part, from a family account"),
        max_digits=12, decimal_places=2, null=True, blank=True,
    )  # fmt: skip

    state = models.CharField(_("state"), max_length=30, choices=_STATES, default=ClaimState.DRAFT)
    settle_msgid = models.CharField(
        _("number of the settling message"), max_length=30, unique=True, null=True, blank=True
    )
    reverse_msgid = models.CharField(
        _("number of the reversing message"), max_length=30, unique=True, null=True, blank=True
    )
    void_msgid = models.CharField(
        _("number of the message that undoes the settling one"),
        max_length=30, unique=True, null=True, blank=True,
    )  # fmt: skip
    refusal = models.CharField(_("refusal"), max_length=500, blank=True)
    unknown_since = models.DateTimeField(_("outcome unknown since"), null=True, blank=True)
    next_ask_at = models.DateTimeField(
        _("asked again at"), null=True, blank=True, db_index=True,
        help_text="by the written schedule; empty while nothing is open, or when a person must decide",
    )  # fmt: skip
    needs_person_since = models.DateTimeField(_("waits for a person since"), null=True, blank=True)
    person_reason = models.CharField(_("why a person must look"), max_length=300, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("looked after by"),
    )  # fmt: skip
    asked_times = models.PositiveIntegerField(_("times asked"), default=0)
    last_asked_at = models.DateTimeField(_("last asked at"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)

    class Meta:
        """At most one live claim for a bill."""

        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [
            models.UniqueConstraint(
                fields=["bill"],
                condition=~Q(state__in=["declined", "abandoned", "reversed", "voided"]),
                name="claim_one_live",
            )
        ]

    def __str__(self) -> str:
        """Its batch."""
        return self.batch_number

    def scope_by_line(self) -> dict[int, Decimal]:
        """Line number of the bill -> yuan that the insurance recognises (2204)."""
        return {int(number): Decimal(amount) for number, amount in self.line_scopes.items()}

    def kept_of(self, number: int, charged: Decimal) -> Decimal:
        """Units of a line that this claim settles, of as many as were charged."""
        if number in self.returned_lines:
            return Decimal(0)
        return Decimal(self.kept_quantities.get(str(number), charged))


class Settlement(models.Model):
    """One settlement at the insurer, or its reversal with negative amounts; never changed."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="settlements")
    number = models.CharField(_("settlement number at the insurer"), max_length=30)
    msgid = models.CharField(_("message number"), max_length=30, unique=True)
    reverses = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversal"
    )
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    insurance_type = models.CharField(max_length=6, blank=True, help_text="insutype")
    clearing_type = models.CharField(max_length=6, blank=True, help_text="clr_type")
    clearing_way = models.CharField(max_length=6, blank=True, help_text="clr_way")
    clearing_agency = models.CharField(max_length=6, blank=True, help_text="clr_optins, setl_optins of 3201")
    insured_region = models.CharField(max_length=6, blank=True)
    total_amount = models.DecimalField(_("total"), max_digits=12, decimal_places=2)
    fund_amount = models.DecimalField(_("fund"), max_digits=12, decimal_places=2)
    account_amount = models.DecimalField(_("personal account"), max_digits=12, decimal_places=2)
    cash_amount = models.DecimalField(_("cash"), max_digits=12, decimal_places=2)
    mutual_aid_amount = models.DecimalField(
        _("of the account's part, from a family account"), max_digits=12, decimal_places=2, default=0
    )
    account_balance = models.DecimalField(
        _("balance of the account afterwards"), max_digits=12, decimal_places=2, null=True
    )
    settled_at = models.DateTimeField(_("settled at"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        """Exactly one settlement of a claim, once a number in a pooling area; parts sum; rows stay as they are."""

        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")
        indexes = [models.Index(fields=["institution", "settled_at"], name="settlement_of_a_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(reverses__isnull=True), name="settlement_once_per_claim"
            ),
            # Each pooling area counts for itself: two of them may give the same number.
            models.UniqueConstraint(fields=["number", "insured_region"], name="settlement_number_of_an_area"),
            models.CheckConstraint(
                condition=Q(total_amount=F("fund_amount") + F("account_amount") + F("cash_amount")),
                name="settlement_parts_sum",
            ),
            models.CheckConstraint(condition=~Q(number=""), name="settlement_has_a_number"),
        ]
        triggers = [pgtrigger.Protect(name="never_changes", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        """Its number."""
        return self.number
