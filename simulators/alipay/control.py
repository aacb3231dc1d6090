"""The other side of the counter: what is held, and what a payer and the time do without a browser."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from simulators.alipay import desk, telling
from simulators.alipay.gateway import VERBS
from simulators.alipay.models import BillChange, Fault, FaultKind, Notification, Refund, Trade, TradeStatus
from simulators.alipay.shapes import refund_query_fields, trade_fields
from simulators.channel_control import SHOWN, Counter, OrderRow, told
from simulators.hmac_gate import posted


def _trades() -> list[OrderRow]:
    return [
        OrderRow(
            number=trade.out_trade_no,
            about=trade.subject,
            amount=trade.total,
            state=_state(trade),
            cashier=reverse("alipay:cashier", args=[trade.code]),
        )
        for trade in Trade.objects.order_by("-pk")[:SHOWN]
    ]


def _state(trade: Trade) -> str:
    if trade.is_locked:
        return "已撤销"
    return trade.get_status_display() if trade.opened_at else "尚未扫码"


def _holdings(number: str) -> dict[str, Any]:
    trades, refunds = Trade.objects.order_by("-pk"), Refund.objects.select_related("trade").order_by("-pk")
    notes = Notification.objects.order_by("-pk")
    if number:
        trades, refunds = trades.filter(out_trade_no=number), refunds.filter(trade__out_trade_no=number)
        notes = notes.filter(out_trade_no=number)
    return {
        "trades": [_trade(trade) for trade in trades[:SHOWN]],
        "refunds": [
            refund_query_fields(refund.trade, refund.out_request_no, refund) | {"asked": str(refund.amount)}
            for refund in refunds[:SHOWN]
        ],
        "notifications": [
            told(row) | {"id": row.notify_id, "trade_status": row.fields["trade_status"]}
            for row in notes[:SHOWN]
        ],
    }


def _trade(trade: Trade) -> dict[str, Any]:
    seen = {"is_seen": trade.opened_at is not None, "is_locked": trade.is_locked, "product": trade.product}
    return trade_fields(trade) | seen | {"qr_code": trade.qr_code, "code": trade.code}


counter = Counter(
    app="alipay",
    title=("支付宝", "Alipay"),
    unit="元",
    amount=lambda text: round(Decimal(text), 2),
    verbs=VERBS,
    kinds=FaultKind,
    fault=Fault,
    change=BillChange,
    notification=Notification,
    held=(Notification, Refund, Trade),
    orders=_trades,
    event=lambda note: str(note.fields["trade_status"]),
    holdings=_holdings,
    deliveries=telling,
)


def _named(request: HttpRequest) -> Trade:
    return get_object_or_404(Trade, out_trade_no=posted(request).get("out_trade_no", ""))


@csrf_exempt
@require_POST
def open_trade(request: HttpRequest) -> HttpResponse:
    """A payer looks at ``out_trade_no``, as after scanning, and does no more."""
    trade = desk.open_for_payer(_named(request).pk)
    return counter.answer(request, {"is_seen": trade.opened_at is not None})


@csrf_exempt
@require_POST
def pay(request: HttpRequest) -> HttpResponse:
    """Tap Pay for ``out_trade_no`` without a browser."""
    paid = desk.pay(_named(request).pk, timezone.now())
    telling.wake()
    return counter.answer(request, {"paid": paid}, 200 if paid else 409)


@csrf_exempt
@require_POST
def expire(request: HttpRequest) -> HttpResponse:
    """Let the time to pay ``out_trade_no`` be over."""
    trade = _named(request)
    Trade.objects.filter(pk=trade.pk).update(expires_at=timezone.now())
    desk.close_overdue(timezone.now())
    telling.wake()
    return counter.answer(request, {"expired": 1})


@csrf_exempt
@require_POST
@transaction.atomic
def finish(request: HttpRequest) -> HttpResponse:
    """The time for refunds of ``out_trade_no`` is over: TRADE_FINISHED, and the merchant is told."""
    trade = Trade.objects.select_for_update().get(pk=_named(request).pk)
    if trade.status != TradeStatus.TRADE_SUCCESS:
        return counter.answer(request, {"finished": False}, 409)
    trade.status = TradeStatus.TRADE_FINISHED
    trade.save(update_fields=["status"])
    desk.tell(trade, timezone.now())
    telling.wake()
    return counter.answer(request, {"finished": True})


@csrf_exempt
@require_POST
def tell(request: HttpRequest) -> HttpResponse:
    """Notify of ``out_trade_no`` as it stands, whatever that is."""
    told = desk.tell(_named(request), timezone.now())
    telling.wake()
    return counter.answer(request, {"id": told and told.notify_id})
