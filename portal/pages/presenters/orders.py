"""What the list of a patient's bills says: where each stands, and what she does next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from billing.models import Bill, BillPurpose
from checkout.models import Checkout
from checkout.states import CheckoutState
from kernel.identifiers import masked_name
from kernel.money import ZERO
from kernel.presentation import is_chinese, moment, money
from portal.queries.orders import Group, Order

_S = CheckoutState


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the money of a bill stands, in her words."""

    badge: str
    """One of the vocabulary of badges."""
    word: str
    sentence: str
    action: str = ""
    """What the button says; empty where she has nothing to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One bill of the list."""

    order: Order
    bill: Bill
    icon: str
    title: str
    amount: str
    """What she paid, what came back and what stands; before that her part, or the whole bill. Says which."""
    standing: Standing


@dataclass(frozen=True, slots=True)
class Section:
    """Bills under one heading; not empty."""

    name: str
    title: str
    rows: list[Row]


def sections_of(orders: list[Order], *, at: datetime) -> list[Section]:
    """What is to pay first, then what comes back to her, then what goes on by itself."""
    titles = {
        Group.TO_PAY: _("To pay"),
        Group.GOING_BACK: _("Money on its way back to you"),
        Group.UNDER_WAY: _("Under way"),
    }
    grouped = {group: [order for order in orders if order.group(at) == group] for group in titles}
    return [
        Section(group.value, title, [row_of(order, at=at) for order in grouped[group]])
        for group, title in titles.items()
        if grouped[group]
    ]


def row_of(order: Order, *, at: datetime) -> Row:
    """A bill in words."""
    bill = order.checkout.bill
    icon = "pill" if bill.purpose == BillPurpose.DRUGS else "wallet"
    return Row(order, bill, icon, title_of(bill), _amount(order), standing_of(order, at=at))


def title_of(bill: Bill) -> str:
    """What was charged, and by whom."""
    practitioner = bill.encounter.practitioner
    name = practitioner.name if is_chinese() else practitioner.name_en or practitioner.name
    words = {
        BillPurpose.CONSULTATION: _("Consultation fee, Dr %(name)s"),
        BillPurpose.DRUGS: _("Medicines, Dr %(name)s"),
        BillPurpose.CORRECTION: _("Difference of a corrected price, Dr %(name)s"),
    }
    said = words.get(BillPurpose(bill.purpose), _("Bill, Dr %(name)s"))
    return said % {"name": masked_name(name)}


def _amount(order: Order) -> str:
    bill = order.checkout.bill
    amounts = {
        "total": money(bill.total_amount), "hers": money(bill.cash_amount), "paid": money(order.paid),
        "back": money(order.given_back), "stands": money(order.stands),
    }  # fmt: skip
    if bill.cash_amount is None or order.checkout.state == _S.CLOSED:
        return _("Bill of %(total)s") % amounts
    if order.paid and order.given_back:
        return _("You paid %(paid)s, %(back)s came back, %(stands)s stands") % amounts
    if order.checkout.paid_at:
        return _("You paid %(paid)s of %(total)s") % amounts
    return _("Your part %(hers)s of %(total)s") % amounts


def standing_of(order: Order, *, at: datetime) -> Standing:
    """Where it stands by now."""
    group = order.group(at)
    if group == Group.TO_PAY:
        return _to_pay(order.checkout)
    if group == Group.GOING_BACK:
        return _going_back(order)
    return _under_way(order.checkout) if group == Group.UNDER_WAY else _done(order)


def _to_pay(checkout: Checkout) -> Standing:
    names = {"amount": money(checkout.bill.cash_amount), "time": moment(checkout.pay_by)}
    if checkout.state == _S.DECLINED:
        said = _("The insurance does not pay this bill. You choose how to go on, until %(time)s.") % names
        return Standing("needs", _("Needs you"), said, _("Look and choose"))
    if checkout.state == _S.PAYING:
        said = _("Your payment has begun. Finish it until %(time)s, or look whether it has arrived.") % names
        return Standing("needs", _("Payment begun"), said, _("Go on with the payment"))
    if checkout.bill.cash_amount == ZERO:
        said = _("Nothing is left for you to pay. Please confirm until %(time)s.") % names
        return Standing("needs", _("To confirm"), said, _("Look and confirm"))
    said = _("Please pay until %(time)s.") % names
    return Standing("needs", _("To pay"), said, _("Pay %(amount)s") % names)


def _under_way(checkout: Checkout) -> Standing:
    if checkout.state == _S.ESTIMATING:
        said = _("We ask the insurer what it pays. Usually a few seconds.")
        return Standing("progress", _("Asking the insurer"), said)
    if checkout.state == _S.SETTLING:
        said = _("Your part is in, and the insurer settles its part. Please do not pay again.")
        return Standing("confirming", "", said)
    if checkout.state == _S.PAYING:
        said = _("The time to pay is over. We ask whether you paid in the last moment.")
        return Standing("confirming", "", said)
    said = _("The time to pay is over. The bill is being closed, and nothing is charged.")
    return Standing("stopped", _("Not paid in time"), said)


def _going_back(order: Order) -> Standing:
    said = _(
        "Some money is going back to you. You need not do anything; every step is on the page of the bill."
    )
    if order.checkout.state == _S.REVERSING:
        said = _("The insurance part goes back first, then yours. You need not do anything.")
    elif order.checkout.state == _S.REFUNDING and order.checkout.order:
        order_paid = order.checkout.order
        said = _("%(amount)s goes back to %(channel)s, the way it came. You need not do anything.") % {
            "amount": money(order.stands), "channel": order_paid.get_channel_display(),
        }  # fmt: skip
    return Standing("progress", _("Going back"), said)


def _done(order: Order) -> Standing:
    checkout, names = order.checkout, {"amount": money(order.given_back)}
    if checkout.state == _S.CLOSED:
        said = _("It was closed, and nothing was charged.")
        if order.late_back:
            names = {"amount": money(order.late_back)}
            said = _("It was closed. The %(amount)s that came too late is back with you.") % names
        return Standing("stopped", _("Closed"), said)
    if checkout.state == _S.REFUNDED:
        said = _("Everything is back with those who paid; your part was %(amount)s.") % names
        return Standing("done", _("Money is back"), said)
    if order.given_back:
        return Standing(
            "done", _("Paid and settled"), _("Paid and settled. %(amount)s of it came back to you.") % names
        )
    return Standing("done", _("Paid and settled"), _("Paid and settled."))


def orders_context(orders: list[Order], ended: list[Order], *, at: datetime) -> dict[str, Any]:
    """What the list shows; ``ended`` is one page of those at their end."""
    return {
        "sections": sections_of(orders, at=at),
        "ended": [row_of(order, at=at) for order in ended],
    }
