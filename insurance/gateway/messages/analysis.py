"""3101 and 3102: have orders and charges looked at before they are given or charged; 3103: how we dealt with it.

Source: names, types and lengths sourced; which fields are required, the values of ``trig_scen`` and the whole of 3103
are general knowledge [G]. Fields of ward, operation and anaesthesia do not occur in outpatient care and are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from insurance.gateway.messages.wire import (
    code,
    day,
    decimal,
    decode_each,
    encode_nodes,
    flag,
    moment,
    money,
    region_of_insurance,
    rows,
    text,
)

# Values of the scene (trig_scen), of what is answered (warn_type) and how (dspo_way): all [G].
AT_CHARGING, AT_PRESETTLEMENT = "2", "7"
BEFORE, DURING = "1", "2"
GO_ON, CHANGE = "1", "2"


@dataclass(frozen=True, kw_only=True)
class AnalysedDiagnosis:
    """One diagnosis of the visit."""

    diagnosis_id: Annotated[str, text("dise_id", 50)]
    is_main: Annotated[bool, flag("maindise_flag")]
    order: Annotated[str, text("dias_srt_no", 2)]
    code: Annotated[str, text("dise_codg", 30)]
    name: Annotated[str, text("dise_name", 200)]
    diagnosed_at: Annotated[datetime, moment("dise_date")]
    direction: Annotated[str | None, text("inout_dise_type", 3)] = None


@dataclass(frozen=True, kw_only=True)
class AnalysedOrder:
    """One order or charge; ``is_current`` tells it from what she was given before. Amounts are yuan."""

    order_id: Annotated[str, text("rx_id", 50)]
    prescription_number: Annotated[str | None, text("rxno", 20)] = None
    group: Annotated[str | None, text("grpno", 20)] = None
    is_standing: Annotated[bool, flag("long_drord_flag")] = False
    catalogue_kind: Annotated[str | None, text("hilist_type", 3)] = None
    charge_kind: Annotated[str | None, text("chrg_type", 3)] = None
    behaviour: Annotated[str | None, text("drord_bhvr", 3)] = None
    catalogue_code: Annotated[str, text("hilist_code", 50)]
    catalogue_name: Annotated[str, text("hilist_name", 50)]
    catalogue_form: Annotated[str | None, text("hilist_dosform", 50)] = None
    catalogue_level: Annotated[str | None, text("hilist_lv", 3)] = None
    catalogue_price: Annotated[Decimal | None, money("hilist_pric")] = None
    hospital_code: Annotated[str, text("hosplist_code", 20)]
    hospital_name: Annotated[str, text("hosplist_name", 50)]
    hospital_form: Annotated[str | None, text("hosplist_dosform", 20)] = None
    quantity: Annotated[Decimal, decimal("cnt", 6, 2)]
    price: Annotated[Decimal, money("pric")]
    amount: Annotated[Decimal, money("sumamt")]
    own_pay_amount: Annotated[Decimal, money("ownpay_amt")] = Decimal("0.00")
    self_pay_amount: Annotated[Decimal, money("selfpay_amt")] = Decimal("0.00")
    specification: Annotated[str | None, text("spec", 100)] = None
    unit: Annotated[str | None, text("spec_unt", 20)] = None
    begins_at: Annotated[datetime, moment("drord_begn_date")]
    ends_at: Annotated[datetime | None, moment("drord_stop_date")] = None
    department_code: Annotated[str, text("drord_dept_codg", 30)]
    department_name: Annotated[str, text("drord_dept_name", 50)]
    doctor_code: Annotated[str, text("drord_dr_codg", 30)]
    doctor_name: Annotated[str, text("drord_dr_name", 30)]
    doctor_title: Annotated[str | None, text("drord_dr_profttl", 3)] = None
    is_current: Annotated[bool, flag("curr_drord_flag")] = True


@dataclass(frozen=True, kw_only=True)
class AnalysedVisit:
    """The visit, with at least one diagnosis and one order."""

    visit_number: Annotated[str, text("mdtrt_id", 50)]
    institution_code: Annotated[str, text("medins_id", 50)]
    institution_name: Annotated[str, text("medins_name", 200)]
    institution_region: Annotated[str, text("medins_admdvs", 6)]
    institution_kind: Annotated[str | None, text("medins_type", 3)] = None
    institution_level: Annotated[str | None, text("medins_lv", 3)] = None
    began_at: Annotated[datetime, moment("adm_date")]
    ended_at: Annotated[datetime | None, moment("dscg_date")] = None
    main_diagnosis_code: Annotated[str, text("dscg_main_dise_codg", 20)]
    main_diagnosis_name: Annotated[str, text("dscg_main_dise_name", 50)]
    doctor_code: Annotated[str, text("dr_codg", 20)]
    department_code: Annotated[str, text("adm_dept_codg", 20)]
    department_name: Annotated[str, text("adm_dept_name", 50)]
    visit_kind: Annotated[str | None, text("med_mdtrt_type", 3)] = None
    treatment_type: Annotated[str, text("med_type", 3)]
    maternity_state: Annotated[str | None, text("matn_stas", 3)] = None
    total_amount: Annotated[Decimal, money("medfee_sumamt")]
    own_pay_amount: Annotated[Decimal, money("ownpay_amt")] = Decimal("0.00")
    self_pay_amount: Annotated[Decimal, money("selfpay_amt")] = Decimal("0.00")
    insurance_type: Annotated[str, text("insutype", 3)]
    is_reimbursed: Annotated[bool, flag("reim_flag")] = False
    is_settled_elsewhere: Annotated[bool, flag("out_setl_flag")] = False
    diagnoses: Annotated[tuple[AnalysedDiagnosis, ...], rows("fsi_diagnose_dtos", AnalysedDiagnosis)]
    orders: Annotated[tuple[AnalysedOrder, ...], rows("fsi_order_dtos", AnalysedOrder)]


@dataclass(frozen=True, kw_only=True)
class AnalysedPerson:
    """The insured person; ``pooling_area`` is where she is insured."""

    person_number: Annotated[str, text("patn_id", 50)]
    name: Annotated[str, text("patn_name", 50)]
    gender: Annotated[str, text("gend", 3)]
    born_on: Annotated[date, day("brdy")]
    pooling_area: Annotated[str, text("poolarea", 10)]
    visit_number: Annotated[str, text("curr_mdtrt_id", 50)]
    visits: Annotated[tuple[AnalysedVisit, ...], rows("fsi_encounter_dtos", AnalysedVisit)]


@dataclass(frozen=True, kw_only=True)
class AnalyseDetails:
    """3101 before prescribing, 3102 before charging. ``scene`` is preferred to ``rule_ids``."""

    insured_region: Annotated[str, region_of_insurance()]
    system_code: Annotated[str, text("syscode", 50)]
    scene: Annotated[str, text("trig_scen", 3)]
    persons: Annotated[tuple[AnalysedPerson, ...], rows("patient_dtos", AnalysedPerson)]


@dataclass(frozen=True, kw_only=True)
class AnalysisDetail:
    """An order that a finding is about: 1 breaks the rule, 2 is concerned by it."""

    detail_id: Annotated[str | None, text("jrd_id", 50)] = None
    order_id: Annotated[str | None, text("rx_id", 50)] = None
    item_kind: Annotated[str | None, text("vola_item_type", 3)] = None
    amount: Annotated[Decimal | None, money("vola_amt")] = None


@dataclass(frozen=True, kw_only=True)
class AnalysisFinding:
    """What a rule of the insurer says. The values of ``severity`` differ between provinces."""

    finding_id: Annotated[str, text("jr_id", 50)]
    rule_id: Annotated[str, text("rule_id", 50)]
    rule_name: Annotated[str, text("rule_name", 200)]
    content: Annotated[str | None, text("vola_cont", 500)] = None
    person_number: Annotated[str | None, text("patn_id", 50)] = None
    visit_number: Annotated[str | None, text("mdtrt_id", 50)] = None
    details: Annotated[tuple[AnalysisDetail, ...], rows("judge_result_detail_dtos", AnalysisDetail)] = ()
    amount: Annotated[Decimal | None, money("vola_amt")] = None
    amount_state: Annotated[str | None, text("vola_amt_stas", 3)] = None
    severity: Annotated[str | None, text("sev_deg", 3)] = None
    evidence: Annotated[str | None, text("vola_evid", 500)] = None
    behaviour: Annotated[str | None, text("vola_bhvr_type", 3)] = None
    task_id: Annotated[str | None, text("task_id", 50)] = None


@dataclass(frozen=True, kw_only=True)
class AnalysisReply:
    """Everything that was found; nothing when the orders are unobjectionable."""

    findings: tuple[AnalysisFinding, ...]


@dataclass(frozen=True, kw_only=True)
class HandledFinding:
    """What was done about one finding; going on against it needs a reason."""

    finding_id: Annotated[str, text("warn_rslt_id", 50)]
    way: Annotated[str, code("dspo_way", 3, (GO_ON, CHANGE))]
    reason: Annotated[str | None, text("dspo_way_rea", 500)] = None


@dataclass(frozen=True, kw_only=True)
class ReportHandling:
    """3103. ``kind`` says whether the findings came from 3101 or 3102."""

    kind: Annotated[str, code("warn_type", 3, (BEFORE, DURING))]
    handled: Annotated[tuple[HandledFinding, ...], rows("warns", HandledFinding)]


def encode_analysis(request: AnalyseDetails) -> dict[str, object]:
    """Write the input of 3101 or 3102."""
    return encode_nodes(data=request)


def decode_analysis(request: AnalyseDetails, output: Mapping[str, object]) -> AnalysisReply:
    """Read the reply of 3101 or 3102."""
    return AnalysisReply(findings=decode_each(AnalysisFinding, output.get("result")))


def encode_handling(request: ReportHandling) -> dict[str, object]:
    """Write the input of 3103.

    Raises:
        RequestUnfit: a finding is overruled without a reason, or a value does not fit.
    """
    unreasoned = [
        f"warns[{number}].dspo_way_rea: missing"
        for number, row in enumerate(request.handled, 1)
        if row.way == GO_ON and not row.reason
    ]
    return encode_nodes(unreasoned, data=request)
