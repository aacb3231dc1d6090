"""The other side of the counter: faults to set, what is held, what is to be sent."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from simulators import control_page
from simulators.alipay import desk, telling
from simulators.alipay.gateway import VERBS
from simulators.alipay.models import BillChange, Fault, FaultKind, Notification, Refund, Trade, TradeStatus
from simulators.alipay.shapes import refund_query_fields, trade_fields
from simulators.control_page import SHOWN
from simulators.hmac_gate import posted


def _answer(request: HttpRequest, fields: dict[str, Any], status: int = 200) -> HttpResponse:
    return control_page.answer(request, "alipay:control", fields, status)


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What is held: JSON when asked for (``Accept`` or ``?format=json``), a page otherwise."""
    if control_page.wants_json(request):
        held = _holdings(request.GET.get("out_trade_no", ""))
        return JsonResponse(held, json_dumps_params={"ensure_ascii": False})
    context = {
        "changes": BillChange.objects.order_by("-pk")[:SHOWN],
        "change_kinds": BillChange._meta.get_field("kind").choices,
        "faults": Fault.objects.order_by("-pk")[:SHOWN],
        "kinds": FaultKind.choices,
        "verbs": VERBS,
        "trades": Trade.objects.order_by("-pk")[:SHOWN],
        "notifications": Notification.objects.order_by("-pk")[:SHOWN],
    }
    return render(request, "alipay/control.html", context)


def _holdings(number: str) -> dict[str, Any]:
    trades, refunds = Trade.objects.order_by("-pk"), Refund.objects.select_related("trade").order_by("-pk")
    told = Notification.objects.order_by("-pk")
    if number:
        trades, refunds = trades.filter(out_trade_no=number), refunds.filter(trade__out_trade_no=number)
        told = told.filter(out_trade_no=number)
    return {
        "trades": [_trade(trade) for trade in trades[:SHOWN]],
        "refunds": [
            refund_query_fields(refund.trade, refund.out_request_no, refund) | {"asked": str(refund.amount)}
            for refund in refunds[:SHOWN]
        ],
        "notifications": [
            control_page.told(row) | {"id": row.notify_id, "trade_status": row.fields["trade_status"]}
            for row in told[:SHOWN]
        ],
        "faults": list(
            Fault.objects.order_by("pk").values("id", "kind", "verb", "times_left", "seconds", "queries")
        ),
    }


def _trade(trade: Trade) -> dict[str, Any]:
    seen = {"is_seen": trade.opened_at is not None, "is_locked": trade.is_locked, "product": trade.product}
    return trade_fields(trade) | seen | {"qr_code": trade.qr_code, "code": trade.code}


@csrf_exempt
@require_POST
def set_fault(request: HttpRequest) -> HttpResponse:
    """Set a fault: ``kind``, and if wanted ``verb``, ``times``, ``seconds``, ``queries``."""
    fields = posted(request)
    if fields.get("kind") not in FaultKind.values or fields.get("verb", "") not in ("", *VERBS):
        return _answer(
            request, {"error": "unknown kind or verb", "kinds": FaultKind.values, "verbs": VERBS}, 400
        )
    fault = Fault.objects.create(**control_page.fault_fields(fields))
    return _answer(request, {"id": fault.pk}, 201)


@csrf_exempt
@require_POST
@transaction.atomic
def reset(request: HttpRequest) -> HttpResponse:
    """Remove every fault; with ``all`` also every trade, refund and notification."""
    Fault.objects.all().delete()
    BillChange.objects.all().delete()
    if posted(request).get("all"):
        Notification.objects.all().delete()
        Refund.objects.all().delete()
        Trade.objects.all().delete()
    return _answer(request, {"reset": True})


def _named(request: HttpRequest) -> Trade:
    return get_object_or_404(Trade, out_trade_no=posted(request).get("out_trade_no", ""))


@csrf_exempt
@require_POST
def open_trade(request: HttpRequest) -> HttpResponse:
    """A payer looks at ``out_trade_no``, as after scanning, and does no more."""
    trade = desk.open_for_payer(_named(request).pk)
    return _answer(request, {"is_seen": trade.opened_at is not None})


@csrf_exempt
@require_POST
def pay(request: HttpRequest) -> HttpResponse:
    """Tap Pay for ``out_trade_no`` without a browser."""
    paid = desk.pay(_named(request).pk, timezone.now())
    telling.wake()
    return _answer(request, {"paid": paid}, 200 if paid else 409)


@csrf_exempt
@require_POST
def expire(request: HttpRequest) -> HttpResponse:
    """Let the time to pay ``out_trade_no`` be over."""
    trade = _named(request)
    Trade.objects.filter(pk=trade.pk).update(expires_at=timezone.now())
    desk.close_overdue(timezone.now())
    telling.wake()
    return _answer(request, {"expired": 1})


@csrf_exempt
@require_POST
@transaction.atomic
def finish(request: HttpRequest) -> HttpResponse:
    """The time for refunds of ``out_trade_no`` is over: TRADE_FINISHED, and the merchant is told."""
    trade = Trade.objects.select_for_update().get(pk=_named(request).pk)
    if trade.status != TradeStatus.TRADE_SUCCESS:
        return _answer(request, {"finished": False}, 409)
    trade.status = TradeStatus.TRADE_FINISHED
    trade.save(update_fields=["status"])
    desk.tell(trade, timezone.now())
    telling.wake()
    return _answer(request, {"finished": True})


@csrf_exempt
@require_POST
def tell(request: HttpRequest) -> HttpResponse:
    """Notify of ``out_trade_no`` as it stands, whatever that is."""
    told = desk.tell(_named(request), timezone.now())
    telling.wake()
    return _answer(request, {"id": told and told.notify_id})


@csrf_exempt
@require_POST
def pump(request: HttpRequest) -> HttpResponse:
    """Send all that is undelivered now; with ``withheld`` also what was held back by a fault."""
    attempted, delivered = telling.deliver_now(with_withheld=bool(posted(request).get("withheld")))
    return _answer(request, {"attempted": attempted, "delivered": delivered})


@csrf_exempt
@require_POST
def replay(request: HttpRequest) -> HttpResponse:
    """Post what was sent last of ``out_trade_no`` again, to the byte."""
    return _answer(request, {"answers": telling.replay(posted(request).get("out_trade_no", ""))})


@csrf_exempt
@require_POST
def change_bill(request: HttpRequest) -> HttpResponse:
    """Let a day's bill differ: ``kind`` forget, amount, fee or stranger, ``number``, ``amount`` (yuan), ``day``."""
    fields = posted(request)
    kinds = [kind for kind, _label in BillChange._meta.get_field("kind").choices or ()]
    try:
        day = date.fromisoformat(fields["day"]) if fields.get("day") else timezone.localdate()
        amount = round(Decimal(str(fields.get("amount") or 0)), 2)
    except (ValueError, InvalidOperation):
        return _answer(request, {"error": "day is YYYY-MM-DD, amount yuan"}, 400)
    if fields.get("kind") not in kinds or not fields.get("number") or amount < 0:
        return _answer(request, {"error": "unknown kind, or no number", "kinds": kinds}, 400)
    change, _is_new = BillChange.objects.update_or_create(
        number=fields["number"], defaults={"kind": fields["kind"], "amount": amount, "day": day}
    )
    return _answer(request, {"id": change.pk}, 201)
