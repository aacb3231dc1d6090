"""The door of the insurer: gateway check, ordered faults, the message, the reply."""

import json
import threading
import time
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from . import faults, tif
from .call import SHANGHAI
from .handlers.files import file_content
from .intake import BUSINESS_ERROR, OK, REPEATED_MSGID, STALE_SIGN_NO, SYSTEM_ERROR, Reply, receive
from .models import Manners

GATEWAY_REFUSAL = 400001
FILE_DOWNLOAD = "9102"
JSON = "application/json;charset=UTF-8"
BEFORE = {
    "error_minus1_before_commit": Reply(SYSTEM_ERROR, "系统异常，请稍后再试"),
    "duplicate_msgid": Reply(BUSINESS_ERROR, REPEATED_MSGID),
    "stale_sign_no": Reply(BUSINESS_ERROR, STALE_SIGN_NO),
}
NOBODY = faults.Order("", 0, "")


@require_POST
def fsi(request: HttpRequest, infno: str) -> HttpResponse:
    """Answer one transaction."""
    if reason := tif.failure(request.headers, now=time.time()):
        return JsonResponse({"code": GATEWAY_REFUSAL, "msg": reason}, status=500)
    return answer(infno, request.body)


def answer(infno: str, raw: bytes) -> HttpResponse:
    """Answer one message that a gateway has let through."""
    order = faults.take(infno) or NOBODY
    return _without_processing(order) or _processed(order, infno, raw)


def _without_processing(order: faults.Order) -> HttpResponse | None:
    if order.kind == "silent_before_commit":
        _wait(order)
        return _page(504)
    if order.kind == "http_502":
        return _page(502)
    if order.kind == "business_error":
        return _json(Reply(BUSINESS_ERROR, order.text or "医保业务校验不通过（演示故障）"), order)
    reply = BEFORE.get(order.kind)
    return _json(reply, order) if reply else None


def _processed(order: faults.Order, infno: str, raw: bytes) -> HttpResponse:
    if order.kind == "silent_then_commit":
        _wait(order)
    reply = receive(infno, raw, now=_now(), pay_less=order.kind == "amounts_differ")
    if order.kind == "delivered_twice":
        reply = receive(infno, raw, now=_now())
    if order.kind == "silent_after_commit":
        _wait(order)
    if order.kind == "http_502_after_commit":
        return _page(502)
    if order.kind == "non_json":
        return HttpResponse("<html>系统维护中</html>", content_type="text/html")
    if order.kind == "error_minus1_after_commit":
        reply = Reply(SYSTEM_ERROR, "系统异常，请稍后再试")
    if infno == FILE_DOWNLOAD and reply.infcode == OK:
        return HttpResponse(file_content(reply.output), content_type="application/octet-stream")
    return _json(reply, order)


def _json(reply: Reply, order: faults.Order) -> HttpResponse:
    now = _now()
    stamp = f"{now:%Y%m%d%H%M%S}{now.microsecond // 1000:03d}"
    # A message that was not even accepted has no number of its own; the clock gives one.
    refmsgid = reply.refmsgid or f"000000{now:%Y%m%d%H%M%S}{time.monotonic_ns() % 10**10:010d}"
    content = {
        "infcode": reply.infcode,
        "inf_refmsgid": refmsgid,
        "refmsg_time": stamp,
        "respond_time": stamp,
        "enctype": None,
        "signtype": None,
        "warn_msg": None,
        "cainfo": None,
        "err_msg": reply.err_msg,
        "output": faults.distort(order.kind, reply.output),
    }
    text = json.dumps(content, ensure_ascii=False, default=str)
    manners = Manners.objects.first()
    if order.kind == "amounts_as_numbers" or (manners and manners.amounts == "number"):
        text = faults.numbers_unquoted(text)
    return _sent(text, order)


def _sent(text: str, order: faults.Order) -> HttpResponse:
    if order.kind == "answered_twice":
        text += text
    whole = text.encode()
    if order.kind == "cut_off_after_commit":
        half = HttpResponse(whole[: len(whole) // 2], content_type=JSON)
        half["Content-Length"] = str(len(whole))  # the server closes the connection when less is sent
        return half
    return HttpResponse(whole, content_type=JSON)


def _page(status: int) -> HttpResponse:
    return HttpResponse(f"<html><h1>{status}</h1></html>", status=status, content_type="text/html")


def _wait(order: faults.Order) -> None:
    threading.Event().wait(order.delay_seconds)


def _now() -> datetime:
    """The insurer's own time, which a tester may have moved ahead."""
    manners = Manners.objects.first()
    return datetime.now(SHANGHAI) + timedelta(days=manners.days_ahead if manners else 0)
