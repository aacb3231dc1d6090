"""Her payment."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext, gettext_noop, override
from django.utils.translation import gettext as _

from accounts.models import User
from billing.models import BillPurpose
from checkout.errors import NotPayableNow, PaymentTimeOver
from checkout.models import Checkout
from checkout.operations import steps
from checkout.states import CheckoutEvent, CheckoutState
from insurance import operations as insurance
from insurance.operations.mobile.promising import NothingToPromise, promise_permission
from kernel import jobs
from payments.models import Channel, Scene
from payments.operations import orders
from payments.operations.closing import close_order

# How long the channel keeps the way to its cashier open; an order that outlived it could not be paid any more.
# Source: general knowledge of WeChat Pay v3 (h5_url five minutes, code_url two hours), not seen in a document.
# Alipay's ways are open until the time that the order says.
_LONG = timedelta(hours=2)
CASHIER_OPEN = dict.fromkeys(Scene, _LONG) | {Scene.H5: timedelta(minutes=5)}

SHOW_AGAIN = gettext_noop(
    "Your permission to pay with 医保 is over or serves another bill. Please show your e-voucher again."
)

_GOING_ON = (CheckoutState.PAYING, CheckoutState.SETTLING, CheckoutState.SETTLED)


@transaction.atomic
def start_payment(
    *,
    checkout_id: int,
    scene: Scene,
    channel: Channel = Channel.WECHAT,
    by: User,
    at: datetime,
    payer_id: str = "",
) -> Checkout:
    """Open the payment order of her share; a share of zero is received at once.

    A double click, or a second tab, meets the order that is already open; asking for another way closes it first. When the insurance may not be asked any more
    the checkout is DECLINED when this returns, and nothing was ordered.

    Raises:
        PaymentTimeOver: the time to pay is over.
        NotPayableNow: the insurer is still being asked, or the bill is closed.
        OrderNotPossible: PY-02, PY-03.
    """
    checkout = steps.locked(pk=checkout_id)
    if checkout.state in _GOING_ON:
        _leave_other_way(checkout, scene, channel)
        return checkout
    if checkout.state != CheckoutState.READY or checkout.bill.cash_amount is None:
        raise NotPayableNow
    if at >= checkout.pay_by:
        raise PaymentTimeOver
    if checkout.uses_insurance and _is_stopped(checkout, by=by, at=at):
        return checkout
    try:
        pay_until = _permission_until(checkout, at=at)
    except NothingToPromise:
        with override("zh-hans"):
            _decline(checkout, gettext(SHOW_AGAIN), by=by, at=at)
        return checkout
    if checkout.bill.cash_amount == 0:
        steps.receive_share(checkout, by=by, at=at)
        return checkout
    order = orders.create_order(
        bill_id=checkout.bill_id,
        amount=checkout.bill.cash_amount,
        scene=scene,
        channel=channel,
        description=_description(checkout),
        expires_at=min(checkout.pay_by, at + CASHIER_OPEN[scene], pay_until or checkout.pay_by),
        by=by,
        at=at,
        payer_id=payer_id,
    )
    steps.move(checkout, CheckoutEvent.START_PAYMENT, by=by, at=at, order=order)
    return checkout


def pay_through(
    *, checkout_id: int, scene: Scene, channel: Channel, by: User, at: datetime, payer_id: str = ""
) -> Checkout:
    """Start her payment and ask the channel at once; calls out, never inside a transaction.

    An order that is open another way is closed at its channel first. When that channel does not answer the checkout is
    still PAYING with the other order when this returns, and the next try goes on; when it says that she has paid, she has.

    Raises:
        PaymentTimeOver, NotPayableNow, OrderNotPossible: as ``start_payment``.
    """
    start = partial(
        start_payment, checkout_id=checkout_id, scene=scene, channel=channel, by=by, at=at, payer_id=payer_id
    )
    checkout = start()
    if _is_open_otherwise(checkout, scene, channel) and checkout.order_id:
        close_order(order_id=checkout.order_id)
        checkout.refresh_from_db()
        if checkout.state == CheckoutState.READY:
            checkout = start()
    if checkout.state == CheckoutState.PAYING and checkout.order_id:
        orders.place_order(order_id=checkout.order_id)
    checkout.refresh_from_db()
    return checkout


def _is_open_otherwise(checkout: Checkout, scene: Scene, channel: Channel) -> bool:
    order = checkout.order
    is_open = checkout.state == CheckoutState.PAYING and order is not None
    return is_open and order is not None and (order.scene, order.channel) != (scene, channel)


def _leave_other_way(checkout: Checkout, scene: Scene, channel: Channel) -> None:
    """The job closes what is open another way, should nobody do it before."""
    if _is_open_otherwise(checkout, scene, channel):
        jobs.enqueue("payments.close_order", order_id=checkout.order_id)


def _is_stopped(checkout: Checkout, *, by: User, at: datetime) -> bool:
    """Whether the hospital has lost the right to settle since the estimate: she is told before she pays, and chooses."""
    refused = steps.reason_against_insurance(checkout.bill, at=at)
    if not refused:
        return False
    _decline(checkout, refused, by=by, at=at)
    return True


def _decline(checkout: Checkout, reason: str, *, by: User, at: datetime) -> None:
    """The insurance is not asked for this bill as things stand; nothing was ordered."""
    if checkout.claim_id:
        insurance.abandon_claim(claim_id=checkout.claim_id, by=by, at=at)
    steps.move(checkout, CheckoutEvent.DECLINE, by=by, at=at, claim=None, decline_reason=reason)


def _permission_until(checkout: Checkout, *, at: datetime) -> datetime | None:
    """Until when her permission to pay with 医保 serves what she is about to pay; None where there is no limit.

    Raises:
        NothingToPromise: it does not any more.
    """
    if not (checkout.uses_insurance and checkout.claim_id):
        return None
    return promise_permission(claim_id=checkout.claim_id, at=at)


def _description(checkout: Checkout) -> str:
    """What she reads at the cashier; says nothing of her illness."""
    purpose = BillPurpose(checkout.bill.purpose).label
    return _("Xinglin Internet hospital: %(purpose)s") % {"purpose": purpose}
