"""Prices that turned out to have been lower than charged; amounts in yuan."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.bills import FeeDetail
from billing.models.sums import decreases_within_paid
from kernel.protection import never_emptied


class PriceDecrease(models.Model):
    """By how much a charged line was too dear, and what of that she has, or will have, back in cash.

    The line stays as it was charged. What of the decrease the insurance paid stands until the bill is settled again.
    """

    line = models.ForeignKey(FeeDetail, on_delete=models.PROTECT, related_name="decreases")
    amount = models.DecimalField(_("too much"), max_digits=12, decimal_places=2)
    cash_amount = models.DecimalField(_("of it her cash"), max_digits=12, decimal_places=2)
    key = models.CharField(_("key"), max_length=80, unique=True, help_text="which correction found it")
    at = models.DateTimeField(_("at"))

    class Meta:
        """Above zero, her part within it; never changed."""

        verbose_name = _("lower price found afterwards")
        verbose_name_plural = _("lower prices found afterwards")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, cash_amount__gte=0, cash_amount__lte=F("amount")),
                name="price_decrease_parts",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="never_changes", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied("billing"),
            decreases_within_paid(),
        ]

    def __str__(self) -> str:
        """Line and amount."""
        return f"{self.line_id}: {self.amount}"
