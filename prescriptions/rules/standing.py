"""P-01 to P-04, P-11, P-16 to P-18: who prescribes what to whom in which visit."""

from collections.abc import Iterator

from prescriptions.rules.facts import PrescriptionFacts
from prescriptions.rules.findings import (
    GENERAL,
    HOUSE,
    INTERNET_HOSPITAL,
    ONLINE_CARE,
    ONLINE_DETAIL,
    PRESCRIBING,
    RuleFinding,
    Severity,
    Words,
)

PHYSICIANS = frozenset({"231", "232", "233", "234"})
SENIOR_PHYSICIANS = frozenset({"231", "232", "233"})
INDEPENDENT_YEARS = 3
CHILD_AGE = 14

_TO_HOSPITAL = Words("请引导患者线下就诊。", "Send the patient to the hospital.")


def p01_no_special_class(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """Narcotics, psychotropics and other specially controlled medicines are not prescribed online.

    Source: 互联网诊疗管理办法(试行) 第十九条; 互联网医院管理办法(试行) 第二十条.
    """
    for line in facts.lines:
        if line.drug.special_class:
            yield RuleFinding(
                "P-01", Severity.BLOCK,
                Words(f"{line.drug.name}属于特殊管理药品，不得在互联网上开具。", f"{line.drug.name_en} is specially controlled and must not be prescribed online."),
                INTERNET_HOSPITAL, Words("请删除，并引导患者线下就诊。", "Remove it and send the patient to the hospital for it."),
                (line.number,),
            )  # fmt: skip


def p02_same_disease(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """A prescription is written only after the re-diagnosis is confirmed, for a disease a hospital has diagnosed.

    Source: 互联网医院管理办法(试行) 第二十条.
    """
    visit = facts.visit
    if not visit.is_cleared or visit.is_ended:
        yield RuleFinding(
            "P-02", Severity.BLOCK,
            Words("尚未判定为复诊或就诊已结束，不能开处方。", "The visit is not confirmed as a re-diagnosis, or has ended."),
            INTERNET_HOSPITAL, Words("请先完成复诊判定。", "Decide on the re-diagnosis first."), subject="visit",
        )  # fmt: skip
    others = [diagnosis for diagnosis in visit.diagnoses if diagnosis.category not in visit.proven]
    if visit.diagnoses and len(others) == len(visit.diagnoses):
        yield RuleFinding(
            "P-02", Severity.BLOCK,
            Words("病历诊断与首诊凭证上的疾病不同。", "No diagnosis of the record is a disease on the first-visit proof."),
            INTERNET_HOSPITAL, _TO_HOSPITAL, subject="diagnosis",
        )  # fmt: skip
        return
    for other in others:
        yield RuleFinding(
            "P-02", Severity.WARN,
            Words(f"“{other.name}”不在首诊凭证上，只能为已在医院确诊的疾病开药。", f"“{other.name_en or other.name}” is not on the first-visit proof: prescribe only for what a hospital has diagnosed."),
            INTERNET_HOSPITAL, subject=other.category,
        )  # fmt: skip


def p03_own_doctor(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """Only the doctor who receives the patient writes the prescription.

    Source: 互联网诊疗监管细则(试行) 第二十一条.
    """
    if not facts.visit.is_by_own_doctor:
        yield RuleFinding(
            "P-03", Severity.BLOCK,
            Words("处方须由接诊医师本人开具。", "Only the doctor who receives the patient may prescribe."), ONLINE_DETAIL,
        )  # fmt: skip


def p11_long_term_by_senior(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """A long-term prescription by a doctor below attending physician needs a reason.

    Source: ours, after the usual rule of hospitals.
    """
    if facts.is_long_term and facts.visit.prescriber_title not in SENIOR_PHYSICIANS:
        yield RuleFinding(
            "P-11", Severity.GRAVE,
            Words("长期处方一般由主治医师及以上开具。", "Long-term prescriptions are usually written by an attending physician or above."),
            GENERAL, Words("请写明理由，或改为普通处方。", "Write why, or make it an ordinary prescription."),
        )  # fmt: skip


def p16_diagnosis_present(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """A prescription states the clinical diagnosis of the record.

    Source: 处方管理办法.
    """
    if not facts.visit.diagnoses:
        yield RuleFinding(
            "P-16", Severity.BLOCK, Words("病历还没有诊断。", "The record has no diagnosis yet."), PRESCRIBING,
            Words("请先在病历中填写诊断。", "Write the diagnosis in the record first."),
        )  # fmt: skip


def p17_no_children(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """For a child under 14 the dose is checked by weight, which cannot be done online here.

    Source: 处方管理办法 (real age, weight when needed); the age limit is ours.
    """
    if facts.patient.age < CHILD_AGE:
        yield RuleFinding(
            "P-17", Severity.BLOCK,
            Words("14 岁以下须按体重核对剂量，本院不在线开具。", "Under 14 the dose depends on the weight; this hospital does not prescribe it online."),
            HOUSE, _TO_HOSPITAL,
        )  # fmt: skip


def p18_independent_doctor(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """The prescriber is a physician with at least three years of independent practice.

    Source: 互联网诊疗管理办法(试行) 第二十五条.
    """
    visit = facts.visit
    if visit.prescriber_title not in PHYSICIANS or visit.prescriber_years < INDEPENDENT_YEARS:
        yield RuleFinding(
            "P-18", Severity.BLOCK,
            Words("开方医师须独立临床工作满 3 年。", "The prescriber needs three years of independent practice."), ONLINE_CARE,
        )  # fmt: skip


RULES = (
    p01_no_special_class,
    p02_same_disease,
    p03_own_doctor,
    p11_long_term_by_senior,
    p16_diagnosis_present,
    p17_no_children,
    p18_independent_doctor,
)
