"""Taking messages, and showing a phone's inbox."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from simulators import faults
from simulators.hmac_gate import objection, posted, refusal, reply
from simulators.sms.models import Fault, FaultKind, Message

SHOWN = 50
_MOBILE = re.compile(r"1[3-9]\d{9}")


@csrf_exempt
@require_POST
def messages(request: HttpRequest) -> HttpResponse:
    """Take a message to a phone."""
    why_not = objection(request, "SMS")
    if why_not:
        return refusal(401, why_not, "签名验证未通过")
    silence = faults.take(Fault, FaultKind.SILENT)
    if silence:
        faults.keep_silent(silence)
    if silence or faults.take(Fault, FaultKind.SERVER_ERROR):
        return refusal(500, "SYSTEM_ERROR", "系统繁忙")
    fields = posted(request)
    params = fields.get("params", {})
    if not all(isinstance(fields.get(name), str) and fields[name] for name in ("request_id", "template")):
        return refusal(400, "PARAM_ERROR", "request_id、template不能为空")
    if not _MOBILE.fullmatch(str(fields.get("mobile"))) or not isinstance(params, dict):
        return refusal(400, "MOBILE_INVALID", "手机号码不正确")
    message, _ = Message.objects.get_or_create(
        request_id=fields["request_id"],
        defaults={"mobile": fields["mobile"], "template": fields["template"], "params": params},
    )
    return reply({"request_id": message.request_id, "accepted": True})


def _inbox(mobile: str) -> list[Message]:
    found = Message.objects.order_by("-pk")
    return list((found.filter(mobile=mobile) if mobile else found)[:SHOWN])


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """A phone's inbox, newest first, for a person who tries the demonstration."""
    mobile = re.sub(r"\D", "", request.GET.get("mobile", ""))
    context = {"mobile": mobile, "messages": _inbox(mobile) if mobile else []}
    return render(request, "sms/inbox.html", context)


@require_GET
def list_messages(request: HttpRequest) -> HttpResponse:
    """The same, newest first, as JSON; of every phone without ``mobile``."""
    return reply({"messages": [_fields(message) for message in _inbox(request.GET.get("mobile", ""))]})


def _fields(message: Message) -> dict[str, Any]:
    return {
        "request_id": message.request_id,
        "mobile": message.mobile,
        "template": message.template,
        "params": message.params,
        "text": message.text,
        "received_at": timezone.localtime(message.received_at).isoformat(),
    }


@require_GET
def control(request: HttpRequest) -> HttpResponse:
    """Faults to set."""
    planned = Fault.objects.order_by("-pk")[:SHOWN]
    if "application/json" in request.headers.get("Accept", "") or request.GET.get("format") == "json":
        return reply({"faults": list(planned.values("id", "kind", "times_left", "seconds"))})
    return render(request, "sms/control.html", {"kinds": FaultKind.choices, "faults": planned})


@csrf_exempt
@require_POST
def set_fault(request: HttpRequest) -> HttpResponse:
    """Set a fault: ``kind``, and if wanted ``times`` and ``seconds``."""
    fields = posted(request)
    if fields.get("kind") not in FaultKind.values:
        return refusal(400, "PARAM_ERROR", f"kind: {FaultKind.values}")
    Fault.objects.create(
        kind=fields["kind"],
        times_left=int(fields.get("times") or 1),
        seconds=float(fields.get("seconds") or 30),
    )
    return _done(request)


@csrf_exempt
@require_POST
def reset(request: HttpRequest) -> HttpResponse:
    """Remove every fault; with ``all`` also every message."""
    Fault.objects.all().delete()
    if posted(request).get("all"):
        Message.objects.all().delete()
    return _done(request)


def _done(request: HttpRequest) -> HttpResponse:
    if request.content_type == "application/json":
        return reply({"done": True})
    return HttpResponseRedirect(reverse("sms:control"))
