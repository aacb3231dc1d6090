"""Insurance payment (医保支付): orders of which the insurance pays a part, and what the merchant says of refunds.

Source: WeChat Pay merchant documentation, 医保支付 2.0; error codes as it lists them.
"""

import base64
import json
import re
import secrets
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.hashes import SHA1
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from simulators.hmac_gate import posted
from simulators.insurer.mobilepay.models import PayOrder, UsedPermission
from simulators.wechatpay import asked, delivery
from simulators.wechatpay.api import Fields, verb, wants_public_key
from simulators.wechatpay.models import MedInsOrder, Notification
from simulators.wechatpay.shapes import moment
from simulators.wechatpay.wire import ApiError, platform

REQUIRED = (
    "mix_pay_type", "order_type", "appid", "openid", "payer", "out_trade_no", "serial_no", "city_id", "med_inst_name",
    "med_inst_no", "med_ins_order_create_time", "total_fee", "callback_url",
)  # fmt: skip
ORDER_TYPES = ("INT_REG_PAY", "INT_RE_DIAG_PAY", "INT_RX_PAY")
MIX_TYPES = ("CASH_ONLY", "INSURANCE_ONLY", "CASH_AND_INSURANCE")
FEES = (
    "total_fee", "med_ins_gov_fee", "med_ins_self_fee", "med_ins_other_fee", "med_ins_cash_fee", "wechat_pay_cash_fee",
)  # fmt: skip
PERMISSION_FAILS, CENTRE_FAILS, EXISTS = "268547120", "268510610", "268512536"
EVENT = "MEDICAL_INSURANCE.SUCCESS"


@verb("med_ins_place", "POST")
def place(request: HttpRequest) -> Fields:
    """A new order, or the one there is if everything about it is the same."""
    fields = asked.read_body(request.body)
    _refuse_unfit(fields)
    known = MedInsOrder.objects.filter(out_trade_no=fields["out_trade_no"]).first()
    if known is not None:
        if _words(known.asked) != _words(fields):
            raise ApiError(400, EXISTS, "订单已存在")
        return shown(known)
    _refuse_centre(fields)
    order = MedInsOrder.objects.create(
        out_trade_no=fields["out_trade_no"],
        mix_trade_no="5" + "".join(secrets.choice("0123456789") for _ in range(27)),
        asked=fields,
        uses_public_key=wants_public_key(request),
    )
    return shown(order)


@verb("med_ins_query", "GET")
def query_by_out_trade_no(request: HttpRequest, out_trade_no: str) -> Fields:
    """An order by the merchant's number."""
    return shown(_found(out_trade_no=out_trade_no))


@verb("med_ins_query", "GET")
def query_by_mix_trade_no(request: HttpRequest, mix_trade_no: str) -> Fields:
    """An order by the platform's number."""
    return shown(_found(mix_trade_no=mix_trade_no))


@verb("med_ins_refund", "POST")
@transaction.atomic
def refund_notified(request: HttpRequest) -> Fields:
    """The merchant says that the insurance part went back; once for each number, never more than was paid."""
    order = _found(mix_trade_no=request.GET.get("mix_trade_no", ""))
    told = asked.read_body(request.body)
    parts: list[Any] = [told.get(f"med_refund_{name}_fee") for name in ("gov", "self", "other")]
    if not all(isinstance(part, int) for part in parts) or sum(parts) != told.get("med_refund_total_fee"):
        raise ApiError(400, "PARAM_ERROR", "退款总额不等于各部分之和")
    if order.paid_at is None:
        raise ApiError(400, "INVALID_REQUEST", "订单未支付")
    insured = [order.asked.get(f"med_ins_{name}_fee", 0) for name in ("gov", "self", "other")]
    if any(part > most for part, most in zip(parts, insured, strict=True)):
        raise ApiError(400, "INVALID_REQUEST", "退款金额超过订单医保金额")
    if told["out_refund_no"] not in [row["out_refund_no"] for row in order.refunds]:
        order.refunds = [*order.refunds, told]
        order.save(update_fields=["refunds"])
    return None


@csrf_exempt
@require_POST
def pay(request: HttpRequest) -> HttpResponse:
    """Control: the payer pays ``out_trade_no``; the merchant is told."""
    order = get_object_or_404(MedInsOrder, out_trade_no=posted(request).get("out_trade_no", ""))
    _settle(order.pk, timezone.now())
    delivery.wake()
    return JsonResponse({"paid": True})


@transaction.atomic
def _settle(pk: int, at: datetime) -> None:
    order = MedInsOrder.objects.select_for_update().get(pk=pk)
    if order.paid_at is not None:
        return
    order.paid_at = at
    order.save(update_fields=["paid_at"])
    Notification.objects.create(
        event_type=EVENT,
        out_trade_no=order.out_trade_no,
        url=order.asked["callback_url"],
        summary="医保混合支付成功",
        original_type="transaction",
        resource=shown(order),
        uses_public_key=order.uses_public_key,
        due_at=at,
    )


