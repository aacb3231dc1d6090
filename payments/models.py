"""Payment orders, what the channel told us, and refunds; amounts in yuan."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models import Bill
from payments.states import OrderState, RefundState


class Channel(models.TextChoices):
    """Who moves the money."""

    WECHAT = "wechat", _("WeChat Pay")


class Scene(models.TextChoices):
    """How the person reaches the cashier."""

    H5 = "h5", _("on this phone")
    NATIVE = "native", _("by scanning a code")


class PaymentOrder(models.Model):
    """The patient's share of one bill at one channel."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="payment_orders")
    round = models.PositiveSmallIntegerField(
        _("round"), default=1, help_text="a bill whose order was given back may be paid in another round"
    )
    number = models.CharField(_("order number"), max_length=32, unique=True, help_text="out_trade_no")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.WECHAT)
    scene = models.CharField(_("way to the cashier"), max_length=10, choices=Scene.choices)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    description = models.CharField(_("text at the cashier"), max_length=127)
    expires_at = models.DateTimeField(_("to be paid by"))

    state = models.CharField(
        _("state"),
        max_length=20,
        choices=[(s.value, s.value) for s in OrderState],
        default=OrderState.CREATED,
    )
    cashier_url = models.URLField(_("cashier"), max_length=500, blank=True, help_text="h5_url or code_url")
    transaction_id = models.CharField(
        _("channel's number"), max_length=40, unique=True, null=True, blank=True
    )
    created_at = models.DateTimeField(_("made at"))
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    last_asked_at = models.DateTimeField(_("last asked at"), null=True, blank=True)

    class Meta:
        """One live or paid order for a bill and round; a channel never moves zero."""

        verbose_name = _("payment order")
        verbose_name_plural = _("payment orders")
        constraints = [
            models.UniqueConstraint(
                fields=["bill", "round"], condition=~Q(state="closed"), name="payment_order_one_live"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_order_positive"),
        ]
        indexes = [models.Index(fields=["paid_at"], name="payment_order_of_a_day")]

    def __str__(self) -> str:
        """Its number."""
        return self.number


class PaymentNotification(models.Model):
    """One verified notification; the channel repeats itself, the row does not."""

    notification_id = models.CharField(_("notification"), max_length=64, unique=True)
    event_type = models.CharField(_("event"), max_length=40)
    order_number = models.CharField(_("order number"), max_length=64, db_index=True)
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        """Names."""

        verbose_name = _("payment notification")
        verbose_name_plural = _("payment notifications")

    def __str__(self) -> str:
        """Event and order."""
        return f"{self.event_type} {self.order_number}"


class Refund(models.Model):
    """Money on its way back to where it came from."""

    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="refunds")
    number = models.CharField(_("refund number"), max_length=64, unique=True, help_text="out_refund_no")
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
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

    class Meta:
        """One full refund of an order."""

        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=~Q(state="failed"), name="refund_one_live"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_positive"),
        ]
        indexes = [models.Index(fields=["requested_at"], name="refund_of_a_day")]

    def __str__(self) -> str:
        """Its number."""
        return self.number
