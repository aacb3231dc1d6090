"""The control page: order faults, set manners, change a person, look at what is held."""

import json
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from . import faults
from .fields import number_or_none
from .handlers.lookups import STATUS_NAMES
from .models import Coverage, Fault, Manners, Person, Settlement
from .seed import reset
from .specs import TRANSACTIONS

DEFAULT_DELAY_SECONDS = 20.0


@require_http_methods(["GET", "POST"])
def control(request: HttpRequest, action: str = "") -> HttpResponse:
    """Show the state (a page, or JSON when asked for) or carry out one action.

    The action is the last part of the address or the key ``action`` of the JSON or form: ``faults`` (infno, kind,
    count, delay_seconds, text), ``clear_faults``, ``manners`` (repeated_msgid replay|refuse, amounts text|number,
    undoing same_day|always),
    ``person`` (id_number and any of status, balance, deducted), ``reset``.
    """
    wants_page = "text/html" in request.headers.get("accept", "")
    if request.method == "POST":
        is_form = request.content_type != "application/json"
        asked = request.POST.dict() if is_form else _json_object(request)
        refusal = _act(action or asked.get("action"), asked)
        if refusal:
            return JsonResponse({"error": refusal}, status=400)
        if is_form:
            return HttpResponseRedirect(request.path)
    state = _state()
    if wants_page:
        return render(request, "insurer/control.html", state)
    return JsonResponse(state, json_dumps_params={"ensure_ascii": False})


@require_GET
def settlements(request: HttpRequest) -> JsonResponse:
    """List settlements and cancellations, oldest first; narrowed by psn_no, id_number, msgid, mdtrt_id, chrg_bchno."""
    rows = Settlement.objects.select_related("visit__coverage__person").order_by("pk")
    columns = {
        "psn_no": "visit__coverage__person__psn_no",
        "id_number": "visit__coverage__person__id_number",
        "msgid": "msgid",
        "mdtrt_id": "visit__mdtrt_id",
        "chrg_bchno": "chrg_bchno",
    }
    asked = {columns[name]: value for name, value in request.GET.items() if name in columns}
    found = [_settlement(row) for row in rows.filter(**asked)]
    return JsonResponse({"settlements": found}, json_dumps_params={"ensure_ascii": False})


def _json_object(request: HttpRequest) -> dict[str, Any]:
    try:
        content = json.loads(request.body)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


@transaction.atomic
def _act(action: object, asked: dict[str, Any]) -> str | None:
    """Carry out one action; return why it cannot be done, None when it was."""
    match action:
        case "faults":
            return _order_fault(asked)
        case "clear_faults":
            Fault.objects.all().delete()
        case "manners":
            return _set_manners(asked)
        case "person":
            return _change_person(asked)
        case "reset":
            reset()
        case unknown:
            return f"unknown action {unknown}"
    return None


def _order_fault(asked: dict[str, Any]) -> str | None:
    if asked.get("infno") not in {*TRANSACTIONS, faults.EVERY_TRANSACTION}:
        return "unknown infno"
    if asked.get("kind") not in faults.KINDS:
        return "unknown kind"
    try:
        count, delay = (
            int(asked.get("count") or 1),
            float(asked.get("delay_seconds") or DEFAULT_DELAY_SECONDS),
        )
    except (TypeError, ValueError):
        return "count and delay_seconds must be numbers"
    if not (0 < count <= 1000 and 0 <= delay <= 600):
        return "count 1..1000, delay_seconds 0..600"
    Fault.objects.create(
        infno=asked["infno"],
        kind=asked["kind"],
        remaining=count,
        delay_seconds=delay,
        text=str(asked.get("text") or "")[:500],
    )
    return None


def _set_manners(asked: dict[str, Any]) -> str | None:
    row = Manners.objects.first() or Manners()
    row.repeated_msgid = asked.get("repeated_msgid", row.repeated_msgid)
    row.amounts = asked.get("amounts", row.amounts)
    row.undoing = asked.get("undoing", row.undoing)
    if row.repeated_msgid not in ("replay", "refuse") or row.amounts not in ("text", "number"):
        return "repeated_msgid replay|refuse, amounts text|number"
    if row.undoing not in ("same_day", "always"):
        return "undoing same_day|always"
    row.save()
    return None


def _change_person(asked: dict[str, Any]) -> str | None:
    coverage = Coverage.objects.filter(person__id_number=asked.get("id_number")).first()
    if coverage is None:
        return "unknown person"
    status = asked.get("status", coverage.status)
    amounts = [number_or_none(asked[name]) for name in ("balance", "deducted") if name in asked]
    if status not in STATUS_NAMES or None in amounts:
        return "status is one digit 0..4; balance and deducted are yuan"
    coverage.status, coverage.balance = status, asked.get("balance", coverage.balance)
    if "deducted" in asked:
        coverage.opening_deducted = asked["deducted"]
        coverage.cumulatives.update(deducted=asked["deducted"])
    coverage.save()
    return None


def _state() -> dict[str, Any]:
    manners = Manners.objects.first() or Manners()
    waiting = Fault.objects.filter(remaining__gt=0).order_by("pk")
    return {
        "simulator": "insurer",
        "faults": [_fault(row) for row in waiting],
        "manners": {
            "repeated_msgid": manners.repeated_msgid,
            "amounts": manners.amounts,
            "undoing": manners.undoing,
        },
        "people": [_person(row) for row in Coverage.objects.select_related("person").order_by("pk")],
        "settlements": [_settlement(row) for row in Settlement.objects.order_by("-pk")[:100]],
        "kinds": faults.KINDS,
        "transactions": {row.infno: row.name for row in TRANSACTIONS.values()},
    }


def _fault(row: Fault) -> dict[str, Any]:
    return {
        "infno": row.infno,
        "kind": row.kind,
        "remaining": row.remaining,
        "delay_seconds": row.delay_seconds,
        "text": row.text,
    }


def _person(coverage: Coverage) -> dict[str, Any]:
    person: Person = coverage.person
    return {
        "name": person.name,
        "id_number": person.id_number,
        "psn_no": person.psn_no,
        "insutype": coverage.insutype,
        "psn_type": coverage.psn_type,
        "status": coverage.status,
        "area": coverage.area,
        "balance": str(coverage.balance),
    }


def _settlement(row: Settlement) -> dict[str, Any]:
    return {
        "setl_id": row.setl_id,
        "msgid": row.msgid,
        "mdtrt_id": row.visit.mdtrt_id,
        "psn_no": row.visit.coverage.person.psn_no,
        "psn_name": row.visit.coverage.person.name,
        "chrg_bchno": row.chrg_bchno,
        "sign": row.sign,
        "in_force": row.sign > 0 and row.cancelled_at is None,
        "reverses": row.reverses.setl_id if row.reverses else None,
        "setl_time": row.setlinfo["setl_time"],
        "medfee_sumamt": str(row.medfee),
        "fund_pay_sumamt": str(row.fund_pay),
        "acct_pay": str(row.acct_pay),
        "psn_cash_pay": str(row.cash_pay),
        "setlinfo": row.setlinfo,
        "setldetail": row.setldetail,
    }