def shown(order: MedInsOrder) -> dict[str, Any]:
    """An order, in an answer and in a notification."""
    given = order.asked
    is_paid = order.paid_at is not None
    insured = given["mix_pay_type"] != "CASH_ONLY"
    fields = {name: given.get(name, 0) for name in FEES}
    fields |= {
        "mix_trade_no": order.mix_trade_no,
        "out_trade_no": order.out_trade_no,
        "mix_pay_type": given["mix_pay_type"],
        "order_type": given["order_type"],
        "pay_order_id": given.get("pay_order_id", ""),
        "mix_pay_status": "MIX_PAY_SUCCESS" if is_paid else "MIX_PAY_CREATED",
        "self_pay_status": _part("SELF_PAY", is_paid, fields["wechat_pay_cash_fee"] > 0),
        "med_ins_pay_status": _part("MED_INS_PAY", is_paid, insured),
    }
    if order.paid_at is not None:
        fields["paid_time"] = moment(order.paid_at)
    return fields


def _part(name: str, is_paid: bool, is_there: bool) -> str:  # noqa: FBT001
    if not is_there:
        return f"NO_{name}"
    return f"{name}_{'SUCCESS' if is_paid else 'CREATED'}"


def _found(**key: str) -> MedInsOrder:
    order = MedInsOrder.objects.filter(**key).first()
    if order is None:
        raise ApiError(404, "ORDER_NOT_EXIST", "订单不存在")
    return order


def _refuse_unfit(fields: dict[str, Any]) -> None:
    faults = [name for name in REQUIRED if fields.get(name) in (None, "")]
    faults += [name for name in FEES if not _is_fen(fields.get(name, 0))]
    if faults:
        raise ApiError(400, "PARAM_ERROR", f"参数错误:{'、'.join(faults)}")
    if fields["order_type"] not in ORDER_TYPES or fields["mix_pay_type"] not in MIX_TYPES:
        raise ApiError(400, "PARAM_ERROR", "order_type或mix_pay_type不在枚举中")
    if not re.fullmatch(r"[0-9A-Za-z_\-|*]{6,32}", fields["out_trade_no"]):
        raise ApiError(400, "PARAM_ERROR", "out_trade_no的长度或字符不符合规则")
    if fields["appid"] != platform().appid:
        raise ApiError(400, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配")
    _refuse_wrong_sums(fields)
    _refuse_stranger(fields["payer"])


def _refuse_wrong_sums(fields: dict[str, Any]) -> None:
    total, gov, own, other, cash, paid = (fields.get(name, 0) for name in FEES)
    added = sum(row["cash_add_fee"] for row in fields.get("cash_add_detail", []))
    reduced = sum(row["cash_reduce_fee"] for row in fields.get("cash_reduce_detail", []))
    insured = gov + own + other
    if total != insured + cash + added or total != insured + paid + reduced or paid != cash + added - reduced:
        raise ApiError(400, "PARAM_ERROR", "订单金额不平")
    if (fields["mix_pay_type"] == "CASH_ONLY") != (insured == 0):
        raise ApiError(400, "PARAM_ERROR", "mix_pay_type与金额不符")


def _refuse_stranger(payer: Any) -> None:
    digest = _opened(payer.get("id_digest")) if isinstance(payer, dict) else ""
    if not re.fullmatch(r"[0-9a-f]{32}", digest) or not _opened(payer.get("name")):
        raise ApiError(400, "PARAM_ERROR", "payer敏感信息解密失败")


def _refuse_centre(fields: dict[str, Any]) -> None:
    """What the insurance would say: a permission that was used, or amounts other than it calculated."""
    if fields["mix_pay_type"] == "CASH_ONLY":
        return
    if UsedPermission.objects.filter(pay_auth_no=fields.get("pay_auth_no", "")).exists():
        raise ApiError(400, PERMISSION_FAILS, "payAuthNo校验失败")
    order = PayOrder.objects.filter(pay_ord_id=fields.get("pay_order_id", "")).first()
    if order is None:
        return
    parts = (order.fund_pay, order.acct_pay, order.own_pay)
    if [int(part * 100) for part in parts] != [fields.get(name, 0) for name in (FEES[1], FEES[2], FEES[4])]:
        raise ApiError(400, CENTRE_FAILS, "医保局结算校验失败：预结算金额不匹配")


def _opened(sealed: Any) -> str:
    """A personal datum that only the platform can read; empty when it cannot."""
    try:
        raw = base64.b64decode(sealed, validate=True)
        return (
            platform()
            .public_key_signer.decrypt(raw, OAEP(mgf=MGF1(SHA1()), algorithm=SHA1(), label=None))  # noqa: S303
            .decode()
        )
    except (TypeError, ValueError):
        return ""


def _is_fen(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _words(fields: dict[str, Any]) -> str:
    """What must be the same; what is encrypted differs each time."""
    return json.dumps({name: value for name, value in fields.items() if name != "payer"}, sort_keys=True)
