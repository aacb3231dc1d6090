"""Her payment."""

from datetime import datetime, timedelta

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
from payments.models import Scene
from payments.operations import orders

# How long the channel keeps the way to its cashier open; an order that outlived it could not be paid any more.
# Source: general knowledge of WeChat Pay v3 (h5_url five minutes, code_url two hours), not seen in a document.
CASHIER_OPEN = {Scene.H5: timedelta(minutes=5), Scene.NATIVE: timedelta(hours=2)}

SHOW_AGAIN = gettext_noop(
    "Your permission to pay with 医保 is over or serves another bill. Please show your e-voucher again."
)

_GOING_ON = (CheckoutState.PAYING, CheckoutState.SETTLING, CheckoutState.SETTLED)


@transaction.atomic
def start_payment(*, checkout_id: int, scene: Scene, by: User, at: datetime) -> Checkout:
    """Open the payment order of her share; a share of zero is received at once.

    A double click, or a second tab, meets the order that is already open. When the insurance may not be asked any more
    the checkout is DECLINED when this returns, and nothing was ordered.

    Raises:
        PaymentTimeOver: the time to pay is over.
        NotPayableNow: the insurer is still being asked, or the bill is closed.
    """
    checkout = steps.locked(pk=checkout_id)
    if checkout.state in _GOING_ON:
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
        description=_description(checkout),
        expires_at=min(checkout.pay_by, at + CASHIER_OPEN[scene], pay_until or checkout.pay_by),
        by=by,
        at=at,
    )
    steps.move(checkout, CheckoutEvent.START_PAYMENT, by=by, at=at, order=order)
    return checkout


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
