"""What the control pages of the channels share."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from simulators.telling import Told

SHOWN = 50


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks (``Accept`` or ``?format=json``), not a person."""
    return "application/json" in request.headers.get("Accept", "") or request.GET.get("format") == "json"


def answer(request: HttpRequest, page: str, fields: dict[str, Any], status: int = 200) -> HttpResponse:
    """JSON to a program; a person goes back to ``page``."""
    if request.content_type == "application/json":
        return JsonResponse(fields, status=status, json_dumps_params={"ensure_ascii": False})
    return HttpResponseRedirect(reverse(page))


def fault_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a fault as it was asked for, with what goes without saying."""
    return {
        "kind": fields["kind"],
        "verb": fields.get("verb", ""),
        "times_left": int(fields.get("times") or 1),
        "seconds": float(fields.get("seconds") or 30),
        "queries": int(fields.get("queries") or 3),
    }


def told(row: Told) -> dict[str, Any]:
    """Where a notification stands."""
    return {
        "out_trade_no": row.out_trade_no,
        "attempts": row.attempts,
        "last_answer": row.last_answer,
        "is_withheld": row.is_withheld,
        "waits_for_next": row.waits_for_next,
        "delivered_at": row.delivered_at and row.delivered_at.isoformat(),
        "due_at": row.due_at.isoformat(),
    }
