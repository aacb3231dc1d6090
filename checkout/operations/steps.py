"""The single steps that the operations and the events share; callers hold the transaction."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext, override

from accounts.models import User
from audit import operations as audit
from billing import operations as billing
from billing.models import Bill, BillPurpose
from billing.rules import Parts
from billing.states import BILL, BillEvent
from checkout.events import BillRefunded, BillSettled, CheckoutChanged, CheckoutClosed, ShareReceived
from checkout.models import Checkout
from checkout.queries import eligibility_of_bill
from checkout.rules import TOO_LATE, is_offered_again
from checkout.states import CHECKOUT, CheckoutEvent, CheckoutState
from insurance import operations as insurance
from insurance.models import Claim
from insurance.queries.eligibility import said_in_full
from kernel import events, live
from kernel.money import ZERO
from payments.operations import refunds
from payments.queries import is_given_back

_ABOUT = ("bill__encounter__institution", "bill__encounter__coverage", "bill__encounter__known_disease")


def locked(**lookup: Any) -> Checkout:
    """The checkout, locked for this transaction, after its claim.

    What the insurer says is recorded claim first and checkout second; whoever begins at the checkout
    must take them in the same order, or the two wait for each other.
    """
    found: tuple[int, int | None] = Checkout.objects.filter(**lookup).values_list("pk", "claim_id").get()
    while True:
        pk, claim_id = found
        if claim_id:
            Claim.objects.select_for_update(of=("self",)).get(pk=claim_id)
        rows = Checkout.objects.select_for_update(of=("self",)).select_related(*_ABOUT)
        checkout = rows.get(pk=pk)
        if checkout.claim_id == claim_id:
            return checkout
        found = (pk, checkout.claim_id)


def move(checkout: Checkout, event: CheckoutEvent, *, by: User | None, at: datetime, **changes: Any) -> None:
    """One step: state, the changes that go with it, the trace, and the bell of watching pages."""
    checkout.state = CHECKOUT.after(checkout.state, event)
    for name, value in changes.items():
        setattr(checkout, name, value)
    checkout.save()
    audit.record(f"checkout.{event.value}", on=checkout, by=by, at=at)
    tell(checkout)


def tell(checkout: Checkout) -> None:
    """Ring the bell of watching pages and tell the apps above."""
    live.ring(f"bill:{checkout.bill_id}")
    events.publish(CheckoutChanged(checkout.bill_id))


def all_cash(bill: Bill) -> Parts:
    """The patient pays everything."""
    return Parts(ZERO, ZERO, bill.total_amount)


def receive_share(checkout: Checkout, *, by: User | None, at: datetime) -> None:
    """Her share is in: settle with the insurer, or be done when there is none."""
    if checkout.uses_insurance and checkout.claim_id:
        insurance.submit_claim(claim_id=checkout.claim_id, by=by, at=at)
        move(checkout, CheckoutEvent.RECEIVE, by=by, at=at, paid_at=at)
        events.publish(ShareReceived(checkout.bill_id))
    else:
        checkout.paid_at = at
        events.publish(ShareReceived(checkout.bill_id))
        complete(checkout, at=at)


def complete(checkout: Checkout, *, at: datetime) -> None:
    """Everything is paid; go back at once when that was wanted meanwhile, unless a subscriber has seen to it."""
    move(checkout, CheckoutEvent.COMPLETE, by=None, at=at, settled_at=at)
    _settle_bill(checkout, at=at)
    if checkout.unwind_reason and checkout.state == CheckoutState.SETTLED:
        take_back(checkout, by=None, at=at)


def _settle_bill(checkout: Checkout, *, at: datetime) -> None:
    """Everything of the bill is paid, and everybody is told; the checkout is read anew afterwards."""
    billing.settle_bill(bill_id=checkout.bill_id, at=at)
    events.publish(BillSettled(checkout.bill_id))
    checkout.refresh_from_db()


def stand(checkout: Checkout, *, at: datetime) -> None:
    """The insurer does not take its part back: the wish is answered, and everything stays paid.

    A bill that was to be offered again was never settled; it is now. When the insurer settled another cash part than
    she paid, that is written down, and the comparison of the books shows it to the finance office.
    """
    move(checkout, CheckoutEvent.STAND, by=None, at=at, unwind_reason="")
    bill = Bill.objects.get(pk=checkout.bill_id)
    paid = checkout.order.amount if checkout.order else ZERO
    if paid != bill.cash_amount:
        facts = {"paid": str(paid), "share": str(bill.cash_amount)}
        audit.record("checkout.share_differs", on=checkout, by=None, at=at, facts=facts)
    if BILL.allows(bill.state, BillEvent.SETTLE):
        _settle_bill(checkout, at=at)


def take_back(checkout: Checkout, *, by: User | None, at: datetime) -> None:
    """The insurance part first, then the patient's; while lines are being returned the wish is kept until they are."""
    if checkout.claim_id and insurance.return_under_way(checkout.claim_id):
        return
    if checkout.uses_insurance and checkout.claim_id:
        insurance.reverse_claim(claim_id=checkout.claim_id, by=by, at=at)
        move(checkout, CheckoutEvent.REVERSE, by=by, at=at)
    else:
        give_back_cash(checkout, by=by, at=at)


