"""The other side of the counter: faults to set, what is held, what is to be sent."""

from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from simulators import control_page
from simulators.control_page import SHOWN
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
    "certificates",
    "med_ins_place",
    "med_ins_query",
    "med_ins_refund",
    "bill",
    "sign_in",
)


def _answer(request: HttpRequest, fields: dict[str, Any], status: int = 200) -> HttpResponse:
    return control_page.answer(request, "wechatpay:control", fields, status)


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What is held: JSON when asked for (``Accept`` or ``?format=json``), a page otherwise."""
    number = request.GET.get("out_trade_no", "")
    if control_page.wants_json(request):
        return JsonResponse(_holdings(number), json_dumps_params={"ensure_ascii": False})
    context = {
        "changes": BillChange.objects.order_by("-pk")[:SHOWN],
        "change_kinds": BillChange._meta.get_field("kind").choices,
        "faults": Fault.objects.order_by("-pk")[:SHOWN],
        "kinds": FaultKind.choices,
        "verbs": VERBS,
        "orders": Order.objects.order_by("-pk")[:SHOWN],
        "notifications": Notification.objects.order_by("-pk")[:SHOWN],
    }
    return render(request, "wechatpay/control.html", context)


def _holdings(number: str) -> dict[str, Any]:
    orders, refunds = Order.objects.order_by("-pk"), Refund.objects.select_related("order").order_by("-pk")
    told = Notification.objects.order_by("-pk")
    if number:
        orders, refunds = orders.filter(out_trade_no=number), refunds.filter(order__out_trade_no=number)
        told = told.filter(out_trade_no=number)
    return {
        "orders": [
            order_fields(o) | {"prepay_id": o.prepay_id, "code_url": o.code_url} for o in orders[:SHOWN]
        ],
        "refunds": [refund_fields(r) for r in refunds[:SHOWN]],
        "notifications": [
            control_page.told(row) | {"id": row.event_id, "event_type": row.event_type}
            for row in told[:SHOWN]
        ],
        "faults": list(
            Fault.objects.order_by("pk").values("id", "kind", "verb", "times_left", "seconds", "queries")
        ),
    }


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
    """Remove every fault; with ``all`` also every order, refund and notification."""
    Fault.objects.all().delete()
    BillChange.objects.all().delete()
    if posted(request).get("all"):
        Notification.objects.all().delete()
        Refund.objects.all().delete()
        Order.objects.all().delete()
        MedInsOrder.objects.all().delete()
        SignInCode.objects.all().delete()
    return _answer(request, {"reset": True})


@csrf_exempt
@require_POST
def pay(request: HttpRequest) -> HttpResponse:
    """Tap Pay for ``out_trade_no`` without a browser."""
    order = get_object_or_404(Order, out_trade_no=posted(request).get("out_trade_no", ""))
    paid = desk.pay(order.pk, timezone.now())
    delivery.wake()
    return _answer(request, {"paid": paid}, 200 if paid else 409)


@csrf_exempt
@require_POST
def expire(request: HttpRequest) -> HttpResponse:
    """Let the time to pay ``out_trade_no`` be over."""
    number = posted(request).get("out_trade_no", "")
    changed = Order.objects.filter(out_trade_no=number).update(time_expire=timezone.now())
    return _answer(request, {"expired": changed}, 200 if changed else 404)


@csrf_exempt
@require_POST
def pump(request: HttpRequest) -> HttpResponse:
    """Send all that is undelivered now; with ``withheld`` also what was held back by a fault."""
    attempted, delivered = delivery.deliver_now(with_withheld=bool(posted(request).get("withheld")))
    return _answer(request, {"attempted": attempted, "delivered": delivered})


@csrf_exempt
@require_POST
def replay(request: HttpRequest) -> HttpResponse:
    """Post what was sent last of ``out_trade_no`` again, to the byte."""
    return _answer(request, {"answers": delivery.replay(posted(request).get("out_trade_no", ""))})


@csrf_exempt
@require_POST
def change_bill(request: HttpRequest) -> HttpResponse:
    """Let a day's bill differ: ``kind`` forget, amount, fee or stranger, ``number``, ``amount`` (fen), ``day``."""
    fields = posted(request)
    kinds = [kind for kind, _label in BillChange._meta.get_field("kind").choices or ()]
    try:
        day = date.fromisoformat(fields["day"]) if fields.get("day") else timezone.localdate()
        amount = int(fields.get("amount") or 0)
    except ValueError:
        return _answer(request, {"error": "day is YYYY-MM-DD, amount whole fen"}, 400)
    if fields.get("kind") not in kinds or not fields.get("number") or amount < 0:
        return _answer(request, {"error": "unknown kind, or no number", "kinds": kinds}, 400)
    change, _is_new = BillChange.objects.update_or_create(
        number=fields["number"], defaults={"kind": fields["kind"], "amount": amount, "day": day}
    )
    return _answer(request, {"id": change.pk}, 201)
