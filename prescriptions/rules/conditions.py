"""C1 to C9: medicines that do not fit the patient or the diagnoses."""

from collections.abc import Iterator
from dataclasses import dataclass

from prescriptions.rules.agents import agents_of
from prescriptions.rules.facts import PrescriptionFacts
from prescriptions.rules.findings import BY_GRADE, GENERAL, RuleFinding, Severity, Words
from prescriptions.rules.substances import (
    ACEI,
    ANTITHROMBOTICS,
    ARB,
    BETA_BLOCKERS,
    STATINS,
    THIAZIDES,
    substances,
)

FERTILE = range(15, 50)
"""Ages at which pregnancy has to be asked about."""


@dataclass(frozen=True, slots=True)
class Contraindication:
    """Any of the substances with a diagnosis that begins with one of the codes."""

    rule: str
    substances: frozenset[str]
    codes: tuple[str, ...]
    severity: Severity
    grade: str
    condition: Words


_GRAVE, _WARN = Severity.GRAVE, Severity.WARN

CONTRAINDICATIONS: tuple[Contraindication, ...] = (
    Contraindication("C2", ARB | ACEI, ("I70.1",), _GRAVE, "KB", Words("肾动脉狭窄", "renal artery stenosis")),
    Contraindication("C3", ANTITHROMBOTICS, ("K25", "K26", "K27", "K28", "K92.2", "I60", "I61", "I62"), _GRAVE, "KB", Words("溃疡或出血", "ulcer or bleeding")),
    Contraindication("C4", STATINS | substances("ezetimibe"), ("K70", "K71", "K72", "K73", "B15", "B16", "B17"), _GRAVE, "KB", Words("活动性肝病", "active liver disease")),
    Contraindication("C5", substances("gliclazide"), ("E10", "E11.1", "E14.1"), _GRAVE, "KB", Words("1 型糖尿病或酮症酸中毒", "type 1 diabetes or ketoacidosis")),
    Contraindication("C5", substances("glimepiride dapagliflozin empagliflozin"), ("E10", "E11.1", "E14.1"), _GRAVE, "G", Words("1 型糖尿病或酮症酸中毒", "type 1 diabetes or ketoacidosis")),
    Contraindication("C6", substances("nifedipine"), ("R57.0", "I35.0"), _GRAVE, "KB", Words("心源性休克或主动脉瓣狭窄", "cardiogenic shock or aortic stenosis")),
    Contraindication("C7", substances("aspirin"), ("J45", "J46"), _WARN, "KB", Words("哮喘", "asthma")),
    Contraindication("C7", substances("bisoprolol"), ("J45", "J46"), _WARN, "G", Words("哮喘", "asthma")),
    Contraindication("C8", BETA_BLOCKERS, ("I44.1", "I44.2", "I49.5", "R00.1"), _GRAVE, "G", Words("传导阻滞或心动过缓", "conduction block or slow heart")),
    Contraindication("C8", THIAZIDES, ("M10",), _WARN, "G", Words("痛风", "gout")),
    Contraindication("C8", substances("trimetazidine"), ("G20",), _GRAVE, "G", Words("帕金森病", "Parkinson's disease")),
    Contraindication("C8", substances("tiotropium levodopa"), ("H40.2",), _GRAVE, "G", Words("闭角型青光眼", "angle-closure glaucoma")),
    Contraindication("C8", substances("pioglitazone"), ("I50", "C67"), _GRAVE, "G", Words("心力衰竭或膀胱癌", "heart failure or bladder cancer")),
    Contraindication("C8", substances("liraglutide semaglutide"), ("C73", "E31.2"), _GRAVE, "G", Words("甲状腺髓样癌或 MEN2", "medullary thyroid cancer or MEN 2")),
    Contraindication("C8", substances("acarbose"), ("K50", "K51", "K56"), _GRAVE, "KB", Words("炎症性肠病或肠梗阻", "inflammatory bowel disease or ileus")),
    Contraindication("C8", substances("benzbromarone"), ("N20",), _GRAVE, "G", Words("肾结石", "kidney stones")),
)  # fmt: skip

NOT_IN_PREGNANCY = dict.fromkeys(
    ACEI | ARB | STATINS | substances("rivaroxaban gliclazide"), "KB"
) | dict.fromkeys(substances("valproate warfarin methotrexate sacubitril dutasteride"), "G")


def c1_pregnancy(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """Some medicines harm the unborn child: not in pregnancy, and to be asked about when it is possible.

    Source: KB for ACE inhibitors, ARBs, statins, rivaroxaban and gliclazide, G for others.
    """
    patient = facts.patient
    possible = patient.is_female and patient.age in FERTILE and patient.is_pregnant is None
    if not (patient.is_pregnant or possible):
        return
    for agent in agents_of(facts):
        if agent.line is None or agent.substance not in NOT_IN_PREGNANCY:
            continue
        message = (
            Words(f"妊娠期禁用{agent.words.zh}", f"{agent.words.en} is forbidden in pregnancy")
            if patient.is_pregnant
            else Words(
                f"妊娠期禁用{agent.words.zh}，请确认未怀孕且无怀孕计划",
                f"{agent.words.en} is forbidden in pregnancy: ask whether she is or plans to be pregnant",
            )
        )
        yield RuleFinding(
            "C1", _GRAVE if patient.is_pregnant else _WARN, message, BY_GRADE[NOT_IN_PREGNANCY[agent.substance]],
            lines=(agent.line,), subject=agent.substance,
        )  # fmt: skip


def contraindicated_by_diagnosis(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """Medicines that must not, or only with care, be given with a diagnosis of the record.

    Source: table of contraindications (KB and G), each row with its grade.
    """
    for row in CONTRAINDICATIONS:
        if not any(diagnosis.code.startswith(row.codes) for diagnosis in facts.visit.diagnoses):
            continue
        for agent in agents_of(facts):
            if agent.line is not None and agent.substance in row.substances:
                verb = (
                    Words("禁用", "is contraindicated in")
                    if row.severity is _GRAVE
                    else Words("慎用", "needs care in")
                )
                yield RuleFinding(
                    row.rule, row.severity,
                    Words(f"{row.condition.zh}患者{verb.zh}{agent.words.zh}", f"{agent.words.en} {verb.en} {row.condition.en}"),
                    BY_GRADE[row.grade], Words("请换药，或写理由保留。", "Change it, or write why it is kept."),
                    (agent.line,), subject=agent.substance,
                )  # fmt: skip


def c9_for_men_only(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """Some medicines are for men only.

    Source: insurance list (限男), general knowledge.
    """
    for line in facts.lines:
        if line.drug.for_men_only and facts.patient.is_female:
            yield RuleFinding(
                "C9", _GRAVE, Words(f"{line.drug.name}仅用于男性", f"{line.drug.name_en} is for men only"), GENERAL,
                Words("请换药。", "Choose another medicine."), (line.number,),
            )  # fmt: skip


RULES = (c1_pregnancy, contraindicated_by_diagnosis, c9_for_men_only)
