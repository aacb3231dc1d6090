"""What a price says, wherever it stands: for whom, and how much."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pricing.models.amounts import fraction, yuan
from pricing.models.items import PriceItem
from registry.models import Institution
from registry.models.institutions import Ownership
from registry.models.practitioners import Title


class InsuranceClass(models.TextChoices):
    """Class in the insurance catalogue."""

    A = "01", _("class A (甲)")
    B = "02", _("class B (乙)")
    C = "03", _("class C (丙), self-paid")


class AmountKindChoice(models.TextChoices):
    """How a row says the amount; values of ``pricing.rules.kinds.AmountKind``."""

    FIXED = "fixed", _("fixed amount")
    RANGE = "range", _("from … to …; the institution publishes its own")
    CEILING = "ceiling", _("at most …; the institution may publish less")
    PERCENTAGE = "percentage", _("percentage of a base")
    SELF_SET = "self_set", _("set by the institution itself (自主定价)")
    TIERED = "tiered", _("by bands")
    BASE_AND_FURTHER = "base_and_further", _("base, and each further unit")
    HOURLY = "hourly", _("by the hour")


class BandAxisChoice(models.TextChoices):
    """What decides the band; values of ``pricing.rules.kinds.BandAxis``."""

    DISTANCE = "distance", _("distance (km)")
    DURATION = "duration", _("duration (minutes)")
    COUNT = "count", _("count of units")
    BODY_PART = "body_part", _("body part")


SCOPE = (
    "region_code", "institution_id", "institution_level", "institution_grade", "price_zone", "ownership",
    "department", "condition", "title", "age_from", "age_to",
)  # fmt: skip
"""Columns that say for whom a price holds."""

TERMS = (
    "kind", "amount", "minimum_amount", "maximum_amount", "rate", "maximum_rate", "base_item_id",
    "included_quantity", "further_amount", "further_rate", "band_axis", "bands", "cap_amount",
    "period_cap_amount", "period_cap_days", "takes_surcharges", "insurance_class", "self_pay_rate",
    "fund_amount", "is_trial",
)  # fmt: skip
"""Columns that say how much it is."""


class PriceColumns(models.Model):
    """For whom a price holds (``SCOPE``) and how much it is (``TERMS``)."""

    region_code = models.CharField(
        _("region (GB/T 2260)"), max_length=6, validators=[RegexValidator(r"^\d{6}$", _("Six digits."))]
    )
    institution = models.ForeignKey(
        Institution,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
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

    institution_grade = models.CharField(
        _("grade of the institution"),
        max_length=10,
        blank=True,
        default="",
        help_text=_("Empty for every grade."),
    )
    price_zone = models.CharField(
        _("price zone"), max_length=20, blank=True, default="", help_text=_("Empty for every zone.")
    )
    ownership = models.CharField(
        _("ownership"),
        max_length=10,
        choices=Ownership.choices,
        blank=True,
        default="",
        help_text=_("Empty for every institution to which regulated prices apply."),
    )
    department = models.CharField(
        _("department"),
        max_length=10,
        blank=True,
        default="",
        help_text=_("Subject code; empty for every department."),
    )
    condition = models.CharField(
        _("condition"),
        max_length=60,
        blank=True,
        default="",
        help_text=_("In the words of the tariff; empty for every case."),
    )
    age_from = models.PositiveSmallIntegerField(
        _("from the age of"),
        null=True,
        blank=True,
        help_text=_("Whole years on the day of the service, included."),
    )
    age_to = models.PositiveSmallIntegerField(
        _("to the age of"),
        null=True,
        blank=True,
        help_text=_("Whole years on the day of the service, included."),
    )

    kind = models.CharField(
        _("kind of amount"),
        max_length=20,
        choices=AmountKindChoice.choices,
        default=AmountKindChoice.FIXED,
    )
    amount = yuan(_("amount (yuan)"), _("For one unit. Zero is a price."))
    minimum_amount = yuan(_("lowest amount (yuan)"))
    maximum_amount = yuan(_("highest amount (yuan)"))
    rate = fraction(_("rate of the base"), _("Fraction, e.g. 0.3."))
    maximum_rate = fraction(_("highest rate of the base"), _("Fraction, e.g. 0.3."))
    base_item = models.ForeignKey(
        PriceItem,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("base of the rate"),
        help_text=_("Empty for the main item."),
    )
    included_quantity = models.DecimalField(
        _("units that the base amount includes"), max_digits=10, decimal_places=4, null=True, blank=True
    )
    further_amount = yuan(_("each further unit (yuan)"))
    further_rate = fraction(_("each further unit, fraction of the base amount"))
    band_axis = models.CharField(
        _("bands by"), max_length=10, choices=BandAxisChoice.choices, blank=True, default=""
    )
    bands = models.JSONField(
        _("bands"),
        default=list,
        blank=True,
        help_text=_("Each: above (not included), up to (included), or a key; and the amount."),
    )
    cap_amount = yuan(_("most for one charge (yuan)"))
    period_cap_amount = yuan(_("most in a period (yuan)"))
    period_cap_days = models.PositiveSmallIntegerField(
        _("days of the period"), null=True, blank=True, help_text=_("1 for a calendar day.")
    )
    takes_surcharges = models.BooleanField(_("surcharges may be added"), default=True)
    is_trial = models.BooleanField(_("trial price"), default=False)
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
    fund_amount = yuan(_("the fund pays (yuan)"), _("For one unit, where the document says an amount."))

    class Meta:
        abstract = True


_YUAN = (
    "amount", "minimum_amount", "maximum_amount", "further_amount", "cap_amount", "period_cap_amount", "fund_amount",
)  # fmt: skip

_RATES = ("rate", "maximum_rate", "further_rate")


def _complete() -> Q:
    """Each kind of amount has what it needs, and no amount where there is none."""
    kind = AmountKindChoice
    further = Q(further_amount__isnull=False) | Q(further_rate__isnull=False)
    return (
        Q(kind__in=[kind.FIXED, kind.HOURLY], amount__isnull=False)
        | Q(kind=kind.RANGE, amount__isnull=True, minimum_amount__lte=F("maximum_amount"))
        | (
            Q(kind=kind.CEILING, amount__isnull=True)
            & (Q(maximum_amount__isnull=False) | Q(maximum_rate__isnull=False))
        )
        | Q(kind=kind.PERCENTAGE, amount__isnull=True, rate__isnull=False)
        | Q(kind=kind.SELF_SET, amount__isnull=True, rate__isnull=True)
        | (Q(kind=kind.TIERED, amount__isnull=True) & ~Q(band_axis="") & ~Q(bands=[]))
        | (Q(kind=kind.BASE_AND_FURTHER, amount__isnull=False, included_quantity__gt=0) & further)
    )


def checks(prefix: str) -> list[models.BaseConstraint]:
    """What the database makes sure of in every table with these columns."""
    return [
        models.CheckConstraint(
            condition=_not_negative(_YUAN),
            name=f"{prefix}_not_negative",
            violation_error_message=_("A price is never negative."),
        ),
        models.CheckConstraint(
            condition=_not_negative(_RATES),
            name=f"{prefix}_rates",
            violation_error_message=_("A rate is never negative."),
        ),
        models.CheckConstraint(
            condition=_complete(),
            name=f"{prefix}_kind_complete",
            violation_error_message=_("What this kind of amount needs is missing."),
        ),
        models.CheckConstraint(
            condition=Q(age_from__isnull=True) | Q(age_to__isnull=True) | Q(age_from__lte=F("age_to")),
            name=f"{prefix}_ages",
            violation_error_message=_("The lower age comes first."),
        ),
        models.CheckConstraint(
            condition=Q(period_cap_amount__isnull=True, period_cap_days__isnull=True)
            | Q(period_cap_amount__isnull=False, period_cap_days__gte=1),
            name=f"{prefix}_period_cap",
            violation_error_message=_("A cap over a period says how many days the period has."),
        ),
        models.CheckConstraint(
            condition=Q(institution_level__isnull=True) | Q(institution_level__range=(1, 3)),
            name=f"{prefix}_level",
            violation_error_message=_("The level of an institution is 1, 2 or 3."),
        ),
        models.CheckConstraint(
            condition=Q(self_pay_rate__isnull=True) | Q(self_pay_rate__range=(0, 1)),
            name=f"{prefix}_self_pay_rate",
            violation_error_message=_("The self-pay rate is a fraction from 0 to 1."),
        ),
    ]


def _not_negative(names: tuple[str, ...]) -> Q:
    return Q(*(Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 0}) for name in names))
