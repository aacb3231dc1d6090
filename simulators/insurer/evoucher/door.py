"""The one address of the middle platform: every transaction, checked field by field."""

import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from simulators.insurer.evoucher.models import Misbehaviour, Permission
from simulators.insurer.institutions import INSTITUTIONS
from simulators.insurer.models import Person

LIFE = timedelta(minutes=10)
MALFORMED, UNKNOWN_HOSPITAL, NO_CODE = 500100, 500101, 500159
NUMBER_USED, NO_SUCH, PENDING, REFUSED, OVER = 500201, 500203, 500204, 500205, 500206
DESK = {
    "orgId": 40, "businessType": 5, "operatorId": 20, "operatorName": 30, "officeId": 20, "officeName": 30,
}  # fmt: skip
BUSINESS_TYPES = {"01101", "01102", "01201", "01301", "01302", "01303", "02121", "02122", "04107"}


class Refusal(Exception):
    """Said with a code and a message."""

    def __init__(self, code: int, message: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.code, self.message = code, message


@csrf_exempt
@require_POST
def door(request: HttpRequest) -> HttpResponse:
    """Take one transaction."""
    fault = _fault()
    if fault == "http_502":
        return HttpResponse("<html><h1>502</h1></html>", status=502, content_type="text/html")
    try:
        content = _answer(request, json.loads(request.body))
    except ValueError:
        return _said({"code": MALFORMED, "success": False, "message": "报文不是JSON"})
    except Refusal as refusal:
        return _said({"code": refusal.code, "success": False, "message": refusal.message})
    if fault == "not_json":
        return HttpResponse("<html>系统维护中</html>", content_type="text/html")
    return _said({"code": 0, "type": "success", "message": "成功", "data": content})


def _said(content: dict[str, Any]) -> JsonResponse:
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})


def _fault() -> str:
    row = Misbehaviour.objects.filter(remaining__gt=0).order_by("pk").first()
    if row is None:
        return ""
    row.remaining -= 1
    row.save(update_fields=["remaining"])
    return row.kind


def _answer(request: HttpRequest, asked: Any) -> dict[str, Any]:
    if not isinstance(asked, dict) or not isinstance(asked.get("data"), dict):
        raise Refusal(MALFORMED, "缺少data")
    content = asked["data"]
    transaction = TRANSACTIONS.get(str(asked.get("transType")))
    if transaction is None:
        raise Refusal(MALFORMED, "transType不存在")
    lengths, carry_out = transaction
    _check(content, DESK | lengths)
    if content["orgId"] != asked.get("orgId") or content["orgId"] not in INSTITUTIONS:
        raise Refusal(UNKNOWN_HOSPITAL, "orgId不是定点医药机构")
    return carry_out(request, content, timezone.now())


def _check(content: dict[str, Any], lengths: dict[str, int]) -> None:
    faults = [f"{name}不能为空" for name in lengths if not content.get(name)]
    faults += [f"{name}过长" for name, most in lengths.items() if len(str(content.get(name) or "")) > most]
    if content.get("businessType") and content["businessType"] not in BUSINESS_TYPES:
        faults.append("businessType不在字典中")
    if faults:
        raise Refusal(MALFORMED, "；".join(faults))


def _ask(request: HttpRequest, asked: dict[str, Any], now: datetime) -> dict[str, Any]:
    """cn.nhsa.ec.auth: keep the question, and say where she answers it."""
    if Permission.objects.filter(out_biz_no=asked["outBizNo"]).exists():
        raise Refusal(NUMBER_USED, "outBizNo已使用")
    said = _extra(asked)
    row = Permission.objects.create(
        auth_no=f"EC{now:%Y%m%d%H%M%S}{secrets.randbelow(10**12):012d}",
        out_biz_no=asked["outBizNo"],
        org_id=asked["orgId"],
        business_type=asked["businessType"],
        asked_id_number=str(said.get("idNo", ""))[:18],
        way=str(said.get("authWay", "face"))[:10],
        is_family=said.get("familyPay") == "1",
        return_url=str(said.get("returnUrl", ""))[:500],
        asked_at=now,
        expires_at=now + LIFE,
    )
    address = request.build_absolute_uri(reverse("evoucher_page", args=[row.auth_no]))
    return {"authNo": row.auth_no, "outBizNo": row.out_biz_no, "extData": json.dumps({"authUrl": address})}


def _extra(asked: dict[str, Any]) -> dict[str, Any]:
    try:
        said = json.loads(asked.get("extData") or "{}")
    except ValueError:
        raise Refusal(MALFORMED, "extData不是JSON") from None
    return said if isinstance(said, dict) else {}


def _check_answer(request: HttpRequest, asked: dict[str, Any], now: datetime) -> dict[str, Any]:
    """cn.nhsa.auth.check: who has allowed it."""
    row = Permission.objects.filter(auth_no=asked["authNo"]).first()
    if row is None or (row.out_biz_no, row.org_id) != (asked["outBizNo"], asked["orgId"]):
        raise Refusal(NO_SUCH, "授权不存在")
    if row.answer == "refuse":
        raise Refusal(REFUSED, "参保人已拒绝授权")
    person = Person.objects.filter(id_number=row.id_number).first()
    if person is None:
        late = now >= row.expires_at
        raise Refusal(OVER if late else PENDING, "授权已失效" if late else "参保人尚未完成授权")
    name = "familyPayAuthNo" if row.is_family else "payAuthNo"
    return _holder(person) | {"authNo": row.auth_no, "extData": json.dumps({name: row.pay_auth_no})}


def _read_code(request: HttpRequest, asked: dict[str, Any], now: datetime) -> dict[str, Any]:
    """ec.query: a code is, in this simulator, the number of the person in 28 digits."""
    code = asked["ecQrCode"]
    person = Person.objects.filter(pk=int(code)).first() if code.isdecimal() and len(code) == 28 else None
    if person is None:
        raise Refusal(NO_CODE, "请使用医保电子凭证二维码")
    return _holder(person)


def _holder(person: Person) -> dict[str, Any]:
    coverage = person.coverages.order_by("pk").first()
    return {
        "idNo": person.id_number,
        "idType": "01",
        "userName": person.name,
        "ecToken": person.ec_token,
        "insuOrg": coverage.area if coverage else "",
        "gender": person.gender,
        "birthday": person.born_on.isoformat(),
    }


Transaction = Callable[[HttpRequest, dict[str, Any], datetime], dict[str, Any]]
TRANSACTIONS: dict[str, tuple[dict[str, int], Transaction]] = {
    "cn.nhsa.ec.auth": ({"outBizNo": 64}, _ask),
    "cn.nhsa.auth.check": ({"outBizNo": 64, "authNo": 100}, _check_answer),
    "ec.query": ({"ecQrCode": 64}, _read_code),
}
