"""How a checkout goes on when the insurer or the channel has spoken."""

from billing import operations as billing
from billing.rules import Parts
from checkout.events import SettlementRefused
from checkout.models import Checkout
from checkout.operations import steps
from checkout.rules import NOT_SETTLED, OTHER_AMOUNT, TOO_LATE
from checkout.states import CHECKOUT, CheckoutEvent, CheckoutState
from insurance import operations as insurance
from insurance.events import (
    ClaimDeclined,
    ClaimPresettled,
    ClaimReversed,
    ClaimSettled,
    ClaimUnconfirmed,
    ClaimVoided,
    LinesReturned,
    ReversalRefused,
)
from insurance.models import Claim, LineReturn
from kernel import clock, events, live
from kernel.events import subscribe
from payments.events import OrderClosed, OrderPaid, OrderPlaced, RefundDone, RefundFailed
from payments.models import PaymentOrder, Refund
from payments.operations import refunds
from payments.queries import is_given_back


def _of_claim(claim_id: int) -> Checkout | None:
    """The checkout that waits for this claim, locked; a claim given up has none."""
    if not Checkout.objects.filter(claim_id=claim_id).exists():
        return None
    return steps.locked(claim_id=claim_id)


def _parts_of(claim: Claim) -> Parts:
    """What the insurer said, in our words."""
    if claim.fund_amount is None or claim.account_amount is None or claim.cash_amount is None:
        raise ValueError("the claim has no amounts")
    return Parts.as_insurer_says(
        fund=claim.fund_amount,
        accounts=claim.account_amount,
        cash=claim.cash_amount,
        family=claim.mutual_aid_amount,
    )


@subscribe(ClaimPresettled)
def take_estimate(event: ClaimPresettled) -> None:
    """Show her who pays what."""
    checkout = _of_claim(event.claim_id)
    if checkout is None or not CHECKOUT.allows(checkout.state, CheckoutEvent.ESTIMATE):
        return
    claim = Claim.objects.get(pk=event.claim_id)
    billing.state_parts(bill_id=checkout.bill_id, parts=_parts_of(claim), in_scope=claim.scope_by_line())
    steps.move(checkout, CheckoutEvent.ESTIMATE, by=None, at=clock.now())


@subscribe(ClaimDeclined)
def take_refusal(event: ClaimDeclined) -> None:
    """Before her payment she may pay all herself; after it her share goes back."""
    _take_no(event.claim_id)


@subscribe(ClaimVoided)
def take_voiding(event: ClaimVoided) -> None:
    """The insurer holds nothing of it: as if it had refused."""
    _take_no(event.claim_id)


def _take_no(claim_id: int) -> None:
    checkout = _of_claim(claim_id)
    if checkout is None:
        return
    now, reason = clock.now(), Claim.objects.get(pk=claim_id).refusal
    if CHECKOUT.allows(checkout.state, CheckoutEvent.DECLINE):
        steps.move(checkout, CheckoutEvent.DECLINE, by=None, at=now, decline_reason=reason)
    elif checkout.state == CheckoutState.SETTLING:
        checkout.decline_reason = reason
        checkout.unwind_reason = checkout.unwind_reason or NOT_SETTLED
        checkout.save(update_fields=["decline_reason", "unwind_reason"])
        events.publish(SettlementRefused(checkout.bill_id))
        steps.give_back_cash(checkout, by=None, at=now)


@subscribe(ClaimUnconfirmed)
def show_unknown(event: ClaimUnconfirmed) -> None:
    """Watching pages say that the outcome is not known yet; when all is to go back anyway, the settlement is undone."""
    checkout = _of_claim(event.claim_id)
    if checkout is None:
        return
    if checkout.state == CheckoutState.SETTLING and checkout.unwind_reason:
        steps.undo_unknown(checkout, at=clock.now())
    live.ring(f"bill:{checkout.bill_id}")


@subscribe(ClaimSettled)
def take_settlement(event: ClaimSettled) -> None:
    """Everything is paid, unless the insurer has settled other amounts than it had said: then all goes back."""
    checkout = _of_claim(event.claim_id)
    if checkout is None or checkout.state != CheckoutState.SETTLING:
        return
    claim = Claim.objects.get(pk=event.claim_id)
    parts = _parts_of(claim)
    agreed = checkout.bill.parts
    billing.state_parts(bill_id=checkout.bill_id, parts=parts, in_scope=claim.scope_by_line())
    if not (agreed and parts.is_as_agreed(agreed)) and not checkout.unwind_reason:
        checkout.unwind_reason = OTHER_AMOUNT
        events.publish(SettlementRefused(checkout.bill_id))
    if steps.may_offer_again(checkout):
        checkout.settled_at = clock.now()
        steps.take_back(checkout, by=None, at=clock.now())
    else:
        steps.complete(checkout, at=clock.now())


