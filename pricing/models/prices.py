"""Amounts with the scope and the days they hold for."""

from datetime import date
from typing import Any

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from pricing.models.documents import TariffDocument
from pricing.models.items import PriceItem
from pricing.rules.facts import PriceFact
from registry.models import Institution
from registry.models.practitioners import Title


class InsuranceClass(models.TextChoices):
    """Class in the insurance catalogue."""

    A = "01", _("class A (甲)")
    B = "02", _("class B (乙)")
    C = "03", _("class C (丙), self-paid")


class PriceQuerySet(models.QuerySet["Price"]):
    """Sets of prices."""

    def in_force_on(self, day: date) -> "PriceQuerySet":
        """Whose period holds the day."""
        return self.filter(effective__contains=day)

    def same_scope_as(self, price: "Price") -> "PriceQuerySet":
        """For the same item, region, institution, level and title; of any days, the price itself among them."""
        scope: dict[str, Any] = {
            "item": price.item_id,
            "region_code": price.region_code,
            "institution": price.institution_id,
            "institution_level": price.institution_level,
            "title": price.title,
        }
        return self.filter(**scope)


_FACTS = [
    "item", "document", "region_code", "institution", "institution_level", "title", "amount", "insurance_class",
    "self_pay_rate", "recorded_at",
]  # fmt: skip


class Price(models.Model):
    """The amount of one item for one scope over one period (价格), as one document sets it.

    A row says what was the law on its days and never changes: a new amount is a new row from a day on, and
    all that may change of the old one is the day it ends.
    """

    item = models.ForeignKey(
        PriceItem, on_delete=models.PROTECT, related_name="prices", verbose_name=_("item")
    )
    document = models.ForeignKey(
        TariffDocument, on_delete=models.PROTECT, related_name="prices", verbose_name=_("document")
    )

    region_code = models.CharField(
        _("region (GB/T 2260)"), max_length=6, validators=[RegexValidator(r"^\d{6}$", _("Six digits."))]
    )
    institution = models.ForeignKey(
        Institution,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="prices",
        verbose_name=_("institution"),
        help_text=_("Only for the institution's own price."),
    )
    institution_level = models.PositiveSmallIntegerField(
        _("level of institution"), null=True, blank=True, help_text=_("1 to 3; empty for every level.")
    )
    title = models.CharField(
        _("title"),
        max_length=3,
        choices=Title.choices,
        blank=True,
        default="",
        help_text=_("Empty for every title."),
    )

    amount = models.DecimalField(
        _("amount (yuan)"),
        max_digits=16,
        decimal_places=6,
        validators=[MinValueValidator(0, _("A price is never negative."))],
        help_text=_("For one unit. Zero is a price."),
    )
    insurance_class = models.CharField(
        _("insurance class"), max_length=2, choices=InsuranceClass.choices, blank=True, default=""
    )
    self_pay_rate = models.DecimalField(
        _("self-pay rate"),
        max_digits=5,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_(
            "Fraction that the person pays before the fund, e.g. 0.1. Empty when the source does not say."
        ),
    )
    effective = DateRangeField(
        _("in force"), help_text=_("From the first day until the day after the last; the end may stay open.")
    )

    recorded_at = models.DateTimeField(_("recorded at"), editable=False)

    objects = PriceQuerySet.as_manager()

    class Meta:
        """One price for a scope on a day; facts that never change."""

        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["item", "region_code", "title", "effective"]
        indexes = [models.Index(fields=["item", "region_code"], name="price_item_region")]
        constraints = [
            ExclusionConstraint(
                name="price_one_in_force",
                expressions=[
                    ("item", RangeOperators.EQUAL),
                    ("region_code", RangeOperators.EQUAL),
                    (Coalesce("institution", Value(0, models.BigIntegerField())), RangeOperators.EQUAL),
                    (Coalesce("institution_level", Value(0)), RangeOperators.EQUAL),
                    ("title", RangeOperators.EQUAL),
                    ("effective", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "Another price of this item holds on some of these days for the same scope."
                ),
            ),
            models.CheckConstraint(
                condition=Q(effective__isempty=False, effective__startswith__isnull=False),
                name="price_begins",
                violation_error_message=_("A price has a first day and ends after it."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="price_not_negative",
                violation_error_message=_("A price is never negative."),
            ),
            models.CheckConstraint(
                condition=Q(institution_level__isnull=True) | Q(institution_level__range=(1, 3)),
                name="price_level",
                violation_error_message=_("The level of an institution is 1, 2 or 3."),
            ),
            models.CheckConstraint(
                condition=Q(self_pay_rate__isnull=True) | Q(self_pay_rate__range=(0, 1)),
                name="price_self_pay_rate",
                violation_error_message=_("The self-pay rate is a fraction from 0 to 1."),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="facts_never_change", fields=_FACTS),
            pgtrigger.Protect(
                name="first_day_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("lower(OLD.effective) IS DISTINCT FROM lower(NEW.effective)"),
            ),
        ]

    def __str__(self) -> str:
        """Item, amount and first day."""
        return f"{self.item.name} ¥{self.amount:.2f} {self.effective.lower if self.effective else ''}"

    def facts(self) -> PriceFact:
        """What the quote needs of this row; ``item`` and ``document`` must have been selected."""
        return PriceFact(
            item_code=self.item.code,
            amount=self.amount,
            region_code=self.region_code,
            institution_id=self.institution_id,
            institution_level=self.institution_level,
            title=self.title or None,
            insurance_class=self.insurance_class,
            self_pay_rate=self.self_pay_rate,
            begin=self.effective.lower,
            end=self.effective.upper,
            price_id=self.pk,
            document_id=self.document_id,
            document_number=self.document.number,
            document_title=self.document.title,
            document_title_en=self.document.title_en,
            document_issuer=self.document.issuer,
            document_issuer_en=self.document.issuer_en,
            evidence_grade=self.document.evidence,
        )
