"""How far money has come on its way back, in the patient's words."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from checkout.pages.presenters import Item
from kernel.money import ZERO
from kernel.presentation import moment, money
from payments.states import RefundState
from refunds.models import RefundRequest
from refunds.states import RefundRequestState

_S = RefundRequestState
_BADGES = {
    _S.REQUESTED: "waiting",
    _S.APPROVED: "progress",
    _S.SENDING: "progress",
    _S.DONE: "done",
    _S.DECLINED: "refused",
    _S.FAILED: "progress",
}


@dataclass(frozen=True, slots=True)
class RefundCard:
    """One request with its steps, oldest first."""

    request: RefundRequest
    amount: Decimal
    badge: str
    word: str
    items: list[Item]


def refund_card(request: RefundRequest) -> RefundCard:
    """A request as a timeline: asked for, agreed to, the insurance part, her part."""
    items = [Item("done", _("Asked for"), moment(request.requested_at)), _decision(request)]
    if request.state != _S.DECLINED:
        items += [*_insurance_part(request), *_her_part(request)]
    amount = request.asked_amount if request.approved_amount is None else request.approved_amount
    return RefundCard(request, amount, _BADGES[_S(request.state)], _word(request), items)


def _word(request: RefundRequest) -> str:
    words = {
        _S.REQUESTED: _("Being looked at"),
        _S.APPROVED: _("Agreed to"),
        _S.SENDING: _("Going back"),
        _S.DONE: _("Money is back"),
        _S.DECLINED: _("Not agreed to"),
        _S.FAILED: _("A person sees to it"),
    }
    return words[_S(request.state)]


def _decision(request: RefundRequest) -> Item:
    if request.state == _S.REQUESTED:
        return Item("now", _("The hospital looks at it"))
    if request.state == _S.DECLINED:
        return Item(
            "failed", _("Not agreed to"), moment(request.decided_at), _(request.decline_reason or " ")
        )
    return Item("done", _("Agreed to"), moment(request.decided_at))


def _insurance_part(request: RefundRequest) -> list[Item]:
    """Nothing where the insurance paid nothing of the bill."""
    parts = request.bill.parts
    if parts is None or not (parts.fund or parts.accounts):
        return []
    what = _("The insurance part goes back to the fund and the account")
    if request.parts is not None or request.state == _S.DONE:
        return [Item("done", what)]
    if request.state == _S.FAILED and request.payment_refund is None:
        return [
            Item(
                "failed", what, note=_("It did not go by itself. Our money office sees to it and calls you.")
            )
        ]
    return [Item("now" if request.state == _S.SENDING else "next", what)]


def _her_part(request: RefundRequest) -> list[Item]:
    refund = request.payment_refund
    if refund is None:
        is_over = request.state == _S.DONE or request.bill.cash_amount == ZERO
        return [] if is_over else [Item("next", _("Your part goes back to you"))]
    names = {"amount": money(refund.amount), "channel": refund.order.get_channel_display()}
    if refund.state == RefundState.DONE:
        return [Item("done", _("%(amount)s is back at %(channel)s") % names, moment(refund.done_at))]
    what = _("%(amount)s goes back to %(channel)s, the way it came") % names
    if refund.state == RefundState.FAILED:
        return [
            Item(
                "failed", what, note=_("It did not go by itself. Our money office sees to it and calls you.")
            )
        ]
    return [Item("now", what)]
