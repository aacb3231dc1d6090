"""The hospital's drug catalogue."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from prescriptions.models.choices import (
    DoseUnit,
    EvidenceGrade,
    Form,
    Pack,
    Route,
    SpecialClass,
    Timing,
    Unit,
)
from prescriptions.rules.facts import DrugFacts
from pricing.models import PriceItem
from pricing.rules.search import search_key


class DrugQuerySet(models.QuerySet["Drug"]):
    """Sets of drugs."""

    def selectable(self) -> "DrugQuerySet":
        """What a doctor may choose online: in the catalogue and of no special class (P-01)."""
        return self.filter(is_active=True, special_class="")

    def matching(self, words: str) -> "DrugQuerySet":
        """Whose names, pinyin, initials or code hold every word."""
        found = self
        for word in words.lower().split():
            found = found.filter(search_key__contains=word)
        return found


class Drug(models.Model):
    """One product in one pack; its price is that of its price item on the day."""

    code = models.CharField(_("code"), max_length=50, unique=True)
    item = models.OneToOneField(
        PriceItem, null=True, blank=True, on_delete=models.PROTECT, related_name="drug",
        verbose_name=_("price item"), help_text=_("Without one the drug cannot be charged, so not be prescribed."),
    )  # fmt: skip
    generic_name = models.CharField(_("generic name"), max_length=100)
    generic_name_en = models.CharField(_("generic name in English"), max_length=150)
    ingredients = ArrayField(models.CharField(max_length=60), verbose_name=_("active ingredients"))
    class_code = models.CharField(_("class (ATC-like)"), max_length=12)
    form = models.CharField(_("dosage form"), max_length=30, choices=Form.choices)
    strength = models.CharField(_("strength"), max_length=50)
    search_key = models.CharField(max_length=700, editable=False)

    dose_per_unit = models.DecimalField(_("dose in one unit"), max_digits=10, decimal_places=4)
    dose_unit = models.CharField(_("unit of dose"), max_length=10, choices=DoseUnit.choices)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit.choices)
    units_per_pack = models.PositiveIntegerField(_("units in a pack"))
    pack = models.CharField(_("pack"), max_length=10, choices=Pack.choices, default=Pack.BOX)
    route = models.CharField(_("route"), max_length=20, choices=Route.choices, default=Route.ORAL)
    is_divisible = models.BooleanField(_("may be halved"), default=False)

    usual_dose = models.DecimalField(_("usual single dose"), max_digits=10, decimal_places=4)
    usual_frequency = models.CharField(_("usual frequency"), max_length=10)
    usual_timing = models.CharField(_("usual time"), max_length=20, choices=Timing.choices, blank=True)
    max_dose = models.DecimalField(_("highest dose"), max_digits=10, decimal_places=4, null=True, blank=True)
    max_dose_days = models.PositiveSmallIntegerField(_("in how many days"), default=1)
    dose_source = models.CharField(_("source of the dose limits"), max_length=200)
    dose_grade = models.CharField(_("evidence"), max_length=2, choices=EvidenceGrade.choices)

    special_class = models.CharField(
        _("special class"), max_length=20, choices=SpecialClass.choices, blank=True
    )
    is_cold_chain = models.BooleanField(_("cold chain"), default=False)
    allows_long_term = models.BooleanField(_("fit for long-term prescriptions"), default=True)
    for_men_only = models.BooleanField(_("for men only"), default=False)

    stock = models.PositiveIntegerField(_("packs in stock"), default=0)
    reserved = models.PositiveIntegerField(
        _("packs promised to passed prescriptions"), default=0, editable=False
    )
    is_active = models.BooleanField(_("in the catalogue"), default=True)

    objects = DrugQuerySet.as_manager()

    class Meta:
        """Searchable by name, pinyin and code; no more is promised than is there."""

        verbose_name = _("drug")
        verbose_name_plural = _("drugs")
        ordering = ["pk"]
        indexes = [GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="drug_search")]
        constraints = [
            models.CheckConstraint(
                condition=Q(reserved__lte=F("stock")),
                name="drug_reserved_in_stock",
                violation_error_message=_("More packs are promised than are in stock."),
            ),
            models.CheckConstraint(
                condition=Q(dose_per_unit__gt=0, units_per_pack__gt=0, max_dose_days__gt=0),
                name="drug_content_positive",
                violation_error_message=_("The content of a pack is more than nothing."),
            ),
        ]

    def __str__(self) -> str:
        """Name and strength."""
        return f"{self.generic_name} {self.strength}"

    @property
    def name(self) -> str:
        """Generic name in the reader's language."""
        return self.generic_name if (get_language() or "").startswith("zh") else self.generic_name_en

    @property
    def available(self) -> int:
        """Packs that are not promised to anyone."""
        return self.stock - self.reserved

    def renew_search_key(self) -> None:
        """Derive the search key from code and names; the caller saves."""
        self.search_key = search_key(self.code, self.generic_name, self.generic_name_en)

    def facts(self, price: Decimal | None = None) -> DrugFacts:
        """What the rules need of this row; ``price`` is the price of a pack today in yuan, None without one."""
        return DrugFacts(
            drug_id=self.pk,
            name=f"{self.generic_name} {self.strength}",
            name_en=f"{self.generic_name_en} {self.strength}",
            ingredients=tuple(self.ingredients),
            class_code=self.class_code,
            dose_per_unit=self.dose_per_unit,
            dose_unit=self.dose_unit,
            units_per_pack=self.units_per_pack,
            max_dose=self.max_dose,
            max_dose_days=self.max_dose_days,
            dose_source=self.dose_source,
            dose_grade=self.dose_grade,
            special_class=self.special_class,
            is_active=self.is_active,
            is_cold_chain=self.is_cold_chain,
            allows_long_term=self.allows_long_term,
            is_divisible=self.is_divisible,
            for_men_only=self.for_men_only,
            available=self.available,
            price=price,
        )
