"""Send a refund on its way: the insurer first, then the channel; nothing here calls out."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from billing import operations as billing
from billing.queries import standing_parts
from billing.rules import Parts
from checkout.models import Checkout
from checkout.operations import unwind
from insurance import operations as insurance
from insurance.models import Claim, LineReturn
from kernel.errors import DomainError, refuse_if_any
from kernel.money import ZERO
from payments.operations import refunds as payments
from refunds.errors import RefundRefused
from refunds.models import RefundRequest, Scope
from refunds.operations import steps
from refunds.queries.requests import cash_left
from refunds.rules.asking import amount_violations
from refunds.rules.parts import shares_after
from refunds.states import RefundRequestEvent

GOES_BACK = _("All of this bill is on its way back.")


def send(request: RefundRequest, *, by: User | None, at: datetime) -> None:
    """What was agreed to is done; what cannot be done leaves nothing half done and waits for a person.

    The caller holds checkout and request.
    """
    steps.move(request, RefundRequestEvent.SEND, by=by, at=at, sent_at=at, failure="")
    attempt(request, by=by, at=at)


def attempt(request: RefundRequest, *, by: User | None, at: datetime) -> None:
    """The next step of what is on its way."""
    try:
        with transaction.atomic():
            _WAYS[Scope(request.scope)](request, by, at)
    except DomainError as refused:
        request.refresh_from_db()
        with override("zh-hans"):
            steps.fail(request, str(refused.message), at=at)


def _whole(request: RefundRequest, by: User | None, at: datetime) -> None:
    """Everything goes back in the reverse order of its coming; the checkout says how far it is."""
    steps.set_aside(request.bill_id, at=at)
    unwind(bill_id=request.bill_id, reason=request.reason, by=by, at=at)
    request.refresh_from_db()


def _lines(request: RefundRequest, by: User | None, at: datetime) -> None:
    """The insurer settles again what stays; without insurance her money goes straight back."""
    checkout = _of(request)
    if checkout.unwind_reason:
        raise RefundRefused(GOES_BACK)
    returned = request.line_return
    if returned and returned.concluded_at:
        _give_back(request, _stays(returned), by, at)
    elif checkout.uses_insurance and checkout.claim_id:
        request.line_return = insurance.return_lines(
            bill_id=request.bill_id, quantities=_quantities(request), by=by, at=at
        )
        request.save(update_fields=["line_return"])
    else:
        left = standing_parts(request.bill_id).total - request.asked_amount
        _give_back(request, Parts.of_cash(left), by, at)


def _cash(request: RefundRequest, by: User | None, at: datetime) -> None:
    """Only her money, for what was worked out elsewhere."""
    refuse_if_any(amount_violations(request.asked_amount, left=cash_left(_of(request))), RefundRefused)
    request.say_parts(Parts.of_cash(request.asked_amount))
    _pay_back(request, request.asked_amount, by, at)


_WAYS = {Scope.WHOLE: _whole, Scope.LINES: _lines, Scope.CASH: _cash}


def _give_back(request: RefundRequest, stays: Parts, by: User | None, at: datetime) -> None:
    """The return bill says who has how much back; then her money goes to the channel."""
    standing = standing_parts(request.bill_id)
    change = shares_after(stays, standing) - standing
    request.return_bill = billing.return_lines_of_bill(
        bill_id=request.bill_id, quantities=_quantities(request), parts=change,
        reason=request.reason, by=by, at=at,
    )  # fmt: skip
    request.say_parts(-change)
    request.save()
    if change.cash < 0:
        _pay_back(request, -change.cash, by, at)
    else:
        steps.finish(request, at=at)


def _pay_back(request: RefundRequest, amount: Decimal, by: User | None, at: datetime) -> None:
    order = _of(request).order
    if order is None:
        refuse_if_any(amount_violations(amount, left=ZERO), RefundRefused)
        return
    request.payment_refund = payments.request_refund(
        order_id=order.pk, reason=reason_at_channel(request), amount=amount,
        key=f"refund:{request.number}", by=by, at=at,
    )  # fmt: skip
    request.save()


def _stays(returned: LineReturn) -> Parts:
    """Who pays what stays, as the insurer has settled it; all of it is hers when it does not settle any more."""
    claim = insurance.settled_again(returned)
    if claim:
        return parts_of(claim)
    old = parts_of(returned.claim)
    gone = (
        returned.fund_difference or ZERO,
        returned.account_difference or ZERO,
        returned.cash_difference or ZERO,
    )
    return Parts.of_cash(old.total + sum(gone, ZERO))


def parts_of(claim: Claim) -> Parts:
    """What the insurer said of a claim, payer by payer."""
    return Parts.as_insurer_says(
        fund=claim.fund_amount or ZERO,
        accounts=claim.account_amount or ZERO,
        cash=claim.cash_amount or ZERO,
        family=claim.mutual_aid_amount,
    )


def _quantities(request: RefundRequest) -> dict[int, Decimal]:
    return {each.line.number: each.quantity for each in request.lines.select_related("line")}


def _of(request: RefundRequest) -> Checkout:
    """The checkout of its bill."""
    return Checkout.objects.select_related("order", "claim").get(bill=request.bill_id)


def reason_at_channel(request: RefundRequest) -> str:
    """Why the money goes back, in the language of the hospital."""
    with override("zh-hans"):
        return gettext(request.reason)
