"""2204 门诊费用明细上传 and 2205 费用明细撤销."""

from decimal import Decimal
from typing import Any

from simulators.insurer.calculation import LineSplit, split_line
from simulators.insurer.call import Call, Refusal
from simulators.insurer.catalogue import C, CatalogueItem, is_listed, item_for
from simulators.insurer.doctors import refuse_unknown_doctors
from simulators.insurer.models import FeeRow, Visit
from simulators.insurer.money import to_fen_precision

from .lookups import visit_of

NO_LIMIT = "999999"
EVERY_BATCH = "0000"
REIMBURSE = "1"
OWN_PAY = "2"


def upload_fees(call: Call) -> dict[str, Any]:
    """Take fee lines and divide each one; all of them or none."""
    rows = call.input["feedetail"]
    if len({(row["mdtrt_id"], row["psn_no"]) for row in rows}) != 1:
        raise Refusal("一次上传只能属于同一次就诊")
    visit = visit_of(call, rows[0], lock=True)
    if not visit.med_type:
        raise Refusal("请先上传门诊就诊信息（2203A）")
    refuse_unknown_doctors(row.get(name) for row in rows for name in ("bilg_dr_codg", "orders_dr_code"))
    _refuse_misfits(visit, rows)
    divided = [(row, item, _split(item, row)) for row, item in _listed(call, rows)]
    FeeRow.objects.bulk_create(_fee_row(visit, row, split) for row, _, split in divided)
    return {"result": [_result(item, row, split) for row, item, split in divided]}


def withdraw_fees(call: Call) -> None:
    """Delete unsettled lines of one charge batch, or of all batches with "0000"."""
    asked = call.input["data"]
    visit = visit_of(call, asked, lock=True)
    rows = visit.fees.filter(settlement=None)
    if asked["chrg_bchno"] != EVERY_BATCH:
        if visit.fees.filter(chrg_bchno=asked["chrg_bchno"]).exclude(settlement=None).exists():
            raise Refusal("费用已结算，不能撤销明细")
        rows = rows.filter(chrg_bchno=asked["chrg_bchno"])
    rows.delete()


def _listed(call: Call, rows: list[dict[str, Any]]) -> list[tuple[dict[str, Any], CatalogueItem]]:
    """Each line with its item in the catalogue of the place of treatment."""
    return [(row, item_for(row["med_list_codg"], call.treatment_area)) for row in rows]


def _fee_row(visit: Visit, row: dict[str, Any], split: LineSplit) -> FeeRow:
    return FeeRow(
        visit=visit,
        feedetl_sn=row["feedetl_sn"],
        chrg_bchno=row["chrg_bchno"],
        dise_codg=row.get("dise_codg") or "",
        med_list_codg=row["med_list_codg"],
        det=split.det,
        fulamt_ownpay=split.fulamt_ownpay,
        overlmt=split.overlmt,
        preselfpay=split.preselfpay,
        inscp=split.inscp,
        reported=row,
    )


def _refuse_misfits(visit: Visit, rows: list[dict[str, Any]]) -> None:
    """Refuse lines that do not fit what the visit holds already, or each other."""
    held = list(visit.fees.values_list("feedetl_sn", "chrg_bchno", "dise_codg", "settlement_id"))
    numbers = {number for number, _, _, _ in held}
    settled = {batch for _, batch, _, settlement in held if settlement is not None}
    diseases = {batch: disease for _, batch, disease, _ in held}
    for row in rows:
        if row["feedetl_sn"] in numbers:
            raise Refusal(f"费用明细流水号{row['feedetl_sn']}重复")
        if row["chrg_bchno"] in settled:
            raise Refusal(f"收费批次号{row['chrg_bchno']}已结算")
        disease = row.get("dise_codg") or ""
        if diseases.setdefault(row["chrg_bchno"], disease) != disease:
            raise Refusal("同一收费批次号的病种编码必须一致")
        numbers.add(row["feedetl_sn"])
        _refuse_wrong_product(row)


def _refuse_wrong_product(row: dict[str, Any]) -> None:
    det = to_fen_precision(Decimal(row["pric"]) * Decimal(row["cnt"]))
    if det != Decimal(row["det_item_fee_sumamt"]):
        raise Refusal(f"明细{row['feedetl_sn']}金额不等于单价乘数量")


def _split(item: CatalogueItem, row: dict[str, Any]) -> LineSplit:
    vouched = row["hosp_appr_flag"]
    own = vouched == OWN_PAY or (item.limited_use and vouched != REIMBURSE)
    return split_line(
        price=Decimal(row["pric"]),
        quantity=Decimal(row["cnt"]),
        selfpay_rate=item.selfpay_rate,
        price_limit=item.price_limit,
        wholly_own=own or item.level == C,
    )


def _result(item: CatalogueItem, row: dict[str, Any], split: LineSplit) -> dict[str, Any]:
    return {
        "feedetl_sn": row["feedetl_sn"],
        "det_item_fee_sumamt": str(split.det),
        "cnt": str(row["cnt"]),
        "pric": str(row["pric"]),
        "pric_uplmt_amt": NO_LIMIT if item.price_limit is None else str(item.price_limit),
        "selfpay_prop": str(Decimal(1) if split.fulamt_ownpay else item.selfpay_rate),
        "fulamt_ownpay_amt": str(split.fulamt_ownpay),
        "overlmt_amt": str(split.overlmt),
        "preselfpay_amt": str(split.preselfpay),
        "inscp_scp_amt": str(split.inscp),
        "chrgitm_lv": item.level,
        "med_chrgitm_type": item.charge_type,
        "bas_medn_flag": "0",
        "hi_nego_drug_flag": "0",
        "chld_medc_flag": "0",
        "list_sp_item_flag": "0",
        "lmt_used_flag": "1" if item.limited_use else "0",
        "drt_reim_flag": "0",
        "memo": None if is_listed(item.code) else "未匹配医保目录，按丙类全自费处理",
    }