@subscribe(ClaimReversed)
def take_reversal(event: ClaimReversed) -> None:
    """The fund has its part back; now hers."""
    checkout = _of_claim(event.claim_id)
    if checkout and checkout.state == CheckoutState.REVERSING:
        steps.give_back_cash(checkout, by=None, at=clock.now())


@subscribe(ReversalRefused)
def keep_settlement(event: ReversalRefused) -> None:
    """The insurer does not take it back: everything stays paid, and the wish is answered."""
    checkout = _of_claim(event.claim_id)
    if checkout and checkout.state == CheckoutState.REVERSING:
        steps.stand(checkout, at=clock.now())
    elif checkout and checkout.state == CheckoutState.SETTLED and checkout.unwind_reason:
        steps.drop_wish(checkout, at=clock.now())


@subscribe(LinesReturned)
def follow_new_claim(event: LinesReturned) -> None:
    """What is settled now is another claim; a wish to give everything back is acted on with it."""
    returned = LineReturn.objects.select_related("claim").get(pk=event.line_return_id)
    checkout = _of_claim(returned.claim_id)
    if checkout is None:
        return
    now, following = clock.now(), insurance.settled_again(returned)
    steps.follow(checkout, following, at=now)


@subscribe(OrderPlaced)
def show_cashier(event: OrderPlaced) -> None:
    """The waiting page can lead her to the cashier."""
    live.ring(f"bill:{PaymentOrder.objects.get(pk=event.order_id).bill_id}")


@subscribe(OrderPaid)
def take_payment(event: OrderPaid) -> None:
    """Her share is in; it goes straight back when that is wanted by now."""
    order = PaymentOrder.objects.get(pk=event.order_id)
    checkout, now = steps.locked(bill_id=order.bill_id), clock.now()
    if checkout.state == CheckoutState.CLOSED:
        checkout.order, checkout.paid_at = order, now
        steps.move(checkout, CheckoutEvent.RECEIVE_LATE, by=None, at=now)
        refunds.request_refund(order_id=order.pk, reason=steps.reason_at_channel(checkout), by=None, at=now)
    elif checkout.state == CheckoutState.PAYING and checkout.unwind_reason:
        if checkout.claim_id:
            insurance.abandon_claim(claim_id=checkout.claim_id, by=None, at=now)
        checkout.paid_at = now
        steps.give_back_cash(checkout, by=None, at=now)
    elif checkout.state == CheckoutState.PAYING:
        steps.receive_share(checkout, by=None, at=now)


@subscribe(OrderClosed)
def take_lapse(event: OrderClosed) -> None:
    """Unpaid: she may try again while there is time, otherwise it ends."""
    order = PaymentOrder.objects.get(pk=event.order_id)
    checkout, now = steps.locked(bill_id=order.bill_id), clock.now()
    if checkout.state != CheckoutState.PAYING or checkout.order_id != order.pk:
        return
    if checkout.unwind_reason or now >= checkout.pay_by:
        steps.close(checkout, reason=checkout.unwind_reason or TOO_LATE, by=None, at=now)
    else:
        steps.move(checkout, CheckoutEvent.LAPSE, by=None, at=now, order=None)


@subscribe(RefundDone)
def take_refund(event: RefundDone) -> None:
    """Her share is back, once all of it is; a part, or money of an order paid too late, ends nothing."""
    refund = Refund.objects.select_related("order").get(pk=event.refund_id)
    checkout = steps.locked(bill_id=refund.order.bill_id)
    is_all = checkout.order_id == refund.order_id and is_given_back(refund.order)
    if checkout.state == CheckoutState.REFUNDING and is_all:
        steps.finish_refund(checkout, at=clock.now())


@subscribe(RefundFailed)
def show_failed_refund(event: RefundFailed) -> None:
    """The page says that a person is looking after it."""
    refund = Refund.objects.select_related("order").get(pk=event.refund_id)
    live.ring(f"bill:{refund.order.bill_id}")
