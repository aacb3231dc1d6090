"""6201 费用明细上传, 6202 支付下单, 6301 结算结果查询 and 6401 撤销: one function each, within a transaction."""

import hashlib
import json
import secrets
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from simulators.insurer.call import Refusal, write_moment
from simulators.insurer.evoucher.models import Permission
from simulators.insurer.handlers.lookups import person_by_certificate

from . import core
from .fieldlists import snake
from .models import (
    FAILED,
    INSURANCE_PAID,
    NOT_SAID,
    OPEN,
    PROCESSING,
    REVOKED,
    FaultKind,
    PayOrder,
    UsedPermission,
    take,
)

PERMISSION_LIVES = timedelta(hours=2)  # one source says two hours, another five to ten minutes
E_VOUCHER, ID_NUMBER = "01", "02"
FINAL = ("3", "4", "5", "6")


def upload(asked: dict[str, Any], now: datetime) -> dict[str, Any]:
    """6201: the core's 2204 and 2206A; the same order number with the same content is the same order."""
    known = PayOrder.objects.filter(org_codg=asked["orgCodg"], med_org_ord=asked["medOrgOrd"]).first()
    if known is not None:
        if known.digest != digest(asked):
            raise Refusal(f"医疗机构订单号{asked['medOrgOrd']}已存在且内容不一致")
        return dict(known.answered)
    _refuse_stranger(asked)
    rows = _core_rows(asked)
    number = _new_number(asked, now)
    lines = _at_core("2204", f"{number}F"[-30:], {"feedetail": rows}, asked, now)
    preview = _at_core("2206A", f"{number}P"[-30:], {"data": _terms(asked)}, asked, now)
    info = preview["setlinfo"]
    answer = {
        "payOrdId": number,
        "payToken": secrets.token_hex(16),
        "ordStas": OPEN,
        "extData": {
            "mdtrtId": _terms(asked)["mdtrt_id"],
            "preSetl": {**info, "setldetail": preview["setldetail"]},
            "result": lines["result"],
        },
    }
    _keep(asked, answer, info, now)
    return answer


def pay(asked: dict[str, Any], now: datetime) -> dict[str, Any]:
    """6202: the core's 2207A, with a permission that serves once."""
    order = locked(asked)
    if order.org_biz_ser == asked["orgBizSer"]:
        return told(order)
    if order.ord_stas != OPEN:
        raise Refusal(f"订单状态为{order.ord_stas}，不能支付")
    if (asked["chrgBchno"], asked["mdtrtId"]) != (order.asked["chrgBchno"], _terms(order.asked)["mdtrt_id"]):
        raise Refusal("收费批次号或就诊ID与上传明细不一致")
    _use_permission(order, asked, now)
    order.org_biz_ser, order.traced_at = asked["orgBizSer"], now
    if take(FaultKind.SETTLEMENT_FAILS):
        order.ord_stas = FAILED
    else:
        _settle(order, now)
    _hide(order)
    order.save()
    return told(order) | {"extData": {"setlinfo": order.setlinfo}}


def query(asked: dict[str, Any], now: datetime) -> dict[str, Any]:
    """6301: how far the order is."""
    del now
    order = locked(asked)
    if order.shown_later:
        order.shown_later -= 1
        order.save(update_fields=["shown_later"])
        return {"payOrdId": order.pay_ord_id, "ordStas": order.hidden_stas}
    return final(order)


def revoke(asked: dict[str, Any], now: datetime) -> dict[str, Any]:
    """6401: the core's 2205; only before the payment order, and once revoked it stays revoked."""
    order = locked(asked)
    if order.ord_stas == REVOKED:
        return {"success": True}
    if order.ord_stas not in (OPEN, FAILED):
        raise Refusal("订单已支付，不能撤销")
    terms = _terms(order.asked)
    content = {name: terms[name] for name in ("mdtrt_id", "chrg_bchno", "psn_no")}
    _at_core("2205", f"{order.pay_ord_id}R"[-30:], {"data": content}, order.asked, now)
    order.ord_stas, order.traced_at = REVOKED, now
    order.save()
    return {"success": True}


def locked(asked: dict[str, Any]) -> PayOrder:
    """The order of a message, if the message is entitled to speak of it."""
    order = PayOrder.objects.select_for_update().filter(pay_ord_id=asked["payOrdId"]).first()
    if order is None or order.org_codg != asked.get("orgCodg", order.org_codg):
        raise Refusal("订单不存在")
    if asked.get("payToken", order.pay_token) != order.pay_token:
        raise Refusal("payToken校验失败")
    if asked.get("idNo", order.asked["idNo"]) != order.asked["idNo"]:
        raise Refusal("证件号码与订单不符")
    return order


def told(order: PayOrder) -> dict[str, Any]:
    """What 6202 says: the amounts, and that the payment is being carried out."""
    status = PROCESSING if order.ord_stas == INSURANCE_PAID else order.ord_stas
    return {"payOrdId": order.pay_ord_id, "ordStas": status, **amounts(order)}


def final(order: PayOrder) -> dict[str, Any]:
    """What 6301 and 6302 say: amounts only once the order is final."""
    fields: dict[str, Any] = {"payOrdId": order.pay_ord_id, "ordStas": order.ord_stas}
    if order.ord_stas in FINAL:
        fields |= amounts(order) | {
            "callType": "01",
            "medOrgOrd": order.med_org_ord,
            "traceTime": write_moment(order.traced_at),
            "setlType": "HI" if order.ord_stas == INSURANCE_PAID else "ALL",
            "revsToken": order.revs_token,
        }
    return fields


