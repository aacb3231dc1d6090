"""D001 上传预核验: the prescription before it is signed; the answer holds its numbers at the centre.

Source: fields and lengths of the 医保电子处方中心 as seen in a public integration; the lengths of ``mdtrtinfo`` and
``diseinfo`` are those of D005's nodes of the same names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from insurance.gateway.messages.wire import (
    count,
    day,
    decode,
    flag,
    moment,
    money,
    quantity,
    text,
    unit_price,
)
from insurance.gateway.prescribing.fields import Node, number, whole

BY_VOUCHER, BY_ID_NUMBER = "01", "02"
ONLINE = "02"
"""bizTypeCode: 互联网医院问诊."""
OUTPATIENT = "1"
WESTERN, PATENT, HERBAL = "11", "12", "13"
"""rx_item_type_code: western drug, Chinese patent medicine, herbal pieces."""


@dataclass(frozen=True, kw_only=True)
class PrescribedDrug:
    """``rxdrugdetail``: one medicine; ``quantity`` and ``price`` (yuan) count in ``quantity_unit``."""

    catalogue_code: Annotated[str, text("medListCodg", 50)]
    hospital_code: Annotated[str | None, text("fixmedinsHilistId", 30)] = None
    is_own_preparation: Annotated[bool, flag("hospPrepFlag")] = False
    kind: Annotated[str, text("rxItemTypeCode", 30)]
    kind_name: Annotated[str | None, text("rxItemTypeName", 100)] = None
    herb_kind: Annotated[str | None, text("tcmdrugTypeCode", 30)] = None
    herb_note: Annotated[str | None, text("tcmherbFoote", 200)] = None
    is_main: Annotated[bool | None, flag("mainMedcFlag")] = None
    is_urgent: Annotated[bool | None, flag("urgtFlag")] = None
    is_over_the_counter: Annotated[bool | None, flag("otcFlag")] = None
    generic_name: Annotated[str, text("drugGenname", 100)]
    form: Annotated[str, text("drugDosform", 30)]
    strength: Annotated[str, text("drugSpec", 40)]
    product_name: Annotated[str | None, text("drugProdname", 255)] = None
    maker: Annotated[str | None, text("prdrName", 100)] = None
    route_code: Annotated[str, text("medcWayCodg", 10)]
    route_name: Annotated[str, text("medcWayDscr", 100)]
    begins_at: Annotated[datetime, moment("medcBegntime")]
    ends_at: Annotated[datetime, moment("medcEndtime")]
    days: Annotated[Decimal, number("medcDays", digits=8, places=2)]
    dose_unit: Annotated[str, text("sinDosunt", 20)]
    dose: Annotated[Decimal, quantity("sinDoscnt")]
    frequency_code: Annotated[str, text("usedFrquCodg", 10)]
    frequency_name: Annotated[str, text("usedFrquName", 30)]
    quantity_unit: Annotated[str, text("drugDosunt", 20)]
    quantity: Annotated[Decimal, quantity("drugCnt")]
    price: Annotated[Decimal | None, unit_price("drugPric")] = None
    amount: Annotated[Decimal | None, money("drugSumamt")] = None
    approval: Annotated[str, text("hospApprFlag", 3)]
    own_pay_reason: Annotated[str | None, text("selfPayRea", 6)] = None
    own_pay_words: Annotated[str | None, text("realDscr", 1000)] = None


@dataclass(frozen=True, kw_only=True)
class PrescribingVisit:
    """``mdtrtinfo``: the visit at the insurer, the patient, the doctor, the main diagnosis."""

    institution_name: Annotated[str, text("fixmedinsName", 200)]
    institution_code: Annotated[str, text("fixmedinsCode", 20)]
    visit_number: Annotated[str, text("mdtrtId", 30)]
    treatment_type: Annotated[str, text("medType", 6)]
    hospital_visit_number: Annotated[str, text("iptOtpNo", 30)]
    place: Annotated[str, text("otpIptFlag", 3)] = OUTPATIENT
    person_number: Annotated[str | None, text("psnNo", 30)] = None
    patient_name: Annotated[str, text("patnName", 40)]
    id_type: Annotated[str, text("psnCertType", 6)]
    id_number: Annotated[str, text("certno", 50)]
    age: Annotated[Decimal, number("patnAge", digits=4, places=1)]
    height: Annotated[Decimal | None, number("patnHgt", digits=6, places=2)] = None
    weight: Annotated[Decimal | None, number("patnWt", digits=6, places=2)] = None
    gender: Annotated[str, text("gend", 6)]
    birth_control_kind: Annotated[str | None, text("birctrlType", 6)] = None
    birth_control_on: Annotated[date | None, day("birctrlMatnDate")] = None
    maternity_kind: Annotated[str | None, text("matnType", 6)] = None
    weeks_pregnant: Annotated[int | None, count("gesoVal")] = None
    allergies: Annotated[str | None, text("algsHis", 1000)] = None
    department_name: Annotated[str, text("prscDeptName", 50)]
    department_code: Annotated[str, text("prscDeptCode", 30)]
    doctor_code: Annotated[str, text("drCode", 20)]
    doctor_name: Annotated[str, text("prscDrName", 50)]
    doctor_id_type: Annotated[str | None, text("prscDrCertType", 6)] = None
    doctor_id_number: Annotated[str | None, text("prscDrCertno", 50)] = None
    doctor_title_code: Annotated[str | None, text("drProfttlCodg", 20)] = None
    doctor_title: Annotated[str | None, text("drProfttlName", 20)] = None
    doctor_department_code: Annotated[str | None, text("drDeptCode", 30)] = None
    doctor_department_name: Annotated[str | None, text("drDeptName", 50)] = None
    subject_code: Annotated[str | None, text("caty", 6)] = None
    began_at: Annotated[datetime, moment("mdtrtTime")]
    disease_code: Annotated[str | None, text("diseCodg", 30)] = None
    disease_name: Annotated[str | None, text("diseName", 500)] = None
    is_special_disease: Annotated[bool, flag("spDiseFlag")] = False
    main_diagnosis_code: Annotated[str, text("maindiagCode", 30)]
    main_diagnosis_name: Annotated[str, text("maindiagName", 100)]
    condition: Annotated[str | None, text("diseCondDscr", 2000)] = None
    fee_amount: Annotated[Decimal | None, money("medfeeSumamt")] = None
    is_first_visit: Annotated[bool, flag("fstdiagFlag")] = False


@dataclass(frozen=True, kw_only=True)
class PrescribingDiagnosis:
    """``diseinfo``: one diagnosis; ``order`` starts at 1, the first is the main one."""

    kind: Annotated[str, text("diagType", 3)] = "1"
    is_main: Annotated[bool, flag("maindiagFlag")]
    order: Annotated[int, count("diagSrtNo")]
    code: Annotated[str, text("diagCode", 30)]
    name: Annotated[str, text("diagName", 100)]
    department_name: Annotated[str, text("diagDept", 50)]
    department_code: Annotated[str, text("diagDeptCode", 20)]
    doctor_code: Annotated[str, text("diagDrNo", 30)]
    doctor_name: Annotated[str, text("diagDrName", 50)]
    diagnosed_at: Annotated[datetime, moment("diagTime")]


@dataclass(frozen=True, kw_only=True)
class PrecheckPrescription:
    """D001. ``hospital_number`` is ours and used once; ``authorization_number`` goes with the e-voucher only."""

    certificate_type: Annotated[str, text("mdtrtCertType", 3)]
    certificate_number: Annotated[str, text("mdtrtCertNo", 50)]
    card_number: Annotated[str | None, text("cardSn", 32)] = None
    business: Annotated[str, text("bizTypeCode", 3)] = ONLINE
    attribute: Annotated[str | None, text("rxExraAttrCode", 3)] = None
    voucher_token: Annotated[str | None, text("ecToken", 64)] = None
    authorization_number: Annotated[str | None, text("authNo", 100)] = None
    insured_region: Annotated[str | None, text("insuPlcNo", 6)] = None
    treatment_region: Annotated[str | None, text("mdtrtareaNo", 6)] = None
    hospital_number: Annotated[str, text("hospRxno", 40)]
    earlier_number: Annotated[str | None, text("initRxno", 40)] = None
    kind: Annotated[str, text("rxTypeCode", 3)]
    prescribed_at: Annotated[datetime, moment("prscTime")]
    drug_count: Annotated[Decimal, quantity("rxDrugCnt")]
    validity_days: Annotated[int, count("valiDays")]
    valid_until: Annotated[datetime, moment("valiEndTime")]
    is_long_term: Annotated[bool, flag("longRxFlag")] = False
    drugs: tuple[PrescribedDrug, ...]
    visit: PrescribingVisit
    diagnoses: tuple[PrescribingDiagnosis, ...]


@dataclass(frozen=True, kw_only=True)
class PrecheckReply:
    """``trace_code`` may be used for one upload; ``centre_number`` is the prescription's at the centre."""

    trace_code: Annotated[str, text("rxTraceCode", 20)]
    centre_number: Annotated[str, text("hiRxno", 30)]


def encode_precheck(request: PrecheckPrescription) -> Node:
    """Write the content of D001.

    Raises:
        RequestUnfit: naming everything that does not fit.
    """
    return whole(
        request,
        _contradictions(request),
        rxdrugdetail=request.drugs,
        mdtrtinfo=request.visit,
        diseinfo=request.diagnoses,
    )


def _contradictions(request: PrecheckPrescription) -> list[str]:
    """What no single field shows."""
    wrong = []
    if request.business == ONLINE and request.visit.is_first_visit:
        wrong.append("fstdiagFlag: only a re-diagnosis is prescribed for online")
    if request.certificate_type == BY_VOUCHER and not (
        request.authorization_number and request.voucher_token
    ):
        wrong.append("authNo, ecToken: both are needed with the e-voucher")
    if (request.valid_until - request.prescribed_at).total_seconds() != request.validity_days * 86400:
        wrong.append("valiEndTime: prscTime and valiDays together")
    return wrong


def decode_precheck(request: PrecheckPrescription, content: Mapping[str, object]) -> PrecheckReply:
    """Read the reply of D001."""
    return decode(PrecheckReply, content)
