"""3505 a drug has gone out to a person, 3506 it has come back; each package by its traceability code.

Source: names of fields sourced [S:NMG, OHI]; lengths and required marks are general knowledge [G].
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from insurance.gateway.messages.wire import (
    Acknowledged,
    Refused,
    code,
    day,
    encode_nodes,
    flag,
    moment,
    quantity,
    region_of_insurance,
    rows,
    text,
    unit_price,
)

# mdtrt_setl_type
INSURED, SELF_PAID = "1", "2"
ID_CARD = "01"
TAKEN = "1"


@dataclass(frozen=True, kw_only=True)
class TracedPackage:
    """One package; a code is used once."""

    trace_code: Annotated[str, text("drug_trac_codg", 40)]


@dataclass(frozen=True, kw_only=True)
class ReportSale:
    """3505. ``document_number`` is ours and unique for each drug that goes out; ``price`` is yuan for one unit.

    ``insured_region``, ``person_number`` and ``settlement_number`` are needed when the insurance has paid.
    """

    insured_region: Annotated[str | None, region_of_insurance()] = None
    catalogue_code: Annotated[str, text("med_list_codg", 50)]
    hospital_code: Annotated[str, text("fixmedins_hilist_id", 30)]
    hospital_name: Annotated[str, text("fixmedins_hilist_name", 200)]
    stock_batch: Annotated[str, text("fixmedins_bchno", 30)]
    doctor_id_type: Annotated[str | None, text("prsc_dr_cert_type", 6)] = None
    doctor_id_number: Annotated[str | None, text("prsc_dr_certno", 50)] = None
    doctor_name: Annotated[str, text("prsc_dr_name", 50)]
    pharmacist_id_type: Annotated[str | None, text("phar_cert_type", 6)] = None
    pharmacist_id_number: Annotated[str | None, text("phar_certno", 50)] = None
    pharmacist_name: Annotated[str, text("phar_name", 50)]
    pharmacist_licence: Annotated[str, text("phar_prac_cert_no", 50)]
    settlement_kind: Annotated[str | None, text("hi_feesetl_type", 6)] = None
    settlement_number: Annotated[str | None, text("setl_id", 30)] = None
    hospital_visit_number: Annotated[str, text("mdtrt_sn", 30)]
    person_number: Annotated[str | None, text("psn_no", 30)] = None
    id_type: Annotated[str, text("psn_cert_type", 6)] = ID_CARD
    id_number: Annotated[str | None, text("certno", 50)] = None
    person_name: Annotated[str | None, text("psn_name", 50)] = None
    lot_number: Annotated[str, text("manu_lotnum", 30)]
    made_on: Annotated[date, day("manu_date")]
    expires_on: Annotated[date | None, day("expy_end")] = None
    is_prescription_drug: Annotated[bool, flag("rx_flag")]
    is_opened: Annotated[bool, flag("trdn_flag")] = False
    price: Annotated[Decimal | None, unit_price("finl_trns_pric")] = None
    prescription_number: Annotated[str | None, text("rxno", 40)] = None
    is_circulated: Annotated[bool, flag("rx_circ_flag")] = False
    document_number: Annotated[str, text("rtal_docno", 40)]
    delivery_number: Annotated[str | None, text("stoout_no", 40)] = None
    batch_number: Annotated[str | None, text("bchno", 30)] = None
    barcode: Annotated[str | None, text("drug_prod_barc", 30)] = None
    shelf: Annotated[str | None, text("shelf_posi", 20)] = None
    quantity: Annotated[Decimal, quantity("sel_retn_cnt")]
    moved_at: Annotated[datetime, moment("sel_retn_time")]
    operator_name: Annotated[str, text("sel_retn_opter_name", 50)]
    memo: Annotated[str | None, text("memo", 500)] = None
    payer: Annotated[str, code("mdtrt_setl_type", 3, (INSURED, SELF_PAID))]
    packages: Annotated[tuple[TracedPackage, ...], rows("drugtracinfo", TracedPackage)]


@dataclass(frozen=True, kw_only=True)
class ReportReturn(ReportSale):
    """3506: mirrors the sale, with a document number of its own and the codes that came back."""


def encode_movement(request: ReportSale) -> dict[str, object]:
    """Write the input of 3505 or 3506.

    Raises:
        RequestUnfit: naming everything that does not fit, a code given twice, or what an insured sale needs.
    """
    codes = [package.trace_code for package in request.packages]
    twice = sorted({each for each in codes if codes.count(each) > 1})
    faults = [f"drug_trac_codg: {each} given twice" for each in twice]
    if request.payer == INSURED:
        needed = {"psn_no": request.person_number, "setl_id": request.settlement_number,
                  "insuplc_admdvs": request.insured_region}  # fmt: skip
        faults += [f"{name}: missing" for name, value in needed.items() if not value]
    return encode_nodes(faults, selinfo=request)


def decode_movement(request: ReportSale, output: Mapping[str, object]) -> Acknowledged:
    """Read the reply of 3505 or 3506: retRslt 1 is success; a centre may leave it out.

    Raises:
        Refused: it says that the movement was not taken, with its own words.
    """
    found = output.get("result")
    node = found if isinstance(found, Mapping) else output
    result = node.get("retRslt")
    if result is not None and str(result) != TAKEN:
        raise Refused(f"{node.get('msgRslt') or ''} (retRslt {result})".strip())
    return Acknowledged()
