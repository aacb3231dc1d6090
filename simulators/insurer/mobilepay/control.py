"""The other side of the counter: faults to set, what is held, what is to be told."""

import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from simulators.hmac_gate import posted
from simulators.insurer.evoucher.models import Permission

from .models import Fault, FaultKind, Notification, PayOrder, UsedPermission
from .notifying import deliver, envelope
from .orders import final

VERBS = ("6201", "6202", "6203", "6301", "6401")
SHOWN = 50


def _answer(request: HttpRequest, fields: dict[str, Any], status: int = 200) -> HttpResponse:
    if request.content_type == "application/json":
        return JsonResponse(fields, status=status, json_dumps_params={"ensure_ascii": False})
    return HttpResponseRedirect(reverse("mobilepay:control"))


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What is held: JSON when asked for (``Accept`` or ``?format=json``), a page otherwise."""
    rows = PayOrder.objects.order_by("-pk")[:SHOWN]
    if "application/json" in request.headers.get("Accept", "") or request.GET.get("format") == "json":
        shown = [final(row) | {"medOrgOrd": row.med_org_ord, "setl_id": row.setl_id} for row in rows]
        return JsonResponse({"orders": shown}, json_dumps_params={"ensure_ascii": False})
    context = {
        "faults": Fault.objects.order_by("-pk")[:SHOWN],
        "kinds": FaultKind.choices,
        "verbs": VERBS,
        "orders": rows,
        "notifications": Notification.objects.select_related("order").order_by("-pk")[:SHOWN],
    }
    return render(request, "mobilepay/control.html", context)


@csrf_exempt
@require_POST
def set_fault(request: HttpRequest) -> HttpResponse:
    """Set a fault: ``kind``, and if wanted ``verb``, ``times``, ``seconds``, ``queries``."""
    fields = posted(request)
    if fields.get("kind") not in FaultKind.values or fields.get("verb", "") not in ("", *VERBS):
        known = {"kinds": FaultKind.values, "verbs": VERBS}
        return _answer(request, {"error": "unknown kind or verb", **known}, 400)
    fault = Fault.objects.create(
        kind=fields["kind"],
        verb=fields.get("verb", ""),
        times_left=int(fields.get("times") or 1),
        seconds=float(fields.get("seconds") or 30),
        queries=int(fields.get("queries") or 3),
    )
    return _answer(request, {"id": fault.pk}, 201)


@csrf_exempt
@require_POST
@transaction.atomic
def reset(request: HttpRequest) -> HttpResponse:
    """Remove every fault; with ``all`` also every order. A permission that was used stays used."""
    Fault.objects.all().delete()
    if posted(request).get("all"):
        PayOrder.objects.all().delete()
        UsedPermission.objects.all().delete()
    return _answer(request, {"reset": True})


@csrf_exempt
@require_POST
def permission(request: HttpRequest) -> HttpResponse:
    """A payAuthNo of ``id_number``, as if she had just allowed it on the e-voucher platform."""
    now = timezone.now()
    number = secrets.token_hex(14)
    row = Permission.objects.create(
        auth_no=number, out_biz_no=number, org_id="", business_type="04107", asked_at=now,
        expires_at=now + timedelta(minutes=10), answer="allow", id_number=posted(request).get("id_number", ""),
        pay_auth_no=f"AUTH{number}", answered_at=now,
    )  # fmt: skip
    return _answer(request, {"payAuthNo": row.pay_auth_no}, 201)


@csrf_exempt
@require_POST
def pump(request: HttpRequest) -> HttpResponse:
    """Send every notification that was not taken, now."""
    waiting = list(Notification.objects.filter(delivered_at=None).values_list("pk", flat=True))
    return _answer(request, {"attempted": len(waiting), "delivered": sum(map(deliver, waiting))})


@csrf_exempt
@require_POST
def notification(request: HttpRequest) -> HttpResponse:
    """The envelope of the last notification of ``payOrdId``, unsent; ``forged`` with a wrong signature."""
    fields = posted(request)
    rows = Notification.objects.select_related("order").filter(order__pay_ord_id=fields.get("payOrdId", ""))
    row = get_object_or_404(rows.order_by("-pk")[:1])
    return _answer(request, envelope(row, now=timezone.now(), forged=bool(fields.get("forged"))))
