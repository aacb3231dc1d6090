"""6203 医保退费: once for each number of the hospital, never more than was paid."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from simulators.insurer.call import Refusal

from . import core
from .fieldlists import amount
from .models import INSURANCE_PAID, INSURANCE_REFUNDED, REFUNDED, FaultKind, PayOrder, Refund, take
from .orders import digest, locked

DONE, FAILED, NOT_SAID = "SUCC", "FAIL", "EXP"


def refund(asked: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The core's 2208, when the insurance part goes back."""
    order = locked(asked)
    known = Refund.objects.filter(app_refd_sn=asked["appRefdSn"]).first()
    if known is not None:
        if known.order_id != order.pk or known.digest != _words(asked):
            raise Refusal("退款流水号重复且内容不一致")
        return _said(order, asked, known.ref_status)
    _refuse_unfit(order, asked)
    if take(FaultKind.REFUND_FAILS):
        return _said(order, asked, FAILED)
    _take_back(order, asked, now)
    Refund.objects.create(
        order=order, app_refd_sn=asked["appRefdSn"], digest=_words(asked), ref_status=DONE, made_at=now
    )
    return _said(order, asked, NOT_SAID if take(FaultKind.REFUND_EXP) else DONE)


def _words(asked: dict[str, Any]) -> str:
    """What must be the same when a number is used again; the moment of asking need not."""
    return digest({name: value for name, value in asked.items() if name != "appRefdTime"})


def _refuse_unfit(order: PayOrder, asked: dict[str, Any]) -> None:
    if order.ord_stas != INSURANCE_PAID:
        raise Refusal(f"订单状态为{order.ord_stas}，不能退费")
    cash, acct, fund = (amount(asked, name) for name in ("cashRefdAmt", "psnAcctRefdAmt", "fundRefdAmt"))
    if cash + acct + fund != amount(asked, "totlRefdAmt"):
        raise Refusal("退款总额不等于各部分之和")
    if asked["refdType"] == "HI" and cash:
        raise Refusal("仅退医保时现金退款应为0")
    if asked["refdType"] not in ("HI", "ALL"):
        raise Refusal("本订单没有经由移动支付中心的自费部分")
    if (acct, fund) != (order.acct_pay, order.fund_pay) or (
        asked["refdType"] == "ALL" and cash != order.own_pay
    ):
        raise Refusal("退款金额与原订单不一致")


def _take_back(order: PayOrder, asked: dict[str, Any], now: datetime) -> None:
    terms = order.asked
    content = {"setl_id": order.setl_id, "mdtrt_id": terms["mdtrtId"], "psn_no": terms["psnNo"]}
    core.carry_out(
        "2208", asked["appRefdSn"][:30], {"data": content}, institution=order.org_codg,
        insured_area=terms["insuCode"], now=now,
    )  # fmt: skip
    order.ord_stas = INSURANCE_REFUNDED if asked["refdType"] == "HI" else REFUNDED
    order.traced_at = now
    order.save()


def _said(order: PayOrder, asked: dict[str, Any], status: str) -> dict[str, Any]:
    return {
        "payOrdId": order.pay_ord_id,
        "appRefdSn": asked["appRefdSn"],
        "refStatus": status,
        "totlRefdAmt": str(Decimal(asked["totlRefdAmt"])),
    }
