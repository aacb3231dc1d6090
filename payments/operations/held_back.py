"""A refund that lies at the channel because her account takes no money: looked at again, or sent to the hospital's account."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.models import User
from audit import operations as audit
from kernel import clock, jobs
from kernel.errors import refuse_if_any
from payments.errors import DeskNotPossible
from payments.gateway.channel import gateway_of, wechat_pay
from payments.gateway.port import PaymentRefused, PaymentUnanswered
from payments.gateway.trade import RefundState as ChannelRefund
from payments.gateway.trade import RefundStatus
from payments.models import Channel, PaymentOrder, Refund
from payments.operations.refund_answers import failure_of, record_answer
from payments.rules.refunds import to_hospital_violations
from payments.states import HeldBack, RefundState, held_back

logger = logging.getLogger(__name__)


@transaction.atomic
def send_to_hospital(*, refund_id: int, by: User, at: datetime) -> Refund:
    """Have it come to the hospital's account; she is paid from there by hand. Asking twice sends once.

    It stays failed: her money is not back before a person noted it and a second one confirmed.

    Raises:
        DeskNotPossible: PY-17.
    """
    order_id = Refund.objects.values_list("order_id", flat=True).get(pk=refund_id)
    order = PaymentOrder.objects.select_for_update(of=("self",)).get(pk=order_id)
    refund = Refund.objects.select_for_update(of=("self",)).get(pk=refund_id)
    where = _where(refund)
    if where in (HeldBack.TO_HOSPITAL, HeldBack.AT_HOSPITAL):
        return refund
    is_abnormal = where == HeldBack.ABNORMAL and order.channel == Channel.WECHAT
    is_noted = refund.hand_noted_at is not None
    refuse_if_any(to_hospital_violations(is_abnormal=is_abnormal, is_noted=is_noted), DeskNotPossible)
    refund.failure, refund.times_asked = failure_of(HeldBack.TO_HOSPITAL), 0
    refund.save(update_fields=["failure", "times_asked"])
    audit.record("payments.refund.sent_to_hospital", on=refund, by=by, at=at)
    jobs.enqueue("payments.look_at_held_back", refund_id=refund.pk)
    return refund


def look(*, refund_id: int) -> Refund:
    """Ask what became of it, and for it to come to us where a person wants that; calls out, may be repeated.

    A refund whose word was not kept may lie there, too: the channel says whether it does.
    """
    refund = Refund.objects.select_related("order").get(pk=refund_id)
    where = _where(refund)
    if where is None and not refund.is_unexplained:
        return refund
    asked = Refund.objects.filter(pk=refund_id)
    asked.update(last_asked_at=clock.now(), times_asked=F("times_asked") + 1)
    try:
        answer = _answer_about(refund, where)
    except PaymentUnanswered:
        return refund  # the sweeper asks again, or a person does
    except PaymentRefused as refusal:
        logger.warning("refund %s lies at %s: %s", refund.number, refund.order.channel, refusal)
        return refund
    record_answer(answer, at=clock.now())
    refund.refresh_from_db()
    return refund


def _answer_about(refund: Refund, where: HeldBack | None) -> ChannelRefund:
    answer = gateway_of(refund.order.channel).query_refund(refund.number, out_trade_no=refund.order.number)
    if where == HeldBack.TO_HOSPITAL and answer.status == RefundStatus.ABNORMAL:
        return wechat_pay().send_to_merchant(answer.refund_id, refund.number)
    return answer


def _where(refund: Refund) -> HeldBack | None:
    return held_back(refund.failure) if refund.state == RefundState.FAILED else None
