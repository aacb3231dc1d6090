"""What one institution pays another for its part in a service; amounts in yuan."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from finance.states import PayoutState
from registry.models import Institution

_STATES = [(state.value, state.value) for state in PayoutState]
_FROZEN = ["number", "payer", "payee", "through", "amount", "drafted_by", "drafted_at"]


class Payout(models.Model):
    """Money from the institution that invited to the one that was invited; a person at the bank pays it."""

    number = models.CharField(_("payout number"), max_length=30, unique=True)
    payer = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="+", verbose_name=_("who pays")
    )
    payee = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="+", verbose_name=_("who is paid")
    )
    through = models.DateField(_("for everything through"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    state = models.CharField(_("state"), max_length=10, choices=_STATES, default=PayoutState.DRAFTED)
    reference = models.CharField(_("number at the bank"), max_length=100, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    cancel_reason = models.CharField(_("why it is cancelled"), max_length=300, blank=True)

    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(_("drafted at"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        """Two persons, two institutions, one open payout between them; what is paid has its number at the bank."""

        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payout_positive"),
            models.CheckConstraint(condition=~Q(payer=F("payee")), name="payout_to_another"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
                name="payout_two_persons",
            ),
            models.CheckConstraint(
                condition=~Q(state=PayoutState.PAID)
                | Q(paid_on__isnull=False, approved_by__isnull=False) & ~Q(reference=""),
                name="payout_paid_whole",
            ),
            models.UniqueConstraint(
                fields=["payer", "payee"],
                condition=Q(state__in=[PayoutState.DRAFTED, PayoutState.APPROVED]),
                name="payout_one_open",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="frozen", fields=_FROZEN),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="paid_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=[PayoutState.PAID, PayoutState.CANCELLED]),
            ),
        ]

    def __str__(self) -> str:
        """Its number."""
        return self.number
