"""2201 门诊挂号, 2202 挂号撤销 and 2203A 就诊信息."""

import re
from typing import Any

from simulators.insurer.call import Call, Refusal, read_moment
from simulators.insurer.doctors import refuse_unknown_doctors
from simulators.insurer.models import Diagnosis, Visit

from .lookups import CHRONIC, check_certificate, coverage_of, refuse_without_benefit, visit_of

ICD_10 = re.compile(r"^[A-Z]\d{2}[0-9A-Za-z.+*]*$")


def register_visit(call: Call) -> dict[str, Any]:
    """Open a visit for a person with normal coverage."""
    asked = call.input["data"]
    coverage = coverage_of(call, asked["psn_no"], asked["insutype"])
    check_certificate(coverage.person, asked)
    refuse_without_benefit(call, coverage)
    refuse_unknown_doctors([asked["atddr_no"]])
    if Visit.objects.filter(institution=call.institution_code, ipt_otp_no=asked["ipt_otp_no"]).exists():
        raise Refusal(f"住院/门诊号{asked['ipt_otp_no']}已存在")
    visit = Visit.objects.create(
        mdtrt_id=call.new_id(),
        coverage=coverage,
        institution=call.institution_code,
        ipt_otp_no=asked["ipt_otp_no"],
        begins_at=read_moment(asked["begntime"]),
        registration=asked,
    )
    return {"data": {"mdtrt_id": visit.mdtrt_id, "psn_no": asked["psn_no"], "ipt_otp_no": visit.ipt_otp_no}}


def cancel_visit(call: Call) -> None:
    """Close a visit that never was settled, with the fee lines uploaded for it."""
    asked = call.input["data"]
    visit = visit_of(call, asked, lock=True)
    if visit.ipt_otp_no != asked["ipt_otp_no"]:
        raise Refusal("门诊号与就诊信息不符")
    if visit.settlements.filter(sign=1, cancelled_at=None).exists():
        raise Refusal("存在有效结算，请先撤销结算")
    visit.fees.all().delete()
    visit.cancelled_at = call.now
    visit.save(update_fields=["cancelled_at"])


def report_visit(call: Call) -> None:
    """Take the kind of treatment and the diagnoses; a later report replaces an earlier one."""
    info, reported = call.input["mdtrtinfo"], call.input["diseinfo"]
    visit = visit_of(call, info, lock=True)
    if info["med_type"] == CHRONIC and not info.get("dise_codg"):
        raise Refusal("门诊慢特病就诊dise_codg不能为空")
    refuse_unknown_doctors(row["dise_dor_no"] for row in reported)
    _check_diagnoses(reported)
    visit.diagnoses.all().delete()
    Diagnosis.objects.bulk_create(
        Diagnosis(
            visit=visit,
            diag_srt_no=int(row["diag_srt_no"]),
            diag_code=row["diag_code"],
            diag_name=row["diag_name"],
            reported=row,
        )
        for row in reported
    )
    visit.med_type, visit.dise_codg = info["med_type"], info.get("dise_codg") or ""
    visit.save(update_fields=["med_type", "dise_codg"])


def _check_diagnoses(rows: list[dict[str, Any]]) -> None:
    orders = [int(row["diag_srt_no"]) for row in rows]
    if len(set(orders)) != len(orders):
        raise Refusal("diag_srt_no重复")
    for row in rows:
        if row["diag_type"] == "1" and not ICD_10.match(row["diag_code"]):
            raise Refusal(f"诊断代码{row['diag_code']}不是医保版ICD-10")
