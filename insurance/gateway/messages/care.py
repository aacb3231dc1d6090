"""4301: the clinical record of an outpatient visit, sent after it has ended.

Source: the names of the four nodes are sourced [S:OHI]; their fields were not found in any source and stand here as
general knowledge [G], to be checked against the province's text before use.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from insurance.gateway.messages.visits import DiagnosisRow
from insurance.gateway.messages.wire import (
    encode_nodes,
    flag,
    moment,
    quantity,
    region_of_insurance,
    text,
)


@dataclass(frozen=True, kw_only=True)
class CareRegistration:
    """Node rgstinfo: which visit this is. ``is_first_visit`` is never true for Internet care."""

    visit_number: Annotated[str, text("mdtrt_id", 30)]
    person_number: Annotated[str, text("psn_no", 30)]
    hospital_visit_number: Annotated[str, text("mdtrt_sn", 30)]
    treatment_type: Annotated[str, text("med_type", 6)]
    registered_at: Annotated[datetime, moment("rgst_time")]
    seen_at: Annotated[datetime, moment("mdtrt_time")]
    department_code: Annotated[str, text("dept_code", 30)]
    department_name: Annotated[str, text("dept_name", 100)]
    doctor_code: Annotated[str, text("dr_codg", 30)]
    doctor_name: Annotated[str, text("dr_name", 50)]
    is_first_visit: Annotated[bool, flag("fstdiag_flag")] = False
    is_internet: Annotated[bool, flag("internet_flag")] = True


@dataclass(frozen=True, kw_only=True)
class CareCase:
    """Node caseinfo: what was told, found and advised."""

    complaint: Annotated[str, text("chfcomp", 4000)]
    present_illness: Annotated[str | None, text("dise_now", 4000)] = None
    past_history: Annotated[str | None, text("past_his", 4000)] = None
    allergies: Annotated[str | None, text("algs_his", 4000)] = None
    examination: Annotated[str | None, text("phys_exam", 4000)] = None
    advice: Annotated[str | None, text("trt_opnn", 4000)] = None


@dataclass(frozen=True, kw_only=True)
class CareDrug:
    """A row of node rxinfo: one drug of a prescription."""

    prescription_number: Annotated[str, text("rxno", 30)]
    prescribed_at: Annotated[datetime, moment("prsc_time")]
    catalogue_code: Annotated[str, text("med_list_codg", 50)]
    hospital_code: Annotated[str, text("medins_list_codg", 150)]
    name: Annotated[str, text("drug_name", 200)]
    specification: Annotated[str | None, text("drug_spec", 200)] = None
    quantity: Annotated[Decimal, quantity("cnt")]
    unit: Annotated[str, text("cnt_unt", 20)]
    single_dose: Annotated[str | None, text("sin_dos_dscr", 200)] = None
    frequency: Annotated[str | None, text("used_frqu_dscr", 200)] = None
    route: Annotated[str | None, text("medc_way_dscr", 200)] = None
    doctor_code: Annotated[str, text("prsc_dr_codg", 30)]
    doctor_name: Annotated[str, text("prsc_dr_name", 50)]


@dataclass(frozen=True, kw_only=True)
class ReportCare:
    """4301; ``drugs`` may be empty, ``diagnoses`` not."""

    insured_region: Annotated[str, region_of_insurance()]
    registration: CareRegistration
    case: CareCase
    diagnoses: tuple[DiagnosisRow, ...]
    drugs: tuple[CareDrug, ...] = ()


def encode_care(request: ReportCare) -> dict[str, object]:
    """Write the input of 4301.

    Raises:
        RequestUnfit: naming everything that does not fit, and a visit without a diagnosis.
    """
    nodes: dict[str, object] = {
        "rgstinfo": request.registration,
        "caseinfo": request.case,
        "diseinfo": request.diagnoses,
    }
    return encode_nodes(**nodes, **({"rxinfo": request.drugs} if request.drugs else {}))
