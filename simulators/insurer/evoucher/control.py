"""What the middle platform holds, and faults on order."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from simulators.insurer.evoucher.models import Misbehaviour, Permission
from simulators.insurer.models import Person

KINDS = ("http_502", "not_json")


@csrf_exempt
@require_http_methods(["GET", "POST"])
def control(request: HttpRequest, action: str = "") -> HttpResponse:
    """``faults`` (kind, count) or ``reset``; a GET shows what is held."""
    if request.method == "POST":
        refusal = _act(action, json.loads(request.body or b"{}"))
        if refusal:
            return JsonResponse({"error": refusal}, status=400)
    rows = Permission.objects.order_by("-pk")[:50]
    if "text/html" in request.headers.get("accept", ""):
        return render(
            request, "evoucher/control.html", {"rows": rows, "people": Person.objects.order_by("pk")}
        )
    codes = {person.id_number: f"{person.pk:028d}" for person in Person.objects.all()}
    return JsonResponse({"permissions": [_shown(row) for row in rows], "codes": codes})


def _act(action: str, asked: dict[str, Any]) -> str:
    match action:
        case "faults" if asked.get("kind") in KINDS:
            Misbehaviour.objects.create(kind=asked["kind"], remaining=int(asked.get("count", 1)))
        case "reset":
            Misbehaviour.objects.all().delete()
            Permission.objects.all().delete()
        case _:
            return "unknown action or kind"
    return ""


def _shown(row: Permission) -> dict[str, Any]:
    return {
        "auth_no": row.auth_no,
        "out_biz_no": row.out_biz_no,
        "answer": row.answer,
        "way": row.way,
        "is_family": row.is_family,
        "id_number": row.id_number,
        "pay_auth_no": row.pay_auth_no,
    }
