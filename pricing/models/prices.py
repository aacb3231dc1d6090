"""Amounts with the scope and the days they hold for."""

from datetime import date, datetime

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from pricing.models.amounts import AgeRange, KnownRange
from pricing.models.columns import SCOPE, TERMS, PriceColumns, checks
from pricing.models.documents import TariffDocument
from pricing.models.items import PriceItem
from pricing.models.reading import PRICE_COLUMNS, price_fact, value_at
from pricing.rules.facts import PriceFact


class PriceQuerySet(models.QuerySet["Price"]):
    """Sets of prices."""

    def in_force_on(self, day: date) -> "PriceQuerySet":
        """Whose period holds the day, as known now."""
        return self.known().filter(effective__contains=day)

    def known(self, at: datetime | None = None) -> "PriceQuerySet":
        """What was known at a moment; None for now."""
        if at is None:
            return self.filter(retracted_at__isnull=True)
        return self.filter(Q(retracted_at__isnull=True) | Q(retracted_at__gt=at), recorded_at__lte=at)

    def same_scope_as(self, price: "Price") -> "PriceQuerySet":
        """As known now, for the same item and scope; of any days, the price itself among them."""
        return self.known().filter(item=price.item_id, **{name: getattr(price, name) for name in SCOPE})


_FACTS = [
    "item", "document", "effective", "recorded_at",
    *(name.removesuffix("_id") for name in (*SCOPE, *TERMS)),
]  # fmt: skip


class Price(PriceColumns):
    """The amount of one item for one scope over one period (价格), as one document sets it.

    A row says what was the law on its days, as known from ``recorded_at`` until ``retracted_at``, and never
    changes otherwise: a new amount, and a new last day, are new rows, and the row they replace is retracted.
    """

    item = models.ForeignKey(
        PriceItem, on_delete=models.PROTECT, related_name="prices", verbose_name=_("item")
    )
    document = models.ForeignKey(
        TariffDocument, on_delete=models.PROTECT, related_name="prices", verbose_name=_("document")
    )

    effective = DateRangeField(
        _("in force"), help_text=_("From the first day until the day after the last; the end may stay open.")
    )

    recorded_at = models.DateTimeField(_("recorded at"), editable=False)
    retracted_at = models.DateTimeField(
        _("known until"),
        null=True,
        blank=True,
        editable=False,
        help_text=_(
            "When a later document or a correction replaced what this row says; empty while it is known."
        ),
    )

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
                    ("institution_grade", RangeOperators.EQUAL),
                    ("price_zone", RangeOperators.EQUAL),
                    ("ownership", RangeOperators.EQUAL),
                    ("department", RangeOperators.EQUAL),
                    ("condition", RangeOperators.EQUAL),
                    ("title", RangeOperators.EQUAL),
                    (AgeRange("age_from", "age_to"), RangeOperators.OVERLAPS),
                    ("effective", RangeOperators.OVERLAPS),
                    (KnownRange("recorded_at", "retracted_at"), RangeOperators.OVERLAPS),
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
                condition=Q(retracted_at__isnull=True) | Q(retracted_at__gte=F("recorded_at")),
                name="price_known",
                violation_error_message=_("A price is not retracted before it was recorded."),
            ),
            *checks("price"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="facts_never_change", fields=_FACTS),
            pgtrigger.Protect(
                name="retracted_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__retracted_at__isnull=False),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        """Item, amount and first day."""
        shown = "" if self.amount is None else f" ¥{self.amount:.2f}"
        return f"{self.item.name}{shown} {self.effective.lower if self.effective else ''}"

    def facts(self) -> PriceFact:
        """What the quote needs of this row; ``item``, ``base_item`` and ``document`` must have been selected."""
        return price_fact({name: value_at(self, column) for name, column in PRICE_COLUMNS.items()})
