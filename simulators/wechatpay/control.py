"""The other side of the counter: what is held, and what a payer and the time do without a browser."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from simulators.channel_control import SHOWN, Counter, OrderRow, told
from simulators.hmac_gate import posted
from simulators.wechatpay import delivery, desk
from simulators.wechatpay.models import (
    BillChange,
    Fault,
    FaultKind,
    MedInsOrder,
    Notification,
    Order,
    Refund,
    SignInCode,
)
from simulators.wechatpay.shapes import order_fields, refund_fields

VERBS = (
    "place",
    "query",
    "close",
    "refund",
    "query_refund",
    "abnormal_refund",
    "certificates",
    "med_ins_place",
    "med_ins_query",
    "med_ins_refund",
    "bill",
    "sign_in",
)


def _orders() -> list[OrderRow]:
    return [
        OrderRow(
            number=order.out_trade_no,
            about=order.description,
            amount=order.total,
            state=order.get_trade_state_display(),
            cashier=reverse("wechatpay:cashier", args=[order.prepay_id]),
        )
        for order in Order.objects.order_by("-pk")[:SHOWN]
    ]


def _holdings(number: str) -> dict[str, Any]:
    orders, refunds = Order.objects.order_by("-pk"), Refund.objects.select_related("order").order_by("-pk")
    notes = Notification.objects.order_by("-pk")
    if number:
        orders, refunds = orders.filter(out_trade_no=number), refunds.filter(order__out_trade_no=number)
        notes = notes.filter(out_trade_no=number)
    return {
        "orders": [
            order_fields(o) | {"prepay_id": o.prepay_id, "code_url": o.code_url} for o in orders[:SHOWN]
        ],
        "refunds": [refund_fields(r) for r in refunds[:SHOWN]],
        "notifications": [
            told(row) | {"id": row.event_id, "event_type": row.event_type} for row in notes[:SHOWN]
        ],
    }


counter = Counter(
    app="wechatpay",
    title=("微信支付", "WeChat Pay"),
    unit="分",
    amount=int,
    verbs=VERBS,
    kinds=FaultKind,
    fault=Fault,
    change=BillChange,
    notification=Notification,
    held=(Notification, Refund, Order, MedInsOrder, SignInCode),
    orders=_orders,
    event=lambda note: str(note.event_type),
    holdings=_holdings,
    deliveries=delivery,
)


@csrf_exempt
@require_POST
def pay(request: HttpRequest) -> HttpResponse:
    """Tap Pay for ``out_trade_no`` without a browser."""
    order = get_object_or_404(Order, out_trade_no=posted(request).get("out_trade_no", ""))
    paid = desk.pay(order.pk, timezone.now())
    delivery.wake()
    return counter.answer(request, {"paid": paid}, 200 if paid else 409)


@csrf_exempt
@require_POST
def expire(request: HttpRequest) -> HttpResponse:
    """Let the time to pay ``out_trade_no`` be over."""
    number = posted(request).get("out_trade_no", "")
    changed = Order.objects.filter(out_trade_no=number).update(time_expire=timezone.now())
    return counter.answer(request, {"expired": changed}, 200 if changed else 404)
