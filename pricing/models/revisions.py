"""Prices before they are law: drafted by one person, reviewed by another, published from a day."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from pricing.models.columns import PriceColumns, checks
from pricing.models.documents import TariffDocument
from pricing.models.items import PriceItem
from pricing.models.prices import Price
from pricing.states import RevisionState
from registry.models import Institution

_STATES = [(state.value, state.value) for state in RevisionState]


class PriceRevision(models.Model):
    """A set of prices that one document sets or changes together (调价单)."""

    number = models.CharField(_("number"), max_length=30, unique=True)
    title = models.CharField(_("title"), max_length=200)
    document = models.ForeignKey(
        TariffDocument, on_delete=models.PROTECT, related_name="revisions", verbose_name=_("document")
    )
    institution = models.ForeignKey(
        Institution,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("institution"),
        help_text=_("Whose own prices these are; empty for the prices of a regulator."),
    )
    reaches_back = models.BooleanField(
        _("reaches back"),
        default=False,
        help_text=_(
            "A document that arrived late, or a correction: it also sets prices for days that have passed."
        ),
    )

    state = models.CharField(_("state"), max_length=20, choices=_STATES, default=RevisionState.DRAFT)
    note = models.CharField(_("note"), max_length=500, blank=True)
    drafted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(_("drafted at"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    reviewed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    review_note = models.CharField(_("note of the reviewer"), max_length=500, blank=True)
    published_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        """Who drafted does not review."""

        verbose_name = _("price revision")
        verbose_name_plural = _("price revisions")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("drafted_by")),
                name="price_revision_two_persons",
                violation_error_message=_("Who drafted the prices does not review them."),
            )
        ]

    def __str__(self) -> str:
        """Number and title."""
        return f"{self.number} {self.title}"


class ProposedPrice(PriceColumns):
    """One row of a revision: a price to be, or the end of one."""

    revision = models.ForeignKey(PriceRevision, on_delete=models.CASCADE, related_name="rows")
    item = models.ForeignKey(PriceItem, on_delete=models.PROTECT, related_name="+", verbose_name=_("item"))
    effective = DateRangeField(_("in force"))
    replaces = models.ForeignKey(
        Price,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("replaces"),
        help_text=_("The price of the same scope that held when this row was drafted."),
    )
    became = models.ForeignKey(
        Price, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="proposed_as"
    )

    class Meta:
        """In the order of the items."""

        verbose_name = _("proposed price")
        verbose_name_plural = _("proposed prices")
        ordering = ["item", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(effective__isempty=False, effective__startswith__isnull=False),
                name="proposed_price_begins",
                violation_error_message=_("A price has a first day and ends after it."),
            ),
            *checks("proposed_price"),
        ]

    def __str__(self) -> str:
        """Item."""
        return str(self.item)
