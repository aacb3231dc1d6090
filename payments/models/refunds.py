"""Money on its way back; amounts in yuan."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.protection import never_emptied
from payments.models.orders import PaymentOrder
from payments.states import RefundState, is_unexplained

_GOES = "({row}.state <> 'failed' OR {row}.hand_noted_at IS NOT NULL)"
"""Whether a refund counts: it is done or may still be, or somebody noted that it was given by hand."""

_WITHIN_PAID = """
IF NOT {new} OR TG_OP = 'UPDATE' AND {old} THEN
    RETURN NULL;
END IF;
IF TG_OP = 'INSERT' THEN  -- Of two that come at once the second one sees the first.
    PERFORM 1 FROM payments_paymentorder WHERE id = NEW.order_id FOR NO KEY UPDATE;
END IF;
SELECT * INTO paid FROM payments_paymentorder WHERE id = NEW.order_id;
IF paid.state NOT IN ('paid', 'late') OR paid.amount <
    (SELECT sum(amount) FROM payments_refund AS other WHERE order_id = paid.id AND {other}) THEN
    RAISE EXCEPTION 'more of order % goes back than was paid', paid.number USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


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
        """Several refunds of an order, never more than was paid; a key once, unless its refund failed; two persons."""

        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "key"], condition=~Q(state="failed") & ~Q(key=""), name="refund_key_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_positive"),
            models.CheckConstraint(
                condition=Q(hand_confirmed_by__isnull=True, hand_confirmed_at__isnull=True)
                | Q(hand_confirmed_by__isnull=False, hand_confirmed_at__isnull=False)
                & Q(hand_noted_by__isnull=False, hand_noted_at__isnull=False)
                & ~Q(hand_confirmed_by=F("hand_noted_by")),
                name="refund_by_hand_two_persons",
                violation_error_message=_("Who noted a refund by hand does not confirm it."),
            ),
        ]
        indexes = [models.Index(fields=["requested_at"], name="refund_of_a_day")]
        triggers = [
            pgtrigger.ReadOnly(name="frozen", fields=["order", "number", "amount", "key", "requested_at"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            never_emptied("payments"),
            pgtrigger.Trigger(
                name="within_paid",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                declare=[("paid", "payments_paymentorder")],
                func=_WITHIN_PAID.format(
                    new=_GOES.format(row="NEW"), old=_GOES.format(row="OLD"), other=_GOES.format(row="other")
                ),
            ),
        ]

    def __str__(self) -> str:
        """Its number."""
        return self.number

    @property
    def is_unexplained(self) -> bool:
        """Whether the channel has to be asked why it failed before anything else is done with it."""
        return is_unexplained(
            state=self.state, failure=self.failure, channel_refund_id=self.channel_refund_id
        )
