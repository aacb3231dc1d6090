"""2206A 门诊预结算 and 2207A 门诊结算."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from simulators.insurer.calculation import LineSplit, Split, Standing, split_settlement
from simulators.insurer.call import Call, Refusal
from simulators.insurer.models import Coverage, Cumulative, FeeRow, Settlement, Visit
from simulators.insurer.money import ZERO
from simulators.insurer.policy import PolicyNotFound, policy_for

from .lookups import check_certificate, refuse_without_benefit, visit_of
from .settlement_record import setldetail, setlinfo

PART_NAMES = {
    "fulamt_ownpay_amt": "fulamt_ownpay",
    "overlmt_selfpay": "overlmt",
    "preselfpay_amt": "preselfpay",
    "inscp_scp_amt": "inscp",
}


def presettle(call: Call) -> dict[str, Any]:
    """Calculate and keep nothing."""
    asked = call.input["data"]
    visit = _visit_to_settle(call, asked)
    split = _calculate(call, visit, _unsettled(visit, asked), asked)
    return {
        "setlinfo": setlinfo(call, visit, asked, split, setl_id=None),
        "setldetail": setldetail(visit, split),
    }


def settle(call: Call) -> dict[str, Any]:
    """Calculate, pay from fund and account, and keep one settlement for the charge batch."""
    asked = call.input["data"]
    visit = _visit_to_settle(call, asked)
    fees = _unsettled(visit, asked)
    split = _calculate(call, visit, fees, asked)
    _check_parts(asked, split)
    row = _keep(call, visit, asked, split)
    FeeRow.objects.filter(pk__in=[fee.pk for fee in fees]).update(settlement=row)
    _book(visit.coverage, call.today.year, split)
    return {"setlinfo": row.setlinfo, "setldetail": row.setldetail}


def _visit_to_settle(call: Call, asked: dict[str, Any]) -> Visit:
    visit = visit_of(call, asked, lock=True)
    check_certificate(visit.coverage.person, asked)
    refuse_without_benefit(call, visit.coverage)
    if asked["insutype"] != visit.coverage.insutype:
        raise Refusal("险种与挂号信息不一致")
    if asked["med_type"] != visit.med_type:
        raise Refusal("医疗类别与就诊信息不一致")
    return visit


def _unsettled(visit: Visit, asked: dict[str, Any]) -> list[FeeRow]:
    batch = asked["chrg_bchno"]
    if visit.settlements.filter(chrg_bchno=batch, sign=1, cancelled_at=None).exists():
        raise Refusal(f"收费批次号{batch}已结算，不能重复结算")
    fees = list(visit.fees.filter(chrg_bchno=batch).order_by("pk"))
    if not fees:
        raise Refusal(f"收费批次号{batch}没有费用明细")
    if sum((fee.det for fee in fees), ZERO) != Decimal(asked["medfee_sumamt"]):
        raise Refusal("医疗费总额与上传明细合计不一致")
    return fees


def _calculate(call: Call, visit: Visit, fees: list[FeeRow], asked: dict[str, Any]) -> Split:
    coverage = visit.coverage
    try:
        policy = policy_for(
            area=coverage.area,
            insutype=coverage.insutype,
            psn_type=coverage.psn_type,
            hospital_level=call.institution.level,
            med_type=asked["med_type"],
            on=call.today,
        )
    except PolicyNotFound as missing:
        raise Refusal("未找到适用的待遇政策") from missing
    lines = [LineSplit(fee.det, fee.fulamt_ownpay, fee.overlmt, fee.preselfpay, fee.inscp) for fee in fees]
    standing = _standing(coverage, call.today.year)
    split = split_settlement(lines, policy, standing, use_account=asked["acct_used_flag"] == "1")
    return _paid_less(split) if call.pay_less else split


def _standing(coverage: Coverage, year: int) -> Standing:
    row = coverage.cumulatives.filter(year=year).first()
    if row is None:
        return Standing(coverage.balance, coverage.opening_deducted, ZERO, ZERO)
    return Standing(coverage.balance, row.deducted, row.eligible, row.fund_paid)


def _paid_less(split: Split) -> Split:
    """The fault "amounts_differ": the fund pays up to one yuan less than was pre-settled, the person more."""
    less = min(Decimal("1.00"), split.hifp_pay)
    return replace(
        split,
        hifp_pay=split.hifp_pay - less,
        psn_part=split.psn_part + less,
        cash_pay=split.cash_pay + less,
    )


def _check_parts(asked: dict[str, Any], split: Split) -> None:
    for wire_name, part in PART_NAMES.items():
        if Decimal(asked[wire_name]) != getattr(split, part):
            raise Refusal(f"{wire_name}与上传明细合计不一致")


def _keep(call: Call, visit: Visit, asked: dict[str, Any], split: Split) -> Settlement:
    setl_id = call.new_id()
    return Settlement.objects.create(
        setl_id=setl_id,
        msgid=call.msgid,
        visit=visit,
        chrg_bchno=asked["chrg_bchno"],
        sign=1,
        settled_at=call.now,
        medfee=split.medfee,
        fund_pay=split.hifp_pay,
        acct_pay=split.acct_pay,
        cash_pay=split.cash_pay,
        act_pay_dedc=split.act_pay_dedc,
        eligible=split.eligible,
        year=call.today.year,
        setlinfo=setlinfo(call, visit, asked, split, setl_id=setl_id),
        setldetail=setldetail(visit, split),
    )


def _book(coverage: Coverage, year: int, split: Split) -> None:
    coverage.balance = split.balance_after
    coverage.save(update_fields=["balance"])
    row, _ = Cumulative.objects.get_or_create(
        coverage=coverage, year=year, defaults={"deducted": coverage.opening_deducted}
    )
    row.deducted += split.act_pay_dedc
    row.eligible += split.eligible
    row.fund_paid += split.hifp_pay
    row.save()
