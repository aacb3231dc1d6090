"""The cashier's day of an institution: counted, explained, closed; amounts in yuan."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from finance.states import DayState
from registry.models import Institution

_STATES = [(state.value, state.value) for state in DayState]
_NEVER = pgtrigger.Update | pgtrigger.Delete


class CashierDay(models.Model):
    """One day of one institution, from its end to its closing."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(_("day"))

    state = models.CharField(_("state"), max_length=10, choices=_STATES, default=DayState.OPEN)
    count = models.ForeignKey(
        "finance.DayCount", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("count that holds"),
    )  # fmt: skip
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """One for an institution and a day; what is closed is counted, and says by whom."""

        verbose_name = _("cashier day")
        verbose_name_plural = _("cashier days")
        ordering = ["-day", "institution_id"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "day"], name="cashier_day_once"),
            models.CheckConstraint(
                condition=Q(state=DayState.OPEN) | Q(count__isnull=False), name="cashier_day_counted"
            ),
            models.CheckConstraint(
                condition=Q(state=DayState.CLOSED, closed_at__isnull=False, closed_by__isnull=False)
                | ~Q(state=DayState.CLOSED) & Q(closed_at__isnull=True, closed_by__isnull=True),
                name="cashier_day_closed_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["day"], condition=~Q(state=DayState.CLOSED), name="cashier_day_waiting")
        ]

    def __str__(self) -> str:
        """Institution and day."""
        return f"{self.institution_id} {self.day}"


class DayCount(models.Model):
    """The sums of a day as they were at one moment; counting again makes another, none is ever changed."""

    cashier_day = models.ForeignKey(CashierDay, on_delete=models.PROTECT, related_name="counts")
    counted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    counted_at = models.DateTimeField(_("counted at"))

    class Meta:
        """Newest last."""

        verbose_name = _("count of a day")
        verbose_name_plural = _("counts of days")
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="never_changes", operation=_NEVER)]

    def __str__(self) -> str:
        """Its number."""
        return f"#{self.pk}"


class Section(models.TextChoices):
    """By what the day is added up."""

    CHANNEL = "channel", _("by channel")
    PAYER = "payer", _("by payer")
    CATEGORY = "category", _("by category")


class CountLine(models.Model):
    """One sum of a day: what the records say beside what the books say."""

    day_count = models.ForeignKey(DayCount, on_delete=models.PROTECT, related_name="lines")
    section = models.CharField(_("section"), max_length=10, choices=Section.choices)
    key = models.CharField(_("of what"), max_length=60)
    record_count = models.PositiveIntegerField(_("records"), default=0)
    record_amount = models.DecimalField(_("by the records"), max_digits=14, decimal_places=2)
    book_amount = models.DecimalField(_("by the books"), max_digits=14, decimal_places=2)

    class Meta:
        """Each sum once."""

        verbose_name = _("sum of a day")
        verbose_name_plural = _("sums of days")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["day_count", "section", "key"], name="count_line_once")
        ]
        triggers = [pgtrigger.Protect(name="never_changes", operation=_NEVER)]

    def __str__(self) -> str:
        """Section and key."""
        return f"{self.section} {self.key}"

    @property
    def gap(self) -> Decimal:
        """Books less records, in yuan."""
        return self.book_amount - self.record_amount


class DayExplanation(models.Model):
    """Why something that stands in the way of closing may stand; holds only while its amount is the same."""

    cashier_day = models.ForeignKey(CashierDay, on_delete=models.PROTECT, related_name="explanations")
    obstacle = models.CharField(_("what stands in the way"), max_length=100)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        """The newest of an obstacle counts."""

        verbose_name = _("explanation")
        verbose_name_plural = _("explanations")
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="never_changes", operation=_NEVER)]

    def __str__(self) -> str:
        """The obstacle."""
        return self.obstacle
