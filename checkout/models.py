"""The sequence of steps for one bill."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models import Bill
from checkout.states import CheckoutState
from insurance.models import Claim
from payments.models import PaymentOrder


class Checkout(models.Model):
    """Who is asked for money in which order, and how far it has come."""

    bill = models.OneToOneField(Bill, on_delete=models.PROTECT, related_name="checkout")
    claim = models.ForeignKey(Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(PaymentOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    uses_insurance = models.BooleanField(_("uses insurance"), default=False)

    state = models.CharField(_("state"), max_length=20, choices=[(s.value, s.value) for s in CheckoutState])
    decline_reason = models.CharField(_("why the insurer does not pay"), max_length=500, blank=True)
    unwind_reason = models.CharField(
        _("why the money goes back"), max_length=80, blank=True,
        help_text="set as soon as it is wanted; acted on when the outcome at the insurer is known",
    )  # fmt: skip
    opened_at = models.DateTimeField(_("opened at"))
    pay_by = models.DateTimeField(_("to be paid by"))
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        """Those under way are looked for among very many that have ended."""

        verbose_name = _("checkout")
        verbose_name_plural = _("checkouts")
        indexes = [
            models.Index(
                fields=["state", "opened_at"],
                condition=~models.Q(state__in=["settled", "refunded", "closed"]),
                name="checkout_under_way",
            ),
        ]

    def __str__(self) -> str:
        """Its bill."""
        return str(self.bill_id)
