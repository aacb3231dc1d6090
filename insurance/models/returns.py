"""Lines of a settled bill that were given back, and what that changed for each payer."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from insurance.models.claims import Claim
from kernel.money import ZERO


class LineReturn(models.Model):
    """The claim of all lines is taken back, and the lines that stay are settled again under another claim.

    Differences are new less old, in yuan: a negative one goes back to its payer, a positive one is owed by it.
    """

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="line_return")
    line_numbers = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("lines given back"))
    quantities = models.JSONField(
        _("units given back"), default=dict, blank=True, db_default=Value({}, models.JSONField()),
        help_text="line number -> units, as text; a line without is given back with all that was left of it",
    )  # fmt: skip
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("asked for at"))

    is_settled_again = models.BooleanField(
        _("settled again"), null=True, help_text="empty while open; false: the insurer pays nothing any more"
    )
    fund_difference = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    account_difference = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    cash_difference = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    concluded_at = models.DateTimeField(_("concluded at"), null=True, blank=True)

    class Meta:
        """Differences are known together, when it is concluded."""

        verbose_name = _("return of lines")
        verbose_name_plural = _("returns of lines")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    concluded_at__isnull=True, is_settled_again__isnull=True, cash_difference__isnull=True
                )
                | Q(
                    concluded_at__isnull=False,
                    is_settled_again__isnull=False,
                    fund_difference__isnull=False,
                    account_difference__isnull=False,
                    cash_difference__isnull=False,
                ),
                name="line_return_concluded_whole",
            )
        ]

    def __str__(self) -> str:
        """The claim it takes apart."""
        return str(self.claim_id)

    @property
    def due_to_her(self) -> Decimal:
        """Yuan that go back to her in cash; 0 while it is open."""
        return max(-(self.cash_difference or ZERO), ZERO)

    @property
    def due_from_her(self) -> Decimal:
        """Yuan that she owes since the insurer does not settle what stays; 0 while it is open."""
        return max(self.cash_difference or ZERO, ZERO)
