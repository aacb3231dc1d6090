"""What the pay page says in each state."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from billing.models import Bill, BillPurpose
from billing.queries import decreases_of
from billing.rules import Parts
from checkout.models import Checkout
from checkout.queries import GivenBack, eligibility_of_bill, given_back_of
from checkout.states import CheckoutState
from insurance.models import Claim
from insurance.states import UNKNOWN, ClaimState
from kernel.errors import Violation
from kernel.money import ZERO
from kernel.presentation import clock_time, money
from payments.models import Refund
from payments.states import RefundState

_S = CheckoutState
COUNTED_DOWN = timedelta(hours=1)
"""Minutes and seconds are shown when less is left to pay; before, the moment."""

BADGES = {
    _S.ESTIMATING: "progress",
    _S.DECLINED: "needs",
    _S.READY: "needs",
    _S.PAYING: "needs",
    _S.SETTLING: "confirming",
    _S.SETTLED: "done",
    _S.REVERSING: "progress",
    _S.REFUNDING: "progress",
    _S.REFUNDED: "done",
    _S.CLOSED: "stopped",
}


@dataclass(frozen=True)
class Item:
    """One node of the timeline."""

    kind: str
    what: str
    when: str = ""
    note: str = ""


def heading(checkout: Checkout) -> str:
    """Title of the page."""
    if checkout.bill.purpose == BillPurpose.DRUGS:
        return _("Pay for medicines")
    if checkout.bill.purpose == BillPurpose.CORRECTION:
        return _("Pay the difference of a corrected price")
    return _("Pay the consultation fee")


def timeline(checkout: Checkout) -> list[Item]:
    """What has happened, what is happening, what comes next."""
    items = []
    if checkout.uses_insurance:
        items.append(_estimate(checkout))
    items.append(_share(checkout))
    if checkout.uses_insurance:
        items.append(_settlement(checkout))
    if checkout.state in (_S.REVERSING, _S.REFUNDING, _S.REFUNDED) or checkout.unwind_reason:
        items += _way_back(checkout)
    elif checkout.state != _S.CLOSED:
        items.append(_what_follows(checkout))
    return items


def _estimate(checkout: Checkout) -> Item:
    """2206A, in her words."""
    bill = checkout.bill
    if checkout.state == _S.ESTIMATING:
        return Item("now", _("Asking the insurer what it pays"))
    if checkout.state == _S.DECLINED:
        return Item("failed", _("The insurer does not pay this bill"), note=checkout.decline_reason)
    if bill.fund_amount is None:
        return Item("next", _("The insurer is asked what it pays"))
    note = _("Fund %(fund)s, account %(account)s, you %(cash)s") % {
        "fund": money(bill.fund_amount), "account": money(bill.accounts_amount), "cash": money(bill.cash_amount),
    }  # fmt: skip
    return Item("done", _("The insurer has said what it pays"), note=note)


def _share(checkout: Checkout) -> Item:
    """Her part."""
    amount = _her_part(checkout)
    if checkout.paid_at and amount == 0:
        return Item("done", _("Nothing for you to pay"), clock_time(checkout.paid_at))
    if checkout.paid_at:
        what = _("You paid %(amount)s by %(channel)s") % {
            "amount": money(amount),
            "channel": paid_by(checkout),
        }
        return Item("done", what, clock_time(checkout.paid_at))
    if checkout.state == _S.CLOSED:
        return Item("failed", _("Not paid"), clock_time(checkout.ended_at))
    kind = "now" if checkout.state in (_S.READY, _S.PAYING) else "next"
    return Item(kind, _("You pay your share"))


def paid_by(checkout: Checkout) -> str:
    """The channel of her payment, in her words; empty where there is none."""
    return str(checkout.order.get_channel_display()) if checkout.order else ""


def _her_part(checkout: Checkout) -> Decimal | None:
    """Yuan that she pays or has paid: when the insurer settles other parts, the bill says something else."""
    if checkout.paid_at is None:
        return checkout.bill.cash_amount
    return checkout.order.amount if checkout.order else ZERO


def _settlement(checkout: Checkout) -> Item:
    """2207A, in her words."""
    claim = checkout.claim
    if checkout.state == _S.SETTLING and claim and claim.state in UNKNOWN:
        what = _("The insurance settles; waiting for its answer")
        return Item("unknown", what, clock_time(claim.submitted_at), _asked_again(claim))
    if checkout.state == _S.SETTLING:
        return Item("now", _("The insurance settles"))
    if checkout.settled_at:
        return Item("done", _("The insurance has settled"), clock_time(checkout.settled_at))
    if checkout.decline_reason and checkout.paid_at:
        return Item("failed", _("The insurance did not settle"), note=checkout.decline_reason)
    return Item("next", _("The insurance settles"))


def _asked_again(claim: Claim) -> str:
    """When the insurer is asked next, or that a person of the hospital asks."""
    if claim.next_ask_at is None:
        return _("Our insurance office has been told and is asking the insurer.")
    return _("Asked again by itself, next at %(time)s") % {"time": clock_time(claim.next_ask_at)}


def _way_back(checkout: Checkout) -> list[Item]:
    """Both parts of the money on their way back."""
    items = []
    done = checkout.state == _S.REFUNDED
    if checkout.uses_insurance and checkout.settled_at:
        going = checkout.state == _S.REVERSING
        claim = checkout.claim
        unknown = going and claim and claim.state == ClaimState.REVERSAL_UNCONFIRMED
        kind = (
            "unknown"
            if unknown
            else "now"
            if going
            else "done"
            if checkout.state in (_S.REFUNDING, _S.REFUNDED)
            else "next"
        )
        items.append(Item(kind, _("The insurance part goes back to the fund and the account")))
    if checkout.order_id and checkout.paid_at:
        kind = "done" if done else "now" if checkout.state == _S.REFUNDING else "next"
        when = clock_time(checkout.ended_at) if done else ""
        names = {"amount": money(_her_part(checkout)), "channel": paid_by(checkout)}
        what = _("%(amount)s goes back to %(channel)s, the way it came") % names
        items.append(Item(kind, what, when))
    if not items:
        items.append(Item("done" if done else "now", _("Nothing had been paid")))
    return items


def _what_follows(checkout: Checkout) -> Item:
    """The next thing after the money."""
    kind = "next" if checkout.state != _S.SETTLED else "now"
    if checkout.bill.purpose == BillPurpose.DRUGS:
        return Item(kind, _("The pharmacy prepares your medicines"))
    if checkout.bill.purpose == BillPurpose.CORRECTION:
        return Item(kind, _("Nothing more is to be done"))
    return Item(kind, _("You wait for the doctor in the queue"))


def refund_failed(checkout: Checkout) -> bool:
    """Whether a person of the hospital must look after the refund."""
    if not checkout.order_id:
        return False
    return Refund.objects.filter(order_id=checkout.order_id, state=RefundState.FAILED).exists()


def against_insurance(checkout: Checkout, *, at: datetime) -> Violation | None:
    """Why the hospital may not ask the insurance about her bill, in her language; None when it may, or has."""
    if checkout.state != _S.DECLINED:
        return None
    return eligibility_of_bill(checkout.bill, at=at).violation


def shares_in_force(bill: Bill, returned: GivenBack | None, lower_price: Decimal = ZERO) -> Parts | None:
    """Who pays how much by now, in yuan; None: not known.

    Args:
        bill: the bill, with the parts as they were settled.
        returned: what was given back of it by lines.
        lower_price: what a price that was corrected gives back of her cash.
    """
    if bill.parts is None:
        return None
    settled = bill.parts if returned is None else bill.parts + returned.change
    return settled - Parts.of_cash(lower_price)


def difference_of_hers(returned: GivenBack | None) -> str:
    """What becomes of her money after a return of lines; empty when nothing does."""
    if returned is None or not returned.change.cash:
        return ""
    amount = money(abs(returned.change.cash))
    if returned.change.cash < 0:
        return _("%(amount)s of yours goes back the way you paid.") % {"amount": amount}
    text = _("Your part would be %(amount)s more now. The hospital bears it; you need not do anything.")
    return text % {"amount": amount}


def page_context(checkout: Checkout, *, at: datetime) -> dict[str, Any]:
    """Everything the page shows."""
    returned = given_back_of(checkout.bill_id)
    lower_price = sum((each.cash for each in decreases_of(checkout.bill_id).values()), ZERO)
    return {
        "checkout": checkout,
        "bill": checkout.bill,
        "returned": returned,
        "lower_price": lower_price,
        "shares": shares_in_force(checkout.bill, returned, lower_price),
        "difference": difference_of_hers(returned),
        "lines": list(checkout.bill.lines.select_related("document")),
        "encounter": checkout.bill.encounter,
        "heading": heading(checkout),
        "badge": BADGES[CheckoutState(checkout.state)],
        "items": timeline(checkout),
        "now": at,
        "is_late": at >= checkout.pay_by,
        "is_soon": checkout.pay_by - at <= COUNTED_DOWN,
        "paid_by": paid_by(checkout),
        "refund_failed": refund_failed(checkout),
        "paid_amount": _her_part(checkout),
        "against": against_insurance(checkout, at=at),
    }
