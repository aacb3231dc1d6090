"""What the channel tells us by itself; each notification counts once."""

import logging
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from audit import operations as audit
from payments.gateway.channel import wechat_pay
from payments.gateway.med_ins import MedInsState
from payments.models import PaymentNotification
from payments.operations import orders, refunds

logger = logging.getLogger(__name__)


def receive_notification(headers: Mapping[str, str], body: bytes, *, at: datetime) -> None:
    """Verify, decrypt and take over a notification; a repeated one changes nothing.

    Raises:
        NotificationRejected: it must not be believed.
    """
    notification = wechat_pay().parse_notification(headers, body)
    subject = notification.order.out_trade_no if notification.order else ""
    if notification.refund:
        subject = notification.refund.out_refund_no
    if notification.med_ins:
        subject = notification.med_ins.out_trade_no
    with transaction.atomic():
        row, is_new = PaymentNotification.objects.get_or_create(
            notification_id=notification.notification_id,
            defaults={"event_type": notification.event_type, "order_number": subject, "received_at": at},
        )
        if not is_new:
            return
        if notification.order:
            orders.record_answer(notification.order, at=at)
        if notification.refund:
            refunds.record_answer(notification.refund, at=at)
        if notification.med_ins:
            _contradict(row, notification.med_ins, at=at)


def _contradict(row: PaymentNotification, said: MedInsState, *, at: datetime) -> None:
    """Nothing here places orders of which the insurance pays a part: money that came in for one is finance's to clear."""
    facts = {"order": said.out_trade_no, "fen": said.total_fen}
    audit.record("payments.order.contradicted", on=row, by=None, at=at, facts=facts)
    logger.error("an insurance payment that we have not ordered was made: %s", said.out_trade_no)
