"""Payment orders; amounts in yuan."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models import Bill
from kernel.protection import never_emptied
from payments.models.channels import Channel, Scene
from payments.states import OrderState


class PaymentOrder(models.Model):
    """The patient's share of one bill at one channel."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="payment_orders")
    round = models.PositiveSmallIntegerField(
        _("round"), default=1, help_text="a bill whose order was given back may be paid in another round"
    )
    number = models.CharField(_("order number"), max_length=32, unique=True, help_text="out_trade_no")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.WECHAT)
    scene = models.CharField(_("way to the cashier"), max_length=10, choices=Scene.choices)
    payer_id = models.CharField(
        _("payer at the channel"), max_length=128, blank=True, help_text="openid; JSAPI only"
    )
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    description = models.CharField(_("text at the cashier"), max_length=127)
    expires_at = models.DateTimeField(_("to be paid by"))

    state = models.CharField(
        _("state"),
        max_length=20,
        choices=[(s.value, s.value) for s in OrderState],
        default=OrderState.CREATED,
    )
    cashier_url = models.CharField(
        _("cashier"),
        max_length=3000,
        blank=True,
        help_text="h5_url, code_url, qr_code, prepay_id or signed address",
    )
    transaction_id = models.CharField(
        _("channel's number"), max_length=64, unique=True, null=True, blank=True
    )
    created_at = models.DateTimeField(_("made at"))
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    close_wanted_at = models.DateTimeField(
        _("closing wanted at"), null=True, blank=True,
        help_text="somebody wants it ended; the channel is asked to close it until it is closed or paid",
    )  # fmt: skip
    ended_there_at = models.DateTimeField(
        _("closed at the channel at"), null=True, blank=True,
        help_text="empty for a closed order that the channel did not know when it was closed here",
    )  # fmt: skip
    last_asked_at = models.DateTimeField(_("last asked at"), null=True, blank=True)
    times_asked = models.PositiveIntegerField(_("times asked"), default=0)

    class Meta:
        """One live or paid order for a bill and round; a channel never moves zero. An order paid after closing is neither."""

        verbose_name = _("payment order")
        verbose_name_plural = _("payment orders")
        constraints = [
            models.UniqueConstraint(
                fields=["bill", "round"],
                condition=~Q(state__in=["closed", "late"]),
                name="payment_order_one_live",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_order_positive"),
        ]
        indexes = [
            models.Index(fields=["paid_at"], name="payment_order_of_a_day"),
            models.Index(fields=["expires_at"], condition=Q(state="closed"), name="payment_order_closed"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="frozen", fields=["bill", "round", "number", "channel", "amount"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            never_emptied("payments"),
        ]

    def __str__(self) -> str:
        """Its number."""
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether it waits for her, as far as we know."""
        return self.state in (OrderState.CREATED, OrderState.PLACED)