def amounts(order: PayOrder) -> dict[str, str]:
    """The three parts and their sum, as text."""
    parts = {
        "feeSumamt": order.fee_sum,
        "ownPayAmt": order.own_pay,
        "psnAcctPay": order.acct_pay,
        "fundPay": order.fund_pay,
    }
    return {name: str(value) for name, value in parts.items()}


def digest(content: dict[str, Any]) -> str:
    """Equal for equal content."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _settle(order: PayOrder, now: datetime) -> None:
    asked = order.asked
    info = order.answered["extData"]["preSetl"]
    sums = {
        name: info[name]
        for name in ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")
    }
    done = _at_core("2207A", order.org_biz_ser[:30], {"data": _terms(asked) | sums}, asked, now)["setlinfo"]
    _take_amounts(order, done)
    if take(FaultKind.OTHER_AMOUNTS):
        order.fund_pay, order.own_pay = order.fund_pay - 1, order.own_pay + 1
    order.setl_id, order.setlinfo = done["setl_id"], done
    order.ord_stas, order.revs_token = INSURANCE_PAID, secrets.token_hex(16)


def _hide(order: PayOrder) -> None:
    """Faults that let queries see something else for a while."""
    for kind, status in ((FaultKind.STAYS_PROCESSING, PROCESSING), (FaultKind.NOT_SAID, NOT_SAID)):
        if fault := take(kind):
            order.shown_later, order.hidden_stas = fault.queries, status


def _use_permission(order: PayOrder, asked: dict[str, Any], now: datetime) -> None:
    """One that the e-voucher platform gave for this person, or for a member of her family; it serves once."""
    given = Permission.objects.filter(pay_auth_no=asked["payAuthNo"], answer="allow").first()
    if given is None or not (given.is_family or given.id_number == order.asked["idNo"]):
        raise Refusal("payAuthNo校验失败")
    if given.answered_at is None or timezone.now() - given.answered_at > PERMISSION_LIVES:
        raise Refusal("payAuthNo已过期")
    _row, is_new = UsedPermission.objects.get_or_create(
        pay_auth_no=asked["payAuthNo"], defaults={"org_biz_ser": asked["orgBizSer"], "used_at": now}
    )
    if not is_new:
        raise Refusal("payAuthNo校验失败")


def _keep(asked: dict[str, Any], answer: dict[str, Any], info: dict[str, Any], now: datetime) -> None:
    order = PayOrder(
        pay_ord_id=answer["payOrdId"], org_codg=asked["orgCodg"], med_org_ord=asked["medOrgOrd"],
        pay_token=answer["payToken"], digest=digest(asked), asked=asked, answered=answer, created_at=now,
        traced_at=now,
    )  # fmt: skip
    _take_amounts(order, info)
    order.save()


def _take_amounts(order: PayOrder, info: dict[str, Any]) -> None:
    order.fee_sum, order.own_pay = Decimal(info["medfee_sumamt"]), Decimal(info["psn_cash_pay"])
    order.fund_pay = Decimal(info["fund_pay_sumamt"])
    # Money of a family account is account money, wherever the settlement writes it.
    order.acct_pay = order.fee_sum - order.own_pay - order.fund_pay


def _refuse_stranger(asked: dict[str, Any]) -> None:
    kind, number = _certificate(asked)
    person = person_by_certificate(kind, number)
    if person is None or person.psn_no != asked["psnNo"]:
        raise Refusal("ecToken二次核验失败" if kind == E_VOUCHER else "证件号码与参保人不符")
    rows = asked.get("feedetailList") or []
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise Refusal("feedetailList不能为空")
    total = sum((Decimal(str(row.get("detItemFeeSumamt", "0"))) for row in rows), Decimal(0))
    if total != Decimal(asked["medfeeSumamt"]):
        raise Refusal("明细总额与医疗费总额不一致")


def _core_rows(asked: dict[str, Any]) -> list[dict[str, Any]]:
    own = {"mdtrt_id": _terms(asked)["mdtrt_id"], "psn_no": asked["psnNo"], "chrg_bchno": asked["chrgBchno"]}
    return [{snake(name): value for name, value in row.items()} | own for row in asked["feedetailList"]]


def _certificate(asked: dict[str, Any]) -> tuple[str, str]:
    token = asked.get("ecToken")
    return (E_VOUCHER, token) if token else (ID_NUMBER, asked["idNo"])


def _terms(asked: dict[str, Any]) -> dict[str, Any]:
    """2206A's words for what the order says."""
    kind, number = _certificate(asked)
    return {
        "psn_no": asked["psnNo"],
        "mdtrt_cert_type": kind,
        "mdtrt_cert_no": number,
        "med_type": asked["medType"],
        "medfee_sumamt": asked["medfeeSumamt"],
        "psn_setlway": asked["psnSetlway"],
        "mdtrt_id": asked.get("mdtrtId") or "",
        "chrg_bchno": asked["chrgBchno"],
        "acct_used_flag": asked.get("acctUsedFlag") or "1",
        "insutype": asked["insutype"],
    }


def _at_core(
    infno: str, msgid: str, content: dict[str, Any], asked: dict[str, Any], now: datetime
) -> dict[str, Any]:
    return core.carry_out(
        infno, msgid, content, institution=asked["orgCodg"], insured_area=asked["insuCode"], now=now
    )


def _new_number(asked: dict[str, Any], now: datetime) -> str:
    """ORD, area, moment and a serial: 30 characters."""
    serial = PayOrder.objects.count() + 1
    return f"ORD{asked['insuCode']}{now:%Y%m%d%H%M%S}{serial % 1000:03d}{secrets.randbelow(10_000):04d}"
