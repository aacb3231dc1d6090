"""The control page: what is held, a pharmacy's two acts, faults."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from .handlers import HANDLERS
from .models import (
    NOT_USED,
    PASSED,
    REFUSED,
    STATUS_NAMES,
    USE_NAMES,
    USED,
    VALID,
    VERDICT_NAMES,
    Fault,
    FaultKind,
    HeldPrescription,
    Manner,
)

SHOWN = 50


@require_GET
def control(request: HttpRequest) -> HttpResponse:
    """Prescriptions, newest first, and faults; JSON when asked for."""
    now = timezone.now()
    wanted = request.GET.get("hi_rxno") or request.GET.get("hosp_rxno")
    rows = HeldPrescription.objects.order_by("-pk")
    if wanted:
        rows = rows.filter(hi_rxno=wanted) | rows.filter(hosp_rxno=wanted)
    shown = [_shown(row, row.status_at(now)) for row in rows[:SHOWN]]
    waiting = [
        {"kind": fault.kind, "verb": fault.verb, "times_left": fault.times_left, "seconds": fault.seconds}
        for fault in Fault.objects.filter(times_left__gt=0).order_by("pk")
    ]
    state = {"simulator": "eprescription", "prescriptions": shown, "faults": waiting}
    if "text/html" not in request.headers.get("accept", ""):
        return JsonResponse(state, json_dumps_params={"ensure_ascii": False})
    page = state | {"kinds": FaultKind.choices, "verbs": [verb for verb, _ in HANDLERS.values()]}
    return render(request, "eprescription/control.html", page)


def _shown(row: HeldPrescription, status: str) -> dict[str, Any]:
    visit = row.content["mdtrtinfo"]
    return {
        "hi_rxno": row.hi_rxno, "hosp_rxno": row.hosp_rxno, "rx_trace_code": row.rx_trace_code, "status": status,
        "status_name": STATUS_NAMES[status], "use": row.use, "use_name": USE_NAMES[row.use],
        "verdict_name": VERDICT_NAMES[row.verdict], "patient": visit["patnName"],
        "diagnosis": visit["maindiagName"], "fstdiag": visit["fstdiagFlag"], "undo_reason": row.undo_reason,
        "valid_until": timezone.localtime(row.valid_until).strftime("%Y-%m-%d %H:%M"),
        "drugs": [f"{drug['drugGenname']} {drug['drugSpec']} × {drug['drugCnt']}" for drug in row.content["rxdrugdetail"]],
        "biz_type": row.content["bizTypeCode"], "cert_type": row.content["mdtrtCertType"],
        "may_be_taken": status == VALID and row.use == NOT_USED,
    }  # fmt: skip


@csrf_exempt
@require_POST
def act(request: HttpRequest, action: str) -> HttpResponse:
    """Carry out one action.

    ``review`` (hi_rxno, passed, opinion), ``take`` (hi_rxno), ``faults`` (kind, verb, times, seconds), ``manner``
    (repeated_check), ``reset`` (``all`` forgets the prescriptions, too).
    """
    asked = _asked(request)
    refusal = ACTIONS[action](asked) if action in ACTIONS else "unknown action"
    if refusal:
        return JsonResponse({"error": refusal}, status=400)
    if request.content_type == "application/json":
        return JsonResponse({"done": True})
    return HttpResponseRedirect(reverse("eprescription_control"))


def _review(asked: dict[str, Any]) -> str:
    held = _valid(asked)
    if held is None:
        return "no such prescription in force"
    held.verdict = PASSED if str(asked.get("passed", "1")) in ("1", "True") else REFUSED
    held.opinion, held.reviewed_at = str(asked.get("opinion") or "")[:200], timezone.now()
    held.save()
    return ""


def _take(asked: dict[str, Any]) -> str:
    held = _valid(asked)
    if held is None or held.use == USED:
        return "no such prescription in force"
    if held.verdict != PASSED:
        held.verdict, held.reviewed_at = PASSED, timezone.now()
    held.use, held.taken_at = USED, timezone.now()
    held.save()
    return ""


def _valid(asked: dict[str, Any]) -> HeldPrescription | None:
    held = HeldPrescription.objects.filter(hi_rxno=asked.get("hi_rxno")).first()
    return held if held is not None and held.status_at(timezone.now()) == VALID else None


def _order_fault(asked: dict[str, Any]) -> str:
    if asked.get("kind") not in FaultKind.values:
        return f"kind: {FaultKind.values}"
    Fault.objects.create(
        kind=asked["kind"],
        verb=str(asked.get("verb") or ""),
        times_left=int(asked.get("times") or 1),
        seconds=float(asked.get("seconds") or 30),
    )
    return ""


def _set_manner(asked: dict[str, Any]) -> str:
    if asked.get("repeated_check") not in ("replay", "refuse"):
        return "repeated_check: replay|refuse"
    Manner.objects.all().delete()
    Manner.objects.create(repeated_check=asked["repeated_check"])
    return ""


def _reset(asked: dict[str, Any]) -> str:
    Fault.objects.all().delete()
    Manner.objects.all().delete()
    if asked.get("all"):
        HeldPrescription.objects.all().delete()
    return ""


ACTIONS = {
    "review": _review,
    "take": _take,
    "faults": _order_fault,
    "manner": _set_manner,
    "reset": _reset,
}


def _asked(request: HttpRequest) -> dict[str, Any]:
    if request.content_type != "application/json":
        return dict(request.POST.items())
    content = json.loads(request.body or b"{}")
    return content if isinstance(content, dict) else {}