def drop_wish(checkout: Checkout, *, at: datetime) -> None:
    """Lines were to be returned first, and the insurer takes nothing back: the wish for all of it is answered, too."""
    checkout.unwind_reason = ""
    checkout.save(update_fields=["unwind_reason"])
    audit.record(f"checkout.{CheckoutEvent.STAND.value}", on=checkout, by=None, at=at)
    tell(checkout)


def reason_against_insurance(bill: Bill, *, at: datetime) -> str:
    """Why the insurance may not be asked about a bill, in the language of the hospital; empty when it may."""
    with override("zh-hans"):
        violation = eligibility_of_bill(bill, at=at).violation
        return said_in_full(violation)[:500] if violation else ""


def undo_unknown(checkout: Checkout, *, at: datetime) -> None:
    """Everything is to go back, and whether the insurer has settled is not known: undo it, while that is possible.

    Otherwise its answer is waited for, and a settlement is taken back.
    """
    claim = checkout.claim
    if claim and insurance.may_undo(claim, at=at):
        insurance.void_claim(claim_id=claim.pk, by=None, at=at)


def follow(checkout: Checkout, claim: Claim | None, *, at: datetime) -> None:
    """Lines were returned: another claim counts now, or none; go back wholly when that was wanted meanwhile."""
    checkout.claim, checkout.uses_insurance = claim, claim is not None
    checkout.save(update_fields=["claim", "uses_insurance"])
    if checkout.unwind_reason and checkout.state == CheckoutState.SETTLED:
        take_back(checkout, by=None, at=at)
    tell(checkout)


def reason_at_channel(checkout: Checkout) -> str:
    """Why the money goes back, in the language of the hospital; pages say it in the reader's."""
    with override("zh-hans"):
        return gettext(checkout.unwind_reason)


def give_back_cash(checkout: Checkout, *, by: User | None, at: datetime) -> None:
    """Refund what is left of her share, or finish when nothing is; parts of it may be back or on their way already."""
    if checkout.order and checkout.paid_at and not is_given_back(checkout.order):
        refunds.request_refund(order_id=checkout.order.pk, reason=reason_at_channel(checkout), by=by, at=at)
        move(checkout, CheckoutEvent.REFUND, by=by, at=at)
    else:
        finish_refund(checkout, at=at)


def finish_refund(checkout: Checkout, *, at: datetime) -> None:
    """Everything is back; medicines that the insurer did not settle may still be bought."""
    if may_offer_again(checkout):
        offer_again(checkout, at=at)
        return
    move(checkout, CheckoutEvent.FINISH_REFUND, by=None, at=at, ended_at=at)
    bill = checkout.bill
    bill.refresh_from_db()
    if BILL.allows(bill.state, BillEvent.REFUND):
        billing.refund_bill(bill_id=bill.pk, at=at)
    elif BILL.allows(bill.state, BillEvent.VOID):
        billing.void_bill(bill_id=bill.pk, at=at)
    events.publish(BillRefunded(checkout.bill_id))


def may_offer_again(checkout: Checkout) -> bool:
    """Whether the bill stays open for her to pay herself."""
    is_for_drugs = checkout.bill.purpose == BillPurpose.DRUGS
    return is_offered_again(is_for_drugs=is_for_drugs, reason=checkout.unwind_reason)


def offer_again(checkout: Checkout, *, at: datetime) -> None:
    """As before her payment: she may pay all herself, state another insurance, or leave it."""
    reason = checkout.decline_reason or reason_at_channel(checkout)
    move(
        checkout, CheckoutEvent.OFFER_AGAIN, by=None, at=at, order=None, paid_at=None, settled_at=None,
        unwind_reason="", decline_reason=reason,
    )  # fmt: skip
    if at >= checkout.pay_by:
        close(checkout, reason=TOO_LATE, by=None, at=at)


def close(checkout: Checkout, *, reason: str, by: User | None, at: datetime) -> None:
    """End before anything was paid."""
    if checkout.claim_id:
        insurance.abandon_claim(claim_id=checkout.claim_id, by=by, at=at)
    move(checkout, CheckoutEvent.CLOSE, by=by, at=at, ended_at=at, unwind_reason=reason[:80])
    billing.void_bill(bill_id=checkout.bill_id, at=at)
    events.publish(CheckoutClosed(checkout.bill_id))
