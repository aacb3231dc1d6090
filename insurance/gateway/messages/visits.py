"""2201 register a visit, 2202 take it back, 2203A report what it is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from insurance.gateway.messages.wire import (
    ReplyInconsistent,
    count,
    decode,
    encode,
    encode_nodes,
    flag,
    moment,
    region_of_insurance,
    text,
)

ORDINARY_OUTPATIENT, CHRONIC_OUTPATIENT = "11", "14"
WESTERN_MEDICINE = "1"


@dataclass(frozen=True, kw_only=True)
class RegisterVisit:
    """2201. ``hospital_visit_number`` is ours, unique in the hospital for ever."""

    insured_region: Annotated[str, region_of_insurance()]
    person_number: Annotated[str, text("psn_no", 30)]
    insurance_type: Annotated[str, text("insutype", 6)]
    registered_at: Annotated[datetime, moment("begntime")]
    certificate_type: Annotated[str, text("mdtrt_cert_type", 3)]
    certificate_number: Annotated[str, text("mdtrt_cert_no", 50)]
    hospital_visit_number: Annotated[str, text("ipt_otp_no", 30)]
    doctor_code: Annotated[str, text("atddr_no", 30)]
    doctor_name: Annotated[str, text("dr_name", 50)]
    department_code: Annotated[str, text("dept_code", 30)]
    department_name: Annotated[str, text("dept_name", 100)]
    subject_code: Annotated[str, text("caty", 6)]


@dataclass(frozen=True, kw_only=True)
class VisitReply:
    """``visit_number`` is the insurer's (mdtrt_id); everything that follows hangs on it."""

    visit_number: Annotated[str, text("mdtrt_id", 30)]
    person_number: Annotated[str, text("psn_no", 30)]
    hospital_visit_number: Annotated[str, text("ipt_otp_no", 30)]


@dataclass(frozen=True, kw_only=True)
class CancelVisit:
    """2202. Refused while a settlement of the visit is in force."""

    insured_region: Annotated[str, region_of_insurance()]
    person_number: Annotated[str, text("psn_no", 30)]
    visit_number: Annotated[str, text("mdtrt_id", 30)]
    hospital_visit_number: Annotated[str, text("ipt_otp_no", 30)]


@dataclass(frozen=True, kw_only=True)
class DiagnosisRow:
    """One diagnosis; ``order`` starts at 1, the first is the main one; the code is 医保版 ICD-10."""

    kind: Annotated[str, text("diag_type", 3)] = WESTERN_MEDICINE
    order: Annotated[int, count("diag_srt_no")]
    code: Annotated[str, text("diag_code", 20)]
    name: Annotated[str, text("diag_name", 100)]
    department_name: Annotated[str, text("diag_dept", 50)]
    doctor_code: Annotated[str, text("dise_dor_no", 30)]
    doctor_name: Annotated[str, text("dise_dor_name", 50)]
    diagnosed_at: Annotated[datetime, moment("diag_time")]
    is_valid: Annotated[bool, flag("vali_flag")] = True


@dataclass(frozen=True, kw_only=True)
class ReportVisit:
    """2203A. ``diagnoses`` must not be empty; ``disease_code`` is required for chronic outpatient care (14)."""

    insured_region: Annotated[str, region_of_insurance()]
    visit_number: Annotated[str, text("mdtrt_id", 30)]
    person_number: Annotated[str, text("psn_no", 30)]
    treatment_type: Annotated[str, text("med_type", 6)]
    began_at: Annotated[datetime, moment("begntime")]
    condition: Annotated[str | None, text("main_cond_dscr", 1000)] = None
    disease_code: Annotated[str | None, text("dise_codg", 30)] = None
    disease_name: Annotated[str | None, text("dise_name", 500)] = None
    diagnoses: tuple[DiagnosisRow, ...]


def encode_register_visit(request: RegisterVisit) -> dict[str, object]:
    """Write the input of 2201."""
    return {"data": encode(request)}


def decode_register_visit(request: RegisterVisit, output: Mapping[str, object]) -> VisitReply:
    """Read the reply of 2201.

    Raises:
        ReplyInconsistent: it is about another person or visit, or cannot be read.
    """
    reply = decode(VisitReply, output.get("data"))
    if reply.person_number != request.person_number:
        raise ReplyInconsistent("psn_no is another person's")
    if reply.hospital_visit_number != request.hospital_visit_number:
        raise ReplyInconsistent("ipt_otp_no is another visit's")
    return reply


def encode_cancel_visit(request: CancelVisit) -> dict[str, object]:
    """Write the input of 2202."""
    return {"data": encode(request)}


def encode_report_visit(request: ReportVisit) -> dict[str, object]:
    """Write the input of 2203A.

    Raises:
        RequestUnfit: there is no diagnosis, no disease of chronic care (14), or a value does not fit.
    """
    chronic = request.treatment_type == CHRONIC_OUTPATIENT
    also = ["dise_codg: missing"] if chronic and not request.disease_code else []
    return encode_nodes(also, mdtrtinfo=request, diseinfo=request.diagnoses)
