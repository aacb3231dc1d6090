"""The five doors of the mobile payment centre: sealed in, sealed out."""

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from simulators import faults
from simulators.insurer import sealing
from simulators.insurer.call import SHANGHAI, Refusal
from simulators.insurer.models import Manners
from simulators.insurer.sealing import EnvelopeRefused, PlatformKeys

from . import orders, refunds
from .fieldlists import refuse_malformed
from .models import INSURANCE_PAID, FaultKind, PayOrder, take
from .notifying import announce, centre_keys

log = logging.getLogger(__name__)

OK, REFUSED, SYSTEM_ERROR, NOT_AUTHORISED = 0, 1, -1, 401
Handler = Callable[[dict[str, Any], datetime], dict[str, Any]]
HANDLERS: dict[str, Handler] = {
    "6201": orders.upload,
    "6202": orders.pay,
    "6203": refunds.refund,
    "6301": orders.query,
    "6401": orders.revoke,
}


def door(infno: str) -> Callable[[HttpRequest], HttpResponse]:
    """The view of one transaction."""

    @csrf_exempt
    @require_POST
    def answer(request: HttpRequest) -> HttpResponse:
        platform = centre_keys()
        try:
            content = sealing.open_sealed(_read(request.body), platform, now=_now())
        except EnvelopeRefused as refused:
            # Whoever is not known gets no signature either.
            return JsonResponse({"code": NOT_AUTHORISED, "success": False, "message": str(refused)})
        if (unmade := _fault_before(infno)) is not None:
            return unmade
        return _after(infno, platform, _handled(infno, content))

    return answer


def _read(body: bytes) -> Any:
    try:
        return json.loads(body, parse_float=Decimal)
    except ValueError as wrong:
        raise EnvelopeRefused("报文不是合法的JSON") from wrong


def _handled(infno: str, content: dict[str, Any]) -> dict[str, Any]:
    """The members of the answer: code, message, and data when it is a yes."""
    try:
        refuse_malformed(infno, content)
        with transaction.atomic():
            data = HANDLERS[infno](content, _insurers_time())
            if infno == "6202":
                _announce(content["payOrdId"])
    except Refusal as refused:
        return {"code": REFUSED, "success": False, "message": str(refused)}
    except Exception:
        log.exception("%s failed", infno)
        return {"code": SYSTEM_ERROR, "success": False, "message": "系统异常"}
    return {"code": OK, "success": True, "message": "成功", "data": data}


def _announce(number: str) -> None:
    order = PayOrder.objects.get(pay_ord_id=number)
    if order.ord_stas == INSURANCE_PAID and not order.notifications.exists():
        announce(order)


def _fault_before(infno: str) -> HttpResponse | None:
    if silence := take(FaultKind.SILENT_BEFORE, infno):
        faults.keep_silent(silence)
        return HttpResponse(status=504)
    if take(FaultKind.HTTP_502, infno):
        return HttpResponse("<h1>502</h1>", status=502)
    return None


def _after(infno: str, platform: PlatformKeys, said: dict[str, Any]) -> HttpResponse:
    """The answer, or what a fault makes of it; what was done stays done."""
    if silence := take(FaultKind.SILENT_AFTER, infno):
        faults.keep_silent(silence)
    if take(FaultKind.HTTP_502_AFTER, infno):
        return HttpResponse("<h1>502</h1>", status=502)
    if take(FaultKind.NOT_JSON, infno):
        return HttpResponse("<html>维护中</html>")
    if take(FaultKind.SYSTEM_ERROR_AFTER, infno):
        said = {"code": SYSTEM_ERROR, "success": False, "message": "系统异常"}
    body = sealing.seal(said.pop("data", None), platform, now=_now(), **said)
    if take(FaultKind.WRONG_SIGNATURE, infno):
        body["message"] = "被改动"
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def _now() -> datetime:
    return datetime.now(SHANGHAI)


def _insurers_time() -> datetime:
    """The time that settlements bear; a tester may have moved it ahead. Envelopes are fresh by the real one."""
    manners = Manners.objects.first()
    return _now() + timedelta(days=manners.days_ahead if manners else 0)
