"""Chargeable items as the regulator lists them."""

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pricing.models.reading import ITEM_COLUMNS, item_fact, value_at
from pricing.rules.codes import ADDRESSES
from pricing.rules.facts import ItemFact
from pricing.rules.lookup import NATION
from pricing.rules.search import search_key


class Category(models.TextChoices):
    """What kind of thing is charged."""

    REGISTRATION = "registration", _("registration")
    CONSULTATION = "consultation", _("consultation")
    EXAMINATION = "examination", _("examination")
    LABORATORY = "laboratory", _("laboratory")
    TREATMENT = "treatment", _("treatment")
    SURGERY = "surgery", _("surgery")
    REHABILITATION = "rehabilitation", _("rehabilitation")
    MONITORING = "monitoring", _("monitoring")
    REMOTE = "remote", _("remote service between institutions")
    BED = "bed", _("bed")
    DRUG = "drug", _("medicine")
    NURSING = "nursing", _("nursing")
    ONSITE_FEE = "onsite_fee", _("on-site service fee")
    CONSUMABLE = "consumable", _("consumable")
    DELIVERY = "delivery", _("delivery")
    TRANSPORT = "transport", _("transport")


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


class ItemKindChoice(models.TextChoices):
    """What an item is to another one; values of ``pricing.rules.kinds.ItemKind``."""

    MAIN = "main", _("main item")
    SURCHARGE = "surcharge", _("surcharge (加收)")
    EXTENSION = "extension", _("extension (扩展)")
    REDUCTION = "reduction", _("reduction (减收)")


class ServiceChoice(models.TextChoices):
    """Services that policy speaks of; values of ``pricing.rules.kinds.Service``."""

    ONLINE_REVISIT = "online_revisit", _("online re-diagnosis")
    FIRST_VISIT = "first_visit", _("online first visit")
    PHARMACY_CLINIC = "pharmacy_clinic", _("Internet pharmacy clinic")
    REMOTE_CONSULTATION = "remote_consultation", _("remote consultation")
    REMOTE_MONITORING = "remote_monitoring", _("remote monitoring")
    HOME_NURSING = "home_nursing", _("home nursing")


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

    kind = models.CharField(
        _("kind of item"), max_length=10, choices=ItemKindChoice.choices, default=ItemKindChoice.MAIN
    )
    main_item = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="hanging",
        verbose_name=_("main item"),
        help_text=_("The item that a surcharge, extension or reduction belongs to."),
    )
    service = models.CharField(
        _("service of the policy"), max_length=20, choices=ServiceChoice.choices, blank=True, default=""
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
                condition=Q(kind=ItemKindChoice.MAIN, main_item__isnull=True)
                | (~Q(kind=ItemKindChoice.MAIN) & Q(main_item__isnull=False) & ~Q(main_item=F("pk"))),
                name="price_item_hangs_on_main",
                violation_error_message=_(
                    "A surcharge, extension or reduction names its main item, and a main item names none."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(code__in=sorted(ADDRESSES)) & ~Q(code__contains="/"),
                name="price_item_code_is_no_address",
                violation_error_message=_(
                    "A code holds no slash, and is no word that a page has as its address."
                ),
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
        """What the quote needs of this row; ``priced_as`` and ``main_item`` must have been selected."""
        return item_fact({name: value_at(self, column) for name, column in ITEM_COLUMNS.items()})
