"""When doctors receive patients online, and how many."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.models import Practitioner


class Weekday(models.IntegerChoices):
    """ISO: Monday is 1."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class Schedule(models.Model):
    """A doctor's hours on one weekday, from a day on; slots are opened from it."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="schedules")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("until"), help_text=_("23:59 means midnight."))
    slot_minutes = models.PositiveSmallIntegerField(
        _("minutes per slot"), default=30, validators=[MinValueValidator(5), MaxValueValidator(240)]
    )
    places_per_slot = models.PositiveSmallIntegerField(
        _("places per slot"), default=4, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until (not included)"), null=True, blank=True)

    class Meta:
        """Hours and days run forward."""

        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="schedule_hours",
                violation_error_message=_("The hours must end after they begin."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="schedule_days",
                violation_error_message=_("The last day must come after the first."),
            ),
        ]

    def __str__(self) -> str:
        """Doctor and weekday."""
        return f"{self.practitioner} {self.get_weekday_display()}"


class Slot(models.Model):
    """A stretch of time of one doctor, half-open ``[starts_at, ends_at)``."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="slots")
    schedule = models.ForeignKey(
        Schedule, null=True, blank=True, on_delete=models.SET_NULL, related_name="slots"
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    is_cancelled = models.BooleanField(_("the doctor does not receive"), default=False)

    class Meta:
        """A doctor's slot begins once."""

        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        ordering = ["starts_at"]
        constraints = [models.UniqueConstraint(fields=["practitioner", "starts_at"], name="slot_once")]

    def __str__(self) -> str:
        """Start."""
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class Place(models.Model):
    """One place in a slot: free when ``revisit`` is empty, or held until a moment, or taken.

    A row is locked to be taken, so two people can never get the same place.
    """

    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="places")
    number = models.PositiveSmallIntegerField()
    revisit = models.OneToOneField(
        "consultations.Revisit", null=True, blank=True, on_delete=models.PROTECT, related_name="place"
    )
    held_until = models.DateTimeField(null=True, blank=True, help_text="empty once her share is paid")

    class Meta:
        """Numbered; a hold belongs to a revisit."""

        ordering = ["slot", "number"]
        constraints = [
            models.UniqueConstraint(fields=["slot", "number"], name="place_number_once"),
            models.CheckConstraint(
                condition=Q(held_until__isnull=True) | Q(revisit__isnull=False), name="place_hold_has_revisit"
            ),
        ]

    def __str__(self) -> str:
        """Number in the slot."""
        return f"{self.slot_id}/{self.number}"
