"""2206A 门诊预结算 and 2207A 门诊结算."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from simulators.insurer.accumulators import book, standing_of
from simulators.insurer.amounts import setldetail
from simulators.insurer.calculation import LineSplit, Split, split_settlement
from simulators.insurer.call import Call, Refusal
from simulators.insurer.catalogue import item_for
from simulators.insurer.models import FeeRow, Settlement, Visit
from simulators.insurer.money import ZERO
from simulators.insurer.policy import PolicyNotFound, RemoteTreatmentNotFiled, Treatment, benefits_for
from simulators.insurer.policy_files import shipped_policies

from .lookups import (
    NOT_FILED_ELSEWHERE,
    check_certificate,
    claimant_of,
    refuse_without_benefit,
    refuse_without_filing,
    remote_kind,
    visit_of,
)
from .settlement_record import setlinfo

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
    split = calculate(call, visit, unsettled(visit, asked), asked)
    return {
        "setlinfo": setlinfo(call, visit, asked, split, setl_id=None),
        "setldetail": setldetail(visit.coverage.insutype, split),
    }


def settle(call: Call) -> dict[str, Any]:
    """Calculate, pay from funds and accounts, and keep one settlement for the charge batch."""
    asked = call.input["data"]
    visit = _visit_to_settle(call, asked)
    fees = unsettled(visit, asked)
    split = calculate(call, visit, fees, asked)
    _check_parts(asked, split)
    row = keep(call, visit, fees, asked, split)
    return {"setlinfo": row.setlinfo, "setldetail": row.setldetail}


def unsettled(visit: Visit, asked: dict[str, Any]) -> list[FeeRow]:
    """The fee lines of a charge batch that is still to be settled, when they add up to what was asked."""
    batch = asked["chrg_bchno"]
    if visit.settlements.filter(chrg_bchno=batch, sign=1, cancelled_at=None).exists():
        raise Refusal(f"收费批次号{batch}已结算，不能重复结算")
    fees = list(visit.fees.filter(chrg_bchno=batch).order_by("pk"))
    if not fees:
        raise Refusal(f"收费批次号{batch}没有费用明细")
    if sum((fee.det for fee in fees), ZERO) != Decimal(asked["medfee_sumamt"]):
        raise Refusal("医疗费总额与上传明细合计不一致")
    return fees


def calculate(call: Call, visit: Visit, fees: list[FeeRow], asked: dict[str, Any]) -> Split:
    """Divide the fees by the policy of the insured place, from where the person stands today."""
    coverage = visit.coverage
    treatment = Treatment(
        level=call.institution.level,
        med_type=asked["med_type"],
        on=call.today,
        disease=fees[0].dise_codg or visit.dise_codg,
        remote=remote_kind(call, coverage),
        visit=visit.mdtrt_id,
    )
    refuse_without_filing(coverage, treatment)
    try:
        benefits = benefits_for(shipped_policies(), claimant_of(coverage, call.today), treatment)
        split = split_settlement(
            [_line(call, fee) for fee in fees],
            benefits,
            treatment,
            standing_of(coverage, call.today.year, lock=True),
            use_account=asked["acct_used_flag"] == "1",
        )
    except PolicyNotFound as missing:
        raise Refusal("未找到适用的待遇政策") from missing
    except RemoteTreatmentNotFiled as missing:
        raise Refusal(NOT_FILED_ELSEWHERE) from missing
    return _paid_less(split) if call.pay_less else split


def keep(call: Call, visit: Visit, fees: list[FeeRow], asked: dict[str, Any], split: Split) -> Settlement:
    """Book the amounts and keep the settlement under a new number."""
    setl_id = call.new_id()
    info = setlinfo(call, visit, asked, split, setl_id=setl_id)
    row = Settlement.objects.create(
        setl_id=setl_id,
        msgid=call.msgid,
        visit=visit,
        chrg_bchno=asked["chrg_bchno"],
        sign=1,
        settled_at=call.now,
        medfee=split.medfee,
        fund_pay=split.fund_pay,
        acct_pay=Decimal(info["acct_pay"]),
        cash_pay=split.cash_pay,
        act_pay_dedc=split.act_pay_dedc,
        eligible=split.eligible,
        year=call.today.year,
        booked=book(visit.coverage, call.today.year, split),
        setlinfo=info,
        setldetail=setldetail(visit.coverage.insutype, split),
    )
    FeeRow.objects.filter(pk__in=[fee.pk for fee in fees]).update(settlement=row)
    return row


def _visit_to_settle(call: Call, asked: dict[str, Any]) -> Visit:
    visit = visit_of(call, asked, lock=True)
    check_certificate(visit.coverage.person, asked)
    refuse_without_benefit(call, visit.coverage)
    if asked["insutype"] != visit.coverage.insutype:
        raise Refusal("险种与挂号信息不一致")
    if asked["med_type"] != visit.med_type:
        raise Refusal("医疗类别与就诊信息不一致")
    return visit


def _line(call: Call, fee: FeeRow) -> LineSplit:
    charge_type = item_for(fee.med_list_codg, call.treatment_area).charge_type
    return LineSplit(fee.det, fee.fulamt_ownpay, fee.overlmt, fee.preselfpay, fee.inscp, charge_type)


def _paid_less(split: Split) -> Split:
    """The fault "amounts_differ": the fund pays up to one yuan less than was pre-settled, the person more."""
    less = min(Decimal("1.00"), split.hifp_pay)
    return replace(split, funds={**split.funds, "hifp_pay": split.hifp_pay - less})


def _check_parts(asked: dict[str, Any], split: Split) -> None:
    for wire_name, part in PART_NAMES.items():
        if Decimal(asked[wire_name]) != getattr(split, part):
            raise Refusal(f"{wire_name}与上传明细合计不一致")
