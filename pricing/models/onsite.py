"""What an institution asks for coming to a patient's home (上门服务费)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pricing.models.amounts import fraction, yuan
from pricing.models.documents import TariffDocument
from pricing.models.items import PriceItem
from registry.models import Institution
from registry.models.practitioners import Title


class OnsiteFeeSchedule(models.Model):
    """The institution's own on-site fee over a period, published some days before it applies."""

    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="onsite_fees", verbose_name=_("institution")
    )
    item = models.ForeignKey(
        PriceItem, on_delete=models.PROTECT, related_name="+", verbose_name=_("item"),
        help_text=_("The item under which the fee is charged."),
    )  # fmt: skip
    document = models.ForeignKey(
        TariffDocument, on_delete=models.PROTECT, related_name="onsite_fees", verbose_name=_("document")
    )
    area_region_code = models.CharField(
        _("served region"), max_length=6, help_text=_("GB/T 2260; no visit outside it.")
    )
    effective = DateRangeField(_("in force"))
    drafted_at = models.DateTimeField(_("drafted at"), editable=False)
    published_on = models.DateField(
        _("published on"),
        null=True,
        blank=True,
        help_text=_("Empty while it is a draft; only published fees are charged."),
    )

    class Meta:
        """One published schedule for an institution on a day."""

        verbose_name = _("on-site fee schedule")
        verbose_name_plural = _("on-site fee schedules")
        ordering = ["institution", "-effective"]
        constraints = [
            ExclusionConstraint(
                name="onsite_fee_one_in_force",
                expressions=[
                    ("institution", RangeOperators.EQUAL),
                    ("item", RangeOperators.EQUAL),
                    ("effective", RangeOperators.OVERLAPS),
                ],
                condition=Q(published_on__isnull=False),
                violation_error_message=_(
                    "Another on-site fee of this institution holds on some of these days."
                ),
            ),
            models.CheckConstraint(
                condition=Q(effective__isempty=False, effective__startswith__isnull=False),
                name="onsite_fee_begins",
                violation_error_message=_("A schedule has a first day and ends after it."),
            ),
        ]

    def __str__(self) -> str:
        """Institution and first day."""
        return f"{self.institution} {self.effective.lower if self.effective else ''}"


class OnsitePart(models.TextChoices):
    """What a row of the schedule is for."""

    BASE = "base", _("the visit itself")
    FURTHER_TIME = "further_time", _("each further piece of time")
    NIGHT = "night", _("by night")
    HOLIDAY = "holiday", _("on a public holiday")
    EXTRA_PERSON = "extra_person", _("each further person cared for at the same address")


class OnsiteFeeRow(models.Model):
    """One row: an amount, or a fraction of the base, for a band of distance, a title, a band of time."""

    schedule = models.ForeignKey(OnsiteFeeSchedule, on_delete=models.CASCADE, related_name="rows")
    part = models.CharField(_("for"), max_length=20, choices=OnsitePart.choices, default=OnsitePart.BASE)
    distance_above = models.DecimalField(
        _("farther than (km)"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    distance_up_to = models.DecimalField(
        _("up to (km)"), max_digits=6, decimal_places=2, null=True, blank=True, help_text=_("Included.")
    )
    title = models.CharField(_("title"), max_length=3, choices=Title.choices, blank=True, default="")
    minutes_above = models.PositiveSmallIntegerField(_("longer than (minutes)"), null=True, blank=True)
    minutes_up_to = models.PositiveSmallIntegerField(
        _("up to (minutes)"), null=True, blank=True, help_text=_("Included.")
    )
    unit_minutes = models.PositiveSmallIntegerField(_("minutes of one further piece"), null=True, blank=True)
    begins_at = models.TimeField(_("from (time of day)"), null=True, blank=True)
    ends_at = models.TimeField(_("until (time of day)"), null=True, blank=True, help_text=_("Not included."))
    amount = yuan(_("amount (yuan)"))
    rate = fraction(_("fraction of the base fee"))

    class Meta:
        """An amount or a rate, never both."""

        verbose_name = _("row of the on-site fee")
        verbose_name_plural = _("rows of the on-site fee")
        ordering = ["schedule", "part", "distance_above", "title", "minutes_above", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0, rate__isnull=True)
                | (Q(rate__gte=0, amount__isnull=True) & ~Q(part=OnsitePart.BASE)),
                name="onsite_row_amount",
                violation_error_message=_("Give an amount, or a fraction of the base fee."),
            ),
            models.CheckConstraint(
                condition=~Q(part=OnsitePart.NIGHT) | Q(begins_at__isnull=False, ends_at__isnull=False),
                name="onsite_row_night",
                violation_error_message=_("A night begins and ends at a time of day."),
            ),
            models.CheckConstraint(
                condition=~Q(part=OnsitePart.FURTHER_TIME)
                | Q(unit_minutes__gt=0, minutes_above__isnull=False),
                name="onsite_row_further_time",
                violation_error_message=_("Say after how many minutes, and how long one further piece is."),
            ),
        ]

    def __str__(self) -> str:
        """What it is for."""
        return self.get_part_display()
