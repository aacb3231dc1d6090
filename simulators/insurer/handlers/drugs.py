"""3505 商品销售 and 3506 商品销售退货: drugs that go out and come back, package by package.

ASSUMPTION: a package that is out is refused a second time. A real centre may take it and raise a suspicion instead.
"""

from typing import Any

from simulators.insurer.call import Call, Refusal
from simulators.insurer.models import Settlement
from simulators.insurer.records import DrugMovement, TraceCode

INSURED = "1"
TAKEN = {"retRslt": "1", "msgRslt": "成功"}


def take_sale(call: Call) -> dict[str, Any]:
    """Take a sale; every package must be new or have come back."""
    asked, codes = _movement(call)
    if asked["mdtrt_setl_type"] == INSURED:
        _refuse_without_settlement(call, asked)
    held = _locked(codes)
    if out := [row.code for row in held.values() if row.sale_id is not None]:
        raise Refusal(f"追溯码{'、'.join(out)}已销售，不能重复使用")
    sale = _keep(call, asked)
    TraceCode.objects.bulk_create(TraceCode(code=code) for code in codes if code not in held)
    TraceCode.objects.filter(code__in=codes).update(sale=sale)
    return {"result": TAKEN}


def take_return(call: Call) -> dict[str, Any]:
    """Take a return; every package must be out, sold by this hospital as the same drug."""
    asked, codes = _movement(call)
    held = _locked(codes)
    for code in codes:
        sale = held[code].sale if code in held else None
        if sale is None or sale.institution != call.institution_code:
            raise Refusal(f"追溯码{code}没有销售记录")
        if sale.med_list_codg != asked["med_list_codg"]:
            raise Refusal(f"追溯码{code}不是该药品的")
    _keep(call, asked)
    TraceCode.objects.filter(code__in=codes).update(sale=None)
    return {"result": TAKEN}


def _movement(call: Call) -> tuple[dict[str, Any], list[str]]:
    asked = call.input["selinfo"]
    codes = [row["drug_trac_codg"] for row in asked["drugtracinfo"]]
    if len(set(codes)) != len(codes):
        raise Refusal("同一笔中追溯码重复")
    taken = DrugMovement.objects.filter(
        infno=call.infno,
        institution=call.institution_code,
        number=asked["rtal_docno"],
        med_list_codg=asked["med_list_codg"],
    )
    if taken.exists():
        raise Refusal(f"单据{asked['rtal_docno']}已上传")
    return asked, codes


def _refuse_without_settlement(call: Call, asked: dict[str, Any]) -> None:
    held = Settlement.objects.filter(
        setl_id=asked.get("setl_id") or "",
        visit__institution=call.institution_code,
        visit__coverage__person__psn_no=asked.get("psn_no") or "",
        sign=1,
        cancelled_at=None,
    )
    if not held.exists():
        raise Refusal("医保结算的销售须有有效结算ID")


def _locked(codes: list[str]) -> dict[str, TraceCode]:
    rows = TraceCode.objects.select_for_update(of=("self",)).select_related("sale").filter(code__in=codes)
    return {row.code: row for row in rows.order_by("code")}


def _keep(call: Call, asked: dict[str, Any]) -> DrugMovement:
    return DrugMovement.objects.create(
        infno=call.infno,
        institution=call.institution_code,
        number=asked["rtal_docno"],
        med_list_codg=asked["med_list_codg"],
        psn_no=asked.get("psn_no") or "",
        content=asked,
        moved_at=call.now,
    )
