"""The door of the e-prescription centre: open the envelope, play faults, answer sealed."""

import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from simulators import faults, keys, sealed_keys
from simulators.insurer.call import SHANGHAI, Refusal
from simulators.insurer.sealing import EnvelopeRefused, PlatformKeys, new_key_pair, open_sealed, seal

from .handlers import HANDLERS, Handler
from .models import Fault, FaultKind

OK, SYSTEM_ERROR, FAILURE = 0, -1, 1
Outcome = tuple[int, str, dict[str, Any] | None]


@csrf_exempt
@require_POST
def receive(request: HttpRequest, name: str) -> HttpResponse:
    """Take one message."""
    known = HANDLERS.get(name)
    if known is None:
        return JsonResponse({"code": 404, "success": False, "message": "接口不存在"}, status=404)
    verb, handler = known
    mine = keys.from_environment().platform(sealed_keys.PRESCRIPTIONS)
    now = datetime.now(SHANGHAI)
    try:
        content = open_sealed(_json(request), mine, now=now)
    except EnvelopeRefused as refused:
        return JsonResponse({"code": 401, "success": False, "message": str(refused)}, status=401)
    fault = _fault(verb)
    early = _before(fault)
    if early is not None:
        return early if isinstance(early, HttpResponse) else _answer(early, mine, now)
    outcome = _outcome(handler, content, now, mine)
    return _after(fault, outcome, mine, now)


def _outcome(handler: Handler, content: dict[str, Any], now: datetime, mine: PlatformKeys) -> Outcome:
    try:
        with transaction.atomic():
            return OK, "成功", handler(content, now, mine)
    except Refusal as refusal:
        return FAILURE, str(refusal), None


def _answer(outcome: Outcome, mine: PlatformKeys, now: datetime) -> HttpResponse:
    code, message, content = outcome
    body = seal(content, mine, now=now, code=code, success=code == OK, message=message)
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def _fault(verb: str) -> Fault | None:
    waiting = Fault.objects.filter(times_left__gt=0, verb__in=["", verb]).order_by("pk").first()
    return faults.take(Fault, waiting.kind, verb) if waiting else None


def _before(fault: Fault | None) -> HttpResponse | Outcome | None:
    """What is answered without doing anything; None when the message is dealt with."""
    match fault.kind if fault else "":
        case FaultKind.SILENT_BEFORE:
            faults.keep_silent(fault)  # type: ignore[arg-type]
            return HttpResponse(status=504)
        case FaultKind.HTTP_502:
            return HttpResponse("<html>Bad Gateway</html>", status=502)
        case FaultKind.SYSTEM_ERROR:
            return SYSTEM_ERROR, "系统繁忙", None
        case FaultKind.REFUSE:
            return FAILURE, "演示：业务失败", None
    return None


def _after(fault: Fault | None, outcome: Outcome, mine: PlatformKeys, now: datetime) -> HttpResponse:
    match fault.kind if fault else "":
        case FaultKind.SILENT_AFTER:
            faults.keep_silent(fault)  # type: ignore[arg-type]
            return HttpResponse(status=504)
        case FaultKind.HTTP_502_AFTER:
            return HttpResponse("<html>Bad Gateway</html>", status=502)
        case FaultKind.NOT_JSON:
            return HttpResponse("<html>维护中</html>")
        case FaultKind.SYSTEM_ERROR_AFTER:
            return _answer((SYSTEM_ERROR, "系统繁忙", None), mine, now)
        case FaultKind.BAD_SIGNATURE:
            forged = PlatformKeys(mine.app_id, mine.app_secret, new_key_pair()[0], mine.hospital_public_key)
            return _answer(outcome, forged, now)
    return _answer(outcome, mine, now)


def _json(request: HttpRequest) -> Any:
    try:
        return json.loads(request.body)
    except ValueError:
        return None
