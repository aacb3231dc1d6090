"""The person's phone: a page on which she shows her face or types her password, and allows or refuses."""

import secrets
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from simulators.insurer.evoucher.models import Permission
from simulators.insurer.institutions import INSTITUTIONS
from simulators.insurer.models import Person

POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
PASSWORD_DIGITS = 6


class See(HttpResponseRedirect):
    """303: what follows a post is read, never posted again."""

    status_code = 303


@csrf_exempt
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, auth_no: str) -> HttpResponse:
    """Show the question; take her answer and lead her back to the hospital."""
    row = get_object_or_404(Permission, auth_no=auth_no)
    problem = _take(row, request) if request.method == "POST" else ""
    row.refresh_from_db()
    if request.method == "POST" and not problem and row.return_url:
        return See(row.return_url)
    state = row.answer or ("over" if timezone.now() >= row.expires_at else "open")
    context: dict[str, Any] = {
        "row": row,
        "state": state,
        "hospital": INSTITUTIONS[row.org_id].name,
        "people": Person.objects.order_by("pk"),
        "problem": problem,
    }
    response = render(request, "evoucher/page.html", context)
    response["Content-Security-Policy"] = POLICY
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


@transaction.atomic
def _take(row: Permission, request: HttpRequest) -> str:
    """Her answer, once; returns what is wrong with it."""
    row = Permission.objects.select_for_update().get(pk=row.pk)
    now, answer = timezone.now(), request.POST.get("answer", "")
    if row.answer or now >= row.expires_at:
        return ""
    if answer == "refuse":
        row.answer, row.answered_at = "refuse", now
        row.save()
        return ""
    person = Person.objects.filter(id_number=request.POST.get("person", "")).first()
    password = request.POST.get("password", "")
    if row.way == "password" and not (password.isdecimal() and len(password) == PASSWORD_DIGITS):
        return "请输入 6 位数字密码 · Six digits, please"
    if person is None:
        return "请选择是谁的手机 · Choose whose phone it is"
    row.answer, row.answered_at, row.id_number = "allow", now, person.id_number
    row.pay_auth_no = f"AUTH{now:%Y%m%d%H%M%S}{secrets.randbelow(10**14):014d}"
    row.save()
    return ""
