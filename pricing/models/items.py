"""Chargeable items as the regulator lists them."""

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pricing.rules.facts import ItemFact
from pricing.rules.lookup import NATION
from pricing.rules.search import search_key


class Category(models.TextChoices):
    """What kind of thing is charged."""

    REGISTRATION = "registration", _("registration")
    CONSULTATION = "consultation", _("consultation")
    EXAMINATION = "examination", _("examination")
    DRUG = "drug", _("medicine")
    NURSING = "nursing", _("nursing")


class ChargeType(models.TextChoices):
    """Charge type of the insurer's dictionary (med_chrgitm_type)."""

    BED = "01", _("bed")
    CONSULTATION = "02", _("consultation")
    EXAMINATION = "03", _("examination")
    LABORATORY = "04", _("laboratory")
    TREATMENT = "05", _("treatment")
    SURGERY = "06", _("surgery")
    NURSING = "07", _("nursing")
    MATERIAL = "08", _("medical material")
    WESTERN_DRUG = "09", _("western medicine")
    HERBAL_PIECES = "10", _("Chinese herbal pieces")
    CHINESE_PATENT_DRUG = "11", _("Chinese patent medicine")
    GENERAL_CARE = "12", _("general consultation and treatment")
    REGISTRATION = "13", _("registration")
    OTHER = "14", _("other")


class PriceItem(models.Model):
    """A chargeable item (价格项目). What it costs stands in its prices, never here."""

    code = models.CharField(
        _("code"),
        max_length=50,
        unique=True,
        help_text=_("National code of 15 digits, drug code, or a local code."),
    )
    name = models.CharField(_("name of the item"), max_length=150)
    name_en = models.CharField(_("name of the item in English"), max_length=200)
    region_code = models.CharField(
        _("region (GB/T 2260)"),
        max_length=6,
        default=NATION,
        validators=[RegexValidator(r"^\d{6}$", _("Six digits."))],
        help_text=_("Whose list it stands on and where it may be charged; 000000 for the whole country."),
    )
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    unit = models.CharField(_("unit"), max_length=20, help_text=_("What one of it is: a visit, a box."))
    unit_en = models.CharField(_("unit in English"), max_length=30)
    specification = models.CharField(_("specification"), max_length=100, blank=True)
    specification_en = models.CharField(_("specification in English"), max_length=150, blank=True)
    content = models.CharField(_("what it includes"), max_length=500, blank=True)
    content_en = models.CharField(_("what it includes, in English"), max_length=700, blank=True)
    quantity_decimals = models.PositiveSmallIntegerField(
        _("decimals of the quantity"), default=0, help_text=_("0 when only whole units can be charged.")
    )

    priced_as = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="priced_alike",
        verbose_name=_("charged at the price of"),
        help_text=_(
            "The item has no price of its own and is charged like this one, whatever the doctor's title."
        ),
    )
    insurance_code = models.CharField(
        _("insurance code"), max_length=50, blank=True, help_text=_("National code sent to the insurer.")
    )
    charge_type = models.CharField(
        _("insurer's charge type"), max_length=2, choices=ChargeType.choices, default=ChargeType.OTHER
    )

    is_demonstration = models.BooleanField(_("demonstration data"), default=False)
    search_key = models.CharField(max_length=700, blank=True, editable=False)

    class Meta:
        """Names, limits and the index behind the search."""

        verbose_name = _("price item")
        verbose_name_plural = _("price items")
        ordering = ["category", "code"]
        indexes = [GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="price_item_search")]
        constraints = [
            models.CheckConstraint(
                condition=Q(priced_as__isnull=True) | ~Q(priced_as=F("pk")),
                name="price_item_not_priced_as_itself",
                violation_error_message=_("An item cannot be charged like itself."),
            ),
            models.CheckConstraint(
                condition=Q(quantity_decimals__lte=4),
                name="price_item_quantity_decimals",
                violation_error_message=_("At most four decimals."),
            ),
        ]

    def __str__(self) -> str:
        """Its name and code."""
        return f"{self.name} {self.code}"

    def renew_search_key(self) -> None:
        """Derive the search key from code and names; the caller saves."""
        self.search_key = search_key(self.code, self.name, self.name_en)

    def facts(self) -> ItemFact:
        """What the quote needs of this row; ``priced_as`` must have been selected."""
        return ItemFact(
            code=self.code,
            name=self.name,
            name_en=self.name_en,
            unit=self.unit,
            unit_en=self.unit_en,
            specification=self.specification,
            specification_en=self.specification_en,
            quantity_decimals=self.quantity_decimals,
            insurance_code=self.insurance_code,
            charge_type=self.charge_type,
            priced_as=self.priced_as.code if self.priced_as else None,
            region_code=self.region_code,
            is_demonstration=self.is_demonstration,
        )
