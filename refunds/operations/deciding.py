"""A second person agrees or declines; what failed is sent again by a person."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from kernel.errors import refuse_if_any
from payments.operations import refunds as payments
from payments.rules.refunds import another_number_violations
from payments.states import RefundState, held_back
from refunds.errors import RefundRefused
from refunds.models import RefundRequest
from refunds.operations import steps
from refunds.operations.sending import send
from refunds.queries.requests import has_begun
from refunds.rules.asking import deciding_violations, declining_violations, reason_violations
from refunds.states import REFUND_REQUEST, RefundRequestEvent, RefundRequestState


@transaction.atomic
def approve(*, request_id: int, by: User, at: datetime) -> RefundRequest:
    """Agree, and send it on its way; agreeing twice does it once.

    Raises:
        RefundRefused: RF-07, it is her own request.
        IllegalTransition: it was declined.
    """
    request = steps.locked(request_id)
    if request.decided_by_id == by.pk and request.state != RefundRequestState.DECLINED:
        return request
    REFUND_REQUEST.after(request.state, RefundRequestEvent.APPROVE)
    refuse_if_any(deciding_violations(requested_by=request.requested_by_id, user=by.pk), RefundRefused)
    steps.accept(request, by=by, at=at)
    send(request, by=by, at=at)
    return request


@transaction.atomic
def decline(*, request_id: int, reason: str, by: User, at: datetime) -> RefundRequest:
    """Give nothing back; who asked may withdraw this way, too. Declining twice does it once.

    Raises:
        RefundRefused: RF-06, no reason is given; RF-09, a part of it has gone through.
        IllegalTransition: money is on its way, or back.
    """
    request = steps.locked(request_id)
    if request.state == RefundRequestState.DECLINED:
        return request
    if request.state not in (RefundRequestState.REQUESTED, RefundRequestState.FAILED):
        REFUND_REQUEST.after(request.state, RefundRequestEvent.APPROVE)
    wrong = [*declining_violations(has_begun=has_begun(request)), *reason_violations(reason)]
    refuse_if_any(wrong, RefundRefused)
    steps.refuse(request, reason=reason, by=by, at=at)
    return request


@transaction.atomic
def send_again(*, request_id: int, by: User, at: datetime) -> RefundRequest:
    """Try again what the insurer or the channel did not do; while it is on its way this changes nothing.

    Raises:
        IllegalTransition: it is done or declined, or nobody has agreed yet.
        RefundRefused: PY-16.
    """
    request = steps.locked(request_id)
    if request.state == RefundRequestState.SENDING:
        return request
    REFUND_REQUEST.after(request.state, RefundRequestEvent.SEND)
    at_channel = request.payment_refund
    if at_channel and at_channel.state == RefundState.FAILED:
        is_held_back = held_back(at_channel.failure) is not None
        refuse_if_any(another_number_violations(is_held_back=is_held_back), RefundRefused)
        payments.ask_again(refund_id=at_channel.pk, by=by, at=at)
        request.refresh_from_db()
    else:
        send(request, by=by, at=at)
    return request
