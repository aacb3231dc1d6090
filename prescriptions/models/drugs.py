"""The hospital's drug catalogue."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from pricing.models import PriceItem


class SpecialClass(models.TextChoices):
    """Classes that must not be prescribed online (P-01)."""

    NARCOTIC = "narcotic", _("narcotic")
    PSYCHOTROPIC_1 = "psychotropic_1", _("psychotropic class 1")
    PSYCHOTROPIC_2 = "psychotropic_2", _("psychotropic class 2")
    TOXIC = "toxic", _("toxic for medical use")
    RADIOACTIVE = "radioactive", _("radioactive")
    PRECURSOR = "precursor", _("precursor")


class Drug(models.Model):
    """One product in one pack; its price is that of its price item on the day."""

    item = models.OneToOneField(PriceItem, on_delete=models.PROTECT, related_name="drug")
    generic_name = models.CharField(_("generic name"), max_length=100)
    generic_name_en = models.CharField(_("generic name in English"), max_length=150)
    ingredients = ArrayField(models.CharField(max_length=60), verbose_name=_("active ingredients"))
    class_code = models.CharField(_("class (ATC-like)"), max_length=12)
    form = models.CharField(_("dosage form"), max_length=30)
    strength = models.CharField(_("strength"), max_length=50)
    pinyin = models.CharField(max_length=200, editable=False)

    dose_per_unit = models.DecimalField(_("dose in one unit"), max_digits=10, decimal_places=4)
    dose_unit = models.CharField(_("unit of dose"), max_length=10)
    unit = models.CharField(_("unit, e.g. tablet"), max_length=10)
    units_per_pack = models.PositiveIntegerField(_("units in a pack"))
    pack = models.CharField(_("pack"), max_length=10, default="盒")
    route = models.CharField(_("route"), max_length=20, default="口服")

    usual_dose = models.DecimalField(_("usual single dose"), max_digits=10, decimal_places=4)
    usual_frequency = models.CharField(_("usual frequency"), max_length=10)
    max_daily_dose = models.DecimalField(_("most in a day"), max_digits=10, decimal_places=4, null=True, blank=True)
    dose_source = models.CharField(_("source of the dose limits"), max_length=200)

    special_class = models.CharField(_("special class"), max_length=20, choices=SpecialClass.choices, blank=True)
    is_cold_chain = models.BooleanField(_("cold chain"), default=False)
    allows_long_term = models.BooleanField(_("fit for long-term prescriptions"), default=True)
    stock = models.PositiveIntegerField(_("packs in stock"), default=0)
    is_active = models.BooleanField(_("in the catalogue"), default=True)

    class Meta:
        """Searchable by name and pinyin."""

        verbose_name = _("drug")
        verbose_name_plural = _("drugs")
        ordering = ["pk"]
        indexes = [
            GinIndex(fields=["pinyin"], opclasses=["gin_trgm_ops"], name="drug_pinyin"),
            GinIndex(fields=["generic_name"], opclasses=["gin_trgm_ops"], name="drug_name"),
        ]

    def __str__(self) -> str:
        """Name and strength."""
        return f"{self.generic_name} {self.strength}"
