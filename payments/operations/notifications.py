"""What a channel tells us by itself; each notification counts once."""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from audit import operations as audit
from kernel import jobs
from payments.gateway.channel import gateway_of
from payments.gateway.med_ins import MedInsState
from payments.gateway.port import NotificationRejected
from payments.gateway.trade import Notification, OrderState, TradeState
from payments.models import Channel, IncidentKind, PaymentNotification, PaymentOrder, Refund
from payments.operations.incidents import note_incident
from payments.operations.recording import record_order
from payments.operations.refund_answers import record_answer

logger = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(minutes=10)
"""An order that is not committed by then never will be: what came for it is nobody's. Ours; transactions are short."""


def receive_notification(
    headers: Mapping[str, str], body: bytes, *, at: datetime, channel: Channel = Channel.WECHAT
) -> None:
    """Verify and take over a notification; a repeated one changes nothing.

    Raises:
        NotificationRejected: it must not be believed; that somebody tried is written down.
    """
    try:
        notification = gateway_of(channel).parse_notification(headers, body)
    except NotificationRejected as rejection:
        facts = {"why": str(rejection)}
        note_incident(IncidentKind.REJECTED, channel=channel, subject=str(rejection)[:64], facts=facts, at=at)
        raise
    _take(notification, channel, at=at)


@transaction.atomic
def _take(notification: Notification, channel: Channel, *, at: datetime) -> None:
    row, is_new = PaymentNotification.objects.get_or_create(
        channel=channel,
        notification_id=notification.notification_id,
        defaults={
            "event_type": notification.event_type,
            "order_number": _subject(notification),
            "received_at": at,
        },
    )
    if not is_new:
        return
    if notification.order:
        _take_order(row, notification.order, at=at)
    if notification.refund:
        record_answer(notification.refund, at=at)
    if notification.refund_to_ask:
        _ask_about_refund(notification.refund_to_ask)
    if notification.med_ins:
        _contradict(row, notification.med_ins, at=at)


def _subject(notification: Notification) -> str:
    """Our number of what it speaks of."""
    if notification.refund:
        return notification.refund.out_refund_no
    if notification.med_ins:
        return notification.med_ins.out_trade_no
    return notification.order.out_trade_no if notification.order else ""


def _take_order(row: PaymentNotification, said: OrderState, *, at: datetime) -> None:
    """An order that is not there may be committed in a moment: what was said of it is kept until then."""
    if PaymentOrder.objects.filter(number=said.out_trade_no).exists():
        record_order(said, at=at)
    elif said.is_paid:
        row.waiting = _kept(said)
        row.save(update_fields=["waiting"])


def take_waiting(*, at: datetime) -> int:
    """Take over what came before its order was committed; what stays without an order is shown to a person."""
    taken = 0
    for row_id in PaymentNotification.objects.filter(waiting__isnull=False).values_list("pk", flat=True):
        taken += _take_one_waiting(row_id, at=at)
    return taken


@transaction.atomic
def _take_one_waiting(row_id: int, *, at: datetime) -> bool:
    row = PaymentNotification.objects.select_for_update(of=("self",)).get(pk=row_id)
    if row.waiting is None:
        return False
    said = _said(row.waiting)
    is_there = PaymentOrder.objects.filter(number=said.out_trade_no).exists()
    if is_there:
        record_order(said, at=at)
    elif at >= row.received_at + GIVE_UP_AFTER:
        facts = {"fen": said.amount_fen, "transaction": said.transaction_id}
        kind = IncidentKind.UNKNOWN_ORDER
        note_incident(kind, channel=row.channel, subject=said.out_trade_no, facts=facts, at=at)
        audit.record("payments.notification.unknown_order", on=row, by=None, at=at, facts=facts)
    else:
        return False
    row.waiting = None
    row.save(update_fields=["waiting"])
    return is_there


def _kept(said: OrderState) -> dict[str, Any]:
    return asdict(said) | {"paid_at": said.paid_at.isoformat() if said.paid_at else ""}


def _said(kept: dict[str, Any]) -> OrderState:
    paid_at = datetime.fromisoformat(kept["paid_at"]) if kept["paid_at"] else None
    return OrderState(**kept | {"paid_at": paid_at, "trade_state": TradeState(kept["trade_state"])})


def _ask_about_refund(number: str) -> None:
    """The channel says only that something of it has gone back: the query tells what."""
    for refund_id in Refund.objects.filter(number=number).values_list("pk", flat=True):
        jobs.enqueue("payments.send_refund", refund_id=refund_id)


def _contradict(row: PaymentNotification, said: MedInsState, *, at: datetime) -> None:
    """Nothing here places orders of which the insurance pays a part: money that came in for one is finance's to clear."""
    facts = {"order": said.out_trade_no, "fen": said.total_fen}
    audit.record("payments.order.contradicted", on=row, by=None, at=at, facts=facts)
    kind = IncidentKind.UNKNOWN_ORDER
    note_incident(kind, channel=row.channel, subject=said.out_trade_no, facts=facts, at=at)
    logger.error("an insurance payment that we have not ordered was made: %s", said.out_trade_no)
