"""5203 结算信息查询."""

from typing import Any

from simulators.insurer.call import Call, Refusal
from simulators.insurer.models import Settlement


def query_settlement(call: Call) -> dict[str, Any]:
    """Tell one settlement by its number, or with a visit's number every record of that visit, oldest first.

    The list may be empty. ``medins_setl_id`` of a record is the msgid that made it.
    """
    asked = call.input["data"]
    setl_id, mdtrt_id = asked.get("setl_id"), asked.get("mdtrt_id")
    if not setl_id and not mdtrt_id:
        raise Refusal("setl_id不能为空")
    rows = Settlement.objects.filter(
        visit__coverage__person__psn_no=asked["psn_no"], visit__institution=call.institution_code
    )
    if mdtrt_id:
        rows = rows.filter(visit__mdtrt_id=mdtrt_id)
    if not setl_id:
        return {"setlinfo": [_record(row) | {"setldetail": row.setldetail} for row in rows.order_by("pk")]}
    found = rows.filter(setl_id=setl_id).first()
    if found is None:
        raise Refusal(f"结算ID{setl_id}不存在")
    return {"setlinfo": _record(found), "setldetail": found.setldetail}


def _record(row: Settlement) -> dict[str, Any]:
    return {
        **row.setlinfo,
        "pay_loc": _place_of_payment(row),
        "refd_setl_flag": "1" if row.sign < 0 else "0",
        "vali_flag": "0" if row.cancelled_at else "1",
        "setl_type": "2",
        "year": str(row.year),
        "cash_payamt": str(row.cash_pay),
        "chrg_bchno": row.chrg_bchno,
    }


def _place_of_payment(row: Settlement) -> str:
    """2 at the hospital, 3 elsewhere in the province, 4 in another province."""
    treated, insured = row.visit.mdtrt_id[:6], row.visit.coverage.area
    if treated[:4] == insured[:4]:
        return "2"
    return "3" if treated[:2] == insured[:2] else "4"
