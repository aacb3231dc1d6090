"""Money on its way back; amounts in yuan."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from payments.models.orders import PaymentOrder
from payments.states import RefundState


class Refund(models.Model):
    """Money on its way back to where it came from."""

    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="refunds")
    number = models.CharField(_("refund number"), max_length=64, unique=True, help_text="out_refund_no")
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    key = models.CharField(
        _("key"), max_length=80, blank=True, help_text="who asked for it; the same key is the same refund"
    )
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by",
        help_text="the refund that failed and is asked for anew by this one",
    )  # fmt: skip
    reason = models.CharField(_("reason"), max_length=80)
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=[(s.value, s.value) for s in RefundState],
        default=RefundState.REQUESTED,
    )
    channel_refund_id = models.CharField(_("channel's refund number"), max_length=64, blank=True)
    failure = models.CharField(_("what went wrong"), max_length=200, blank=True)
    requested_at = models.DateTimeField(_("requested at"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    last_asked_at = models.DateTimeField(_("last asked at"), null=True, blank=True)
    times_asked = models.PositiveIntegerField(_("times asked"), default=0)

    hand_reference = models.CharField(
        _("completed by hand under"), max_length=100, blank=True,
        help_text="what a person was given at the channel's own pages",
    )  # fmt: skip
    hand_noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    hand_noted_at = models.DateTimeField(_("noted at"), null=True, blank=True)
    hand_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    hand_confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    class Meta:
        """Several refunds of an order; a key once, unless its refund failed."""

        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "key"], condition=~Q(state="failed") & ~Q(key=""), name="refund_key_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_positive"),
        ]
        indexes = [models.Index(fields=["requested_at"], name="refund_of_a_day")]

    def __str__(self) -> str:
        """Its number."""
        return self.number
