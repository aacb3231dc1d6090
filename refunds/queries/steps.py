"""A refund step by step, as the patient and the office see it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from kernel.money import ZERO
from kernel.presentation import moment, money
from payments.states import RefundState
from refunds.models import RefundRequest, Scope
from refunds.states import OPEN, RefundRequestState

_S = RefundRequestState


@dataclass(frozen=True)
class Step:
    """One node of the timeline; kind is done, now, next or failed."""

    kind: str
    what: str
    when: str = ""
    note: str = ""


def steps_of(request: RefundRequest) -> list[Step]:
    """What has happened, what is happening, and what comes next.

    ``request`` has its bill, claim-side return, channel refund and order selected.
    """
    asked = Step("done", _("Refund asked for"), moment(request.requested_at), _(request.reason))
    if request.state == _S.DECLINED:
        return [
            asked,
            Step("failed", _("Not refunded"), moment(request.decided_at), _(request.decline_reason)),
        ]
    found = [asked, _decision(request)]
    if _goes_through_the_insurer(request):
        found.append(_insurer(request))
    if _is_paid_through_a_channel(request):
        found.append(_channel(request))
    return [*found, _end(request)]


def _decision(request: RefundRequest) -> Step:
    if request.decided_at is None:
        return Step("now", _("The hospital looks at it"), note=_("You need not do anything."))
    return Step("done", _("Agreed to by the hospital"), moment(request.decided_at))


def _goes_through_the_insurer(request: RefundRequest) -> bool:
    if request.scope == Scope.CASH:
        return False
    return bool(request.line_return_id) or bool(request.bill.parts and request.bill.parts.insurance)


def _insurer(request: RefundRequest) -> Step:
    what = _("The insurance part goes back to the fund and the account")
    if request.decided_at is None:
        return Step("next", what)
    is_over = request.return_bill_id or request.payment_refund_id or request.state == _S.DONE
    if is_over:
        return Step("done", what)
    return Step(*(("failed", what) if request.state == _S.FAILED else ("now", what)))


def _is_paid_through_a_channel(request: RefundRequest) -> bool:
    """Whether money of hers goes back, or may: it is not known before the insurer has spoken."""
    if request.payment_refund_id:
        return True
    is_known = request.state == _S.DONE or request.return_bill_id
    return not is_known and bool(request.bill.cash_amount)


def _channel(request: RefundRequest) -> Step:
    refund = request.payment_refund
    if refund is None:
        return Step("next", _("Your payment goes back the way it came"))
    words = {"amount": money(refund.amount), "channel": refund.order.get_channel_display()}
    what = _("%(amount)s goes back through %(channel)s") % words
    if refund.state == RefundState.DONE:
        return Step("done", what, moment(refund.done_at))
    if refund.state == RefundState.FAILED:
        return Step("failed", what, note=_("Our finance office has been told and will see to it."))
    return Step("now", what, note=_("The channel needs up to three working days."))


def _end(request: RefundRequest) -> Step:
    if request.state == _S.DONE:
        return Step("done", _("Refunded"), moment(request.finished_at))
    if request.state == _S.FAILED and request.payment_refund_id is None:
        return Step(
            "failed", _("It did not work"), note=_("Our finance office has been told and will see to it.")
        )
    return Step("next", _("Refunded"))


def is_open(request: RefundRequest) -> bool:
    """Whether money may still go back by it."""
    return request.state in OPEN


def shown_amount(request: RefundRequest) -> str:
    """What goes back in all, in yuan."""
    return money(request.approved_amount if request.approved_amount is not None else request.asked_amount)


def hospital_bears(request: RefundRequest) -> str:
    """What the hospital bears since the insurer pays less for what stays; empty when nothing."""
    amount = request.institution_amount or ZERO
    return money(-amount) if amount < 0 else ""
