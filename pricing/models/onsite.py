"""What an institution asks for coming to a patient's home (上门服务费)."""

from typing import Any

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pricing.models.amounts import fraction, yuan
from pricing.models.documents import TariffDocument
from pricing.models.items import PriceItem
from pricing.rules.onsite import Part, RowFact, ScheduleFact
from registry.models import Institution
from registry.models.practitioners import Title

_PUBLISHED_CHANGES = """
OLD.published_on IS NOT NULL AND (
    OLD.institution_id IS DISTINCT FROM NEW.institution_id OR OLD.item_id IS DISTINCT FROM NEW.item_id
    OR OLD.document_id IS DISTINCT FROM NEW.document_id
    OR OLD.area_region_code IS DISTINCT FROM NEW.area_region_code
    OR OLD.published_on IS DISTINCT FROM NEW.published_on OR OLD.drafted_at IS DISTINCT FROM NEW.drafted_at
    OR lower(OLD.effective) IS DISTINCT FROM lower(NEW.effective) OR NOT NEW.effective <@ OLD.effective)
"""
"""Anything but an earlier end."""

# The lock makes a row wait for somebody who is publishing the schedule this very moment.
_ROWS_OF_PUBLISHED_STAY = """
IF EXISTS (SELECT 1 FROM (
               SELECT published_on FROM pricing_onsitefeeschedule
               WHERE id IN (CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE NEW.schedule_id END,
                            CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE OLD.schedule_id END)
               FOR SHARE) AS schedules
           WHERE published_on IS NOT NULL) THEN
    RAISE EXCEPTION 'a published on-site fee never changes';
END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
RETURN NEW;
"""


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
        _("served region"),
        max_length=6,
        validators=[RegexValidator(r"^\d{6}$", _("Six digits."))],
        help_text=_("GB/T 2260; no visit outside it."),
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
        triggers = [
            pgtrigger.Protect(
                name="published_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(_PUBLISHED_CHANGES),
            ),
            pgtrigger.Protect(
                name="published_never_deleted",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        """Institution and first day."""
        return f"{self.institution} {self.effective.lower if self.effective else ''}"

    def facts(self) -> ScheduleFact:
        """What the fee is worked out from; ``document`` must have been selected and ``rows`` prefetched."""
        return ScheduleFact(
            area_region_code=self.area_region_code,
            begin=self.effective.lower,
            end=self.effective.upper,
            document_number=self.document.number,
            rows=tuple(row.facts() for row in self.rows.all()),
        )


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
        triggers = [
            pgtrigger.Trigger(
                name="published_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=_ROWS_OF_PUBLISHED_STAY,
            )
        ]

    def __str__(self) -> str:
        """What it is for."""
        return self.get_part_display()

    def facts(self) -> RowFact:
        """What the fee is worked out from."""
        said: dict[str, Any] = {name: getattr(self, name) for name in ROW_TERMS}
        return RowFact(part=Part(self.part), title=self.title or None, **said)


ROW_TERMS = (
    "distance_above", "distance_up_to", "minutes_above", "minutes_up_to", "unit_minutes", "begins_at", "ends_at",
    "amount", "rate",
)  # fmt: skip
"""Columns of a row besides its part and title."""
