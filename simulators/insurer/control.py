"""The control page: order faults, set manners, change a person, look at what is held."""

import json
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from . import faults
from .control_actions import ACTIONS, MANNERS
from .institutions import INSTITUTIONS
from .models import (
    AgreementHold,
    Coverage,
    Fault,
    FaultRate,
    Manners,
    Person,
    RegisteredDoctor,
    Settlement,
)
from .specs import TRANSACTIONS


@require_http_methods(["GET", "POST"])
def control(request: HttpRequest, action: str = "") -> HttpResponse:
    """Show the state (a page, or JSON when asked for) or carry out one action.

    The action is the last part of the address or the key ``action`` of the JSON or form; what it takes is said at
    each of ``control_actions.ACTIONS``.
    """
    wants_page = "text/html" in request.headers.get("accept", "")
    if request.method == "POST":
        is_form = request.content_type != "application/json"
        asked = request.POST.dict() if is_form else _json_object(request)
        with transaction.atomic():
            perform = ACTIONS.get(action or str(asked.get("action")))
            refusal = perform(asked) if perform else "unknown action"
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
    rows = _settlements().order_by("pk")
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


def _state() -> dict[str, Any]:
    manners = Manners.objects.first() or Manners()
    waiting = Fault.objects.filter(remaining__gt=0).order_by("pk")
    return {
        "simulator": "insurer",
        "faults": [_fault(row) for row in waiting],
        "fault_rates": [_rate(row) for row in FaultRate.objects.order_by("infno", "pk")],
        "fault_seed": manners.fault_seed,
        "days_ahead": manners.days_ahead,
        "manners": {name: getattr(manners, name) for name in MANNERS},
        "agreement_holds": [_hold(row) for row in AgreementHold.objects.order_by("institution")],
        "doctors": list(RegisteredDoctor.objects.order_by("code").values("code", "name", "is_insured")),
        "institutions": {row.code: row.name for row in INSTITUTIONS.values()},
        "people": [
            _person(row)
            for row in Coverage.objects.select_related("person", "family_payer__person").order_by("pk")[:500]
        ],
        "settlements": [_settlement(row) for row in _settlements().order_by("-pk")[:100]],
        "kinds": faults.KINDS,
        "transactions": {row.infno: row.name for row in TRANSACTIONS.values()},
    }


def _settlements() -> QuerySet[Settlement]:
    return Settlement.objects.select_related("visit__coverage__person", "reverses")


def _rate(row: FaultRate) -> dict[str, Any]:
    return {
        "infno": row.infno,
        "kind": row.kind,
        "percent": round(row.probability * 100, 6),
        "delay_seconds": row.delay_seconds,
    }


def _hold(row: AgreementHold) -> dict[str, Any]:
    return {
        "institution": row.institution,
        "reason": row.reason,
        "begins_on": row.begins_on,
        "ends_on": row.ends_on,
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
        "balance_of_year": str(coverage.balance_of_year),
        "remote": coverage.remote_kind if coverage.remote_filed else "",
        "is_civil_servant": coverage.is_civil_servant,
        "aid_category": coverage.aid_category,
        "family_payer": coverage.family_payer.person.name if coverage.family_payer else "",
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
