"""R-01 to R-05: who may review, and what a decision needs."""

from collections.abc import Iterator
from dataclasses import dataclass

from prescriptions.rules.findings import HOUSE, REVIEWING, RuleFinding, Severity, Words

PHARMACISTS = frozenset({"241", "242", "243", "244"})
DISPENSING_YEARS = 3


@dataclass(frozen=True, slots=True)
class ReviewerFacts:
    """The pharmacist against one prescription."""

    profession: str
    title: str
    years: int
    """Whole years of independent work."""
    is_of_the_institution: bool
    is_the_prescriber: bool
    """The same account, the same practitioner or the same identity number."""


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """What the pharmacist wants to decide."""

    passed: bool
    reason_code: str
    reason: str
    known_codes: frozenset[str]
    is_still_valid: bool
    shortages: tuple[Words, ...] = ()
    """Medicines that are no longer in stock."""


def _block(
    rule: str, zh: str, en: str, *, way_zh: str = "", way_en: str = "", field: str = "", house: bool = False
) -> RuleFinding:
    return RuleFinding(
        rule, Severity.BLOCK, Words(zh, en), HOUSE if house else REVIEWING, Words(way_zh, way_en), field=field
    )


def r01_pharmacist_of_the_hospital(facts: ReviewerFacts) -> Iterator[RuleFinding]:
    """A prescription is reviewed by a pharmacist (药师 or above) of this hospital.

    Source: 医疗机构处方审核规范 (2018).
    """
    if facts.profession != "pharmacist" or facts.title not in PHARMACISTS or not facts.is_of_the_institution:
        yield _block(
            "R-01", "审方人须为本院药师及以上职称。", "The reviewer must be a pharmacist of this hospital."
        )


def r02_three_years(facts: ReviewerFacts) -> Iterator[RuleFinding]:
    """The reviewer has at least three years of dispensing work.

    Source: 医疗机构处方审核规范 (2018).
    """
    if facts.years < DISPENSING_YEARS:
        yield _block(
            "R-02",
            "审方药师须有 3 年以上调剂工作经验。",
            "The reviewer needs three years of dispensing work.",
        )


def r03_another_person(facts: ReviewerFacts) -> Iterator[RuleFinding]:
    """Nobody reviews what he prescribed, under whatever account.

    Source: ours (separation of prescribing and reviewing).
    """
    if facts.is_the_prescriber:
        yield _block("R-03", "不能审核本人开具的处方。", "Nobody reviews his own prescription.", house=True)


def r04_return_with_reason(facts: DecisionFacts) -> Iterator[RuleFinding]:
    """A returned prescription says why: a reason code and words.

    Source: 医疗机构处方审核规范 (2018).
    """
    if facts.passed:
        return
    if facts.reason_code not in facts.known_codes:
        yield _block("R-04", "请选择退回原因。", "Choose why it is returned.", field="reason_code")
    if not facts.reason.strip():
        yield _block("R-04", "请写明退回理由。", "Write why it is returned.", field="reason")


def r05_still_deliverable(facts: DecisionFacts) -> Iterator[RuleFinding]:
    """Only what is still valid and in stock is passed.

    Source: 处方管理办法 (validity); stock is ours.
    """
    if not facts.passed:
        return
    if not facts.is_still_valid:
        yield _block(
            "R-05",
            "处方已过有效期。",
            "The prescription is no longer valid.",
            way_zh="请退回医师重新开具。",
            way_en="Return it to the doctor.",
        )
    for drug in facts.shortages:
        yield _block(
            "R-05", f"{drug.zh}库存不足。", f"{drug.en} is not in stock any more.",
            way_zh="请以“缺货”退回。", way_en="Return it as out of stock.", house=True,
        )  # fmt: skip


def reviewer_findings(facts: ReviewerFacts) -> tuple[RuleFinding, ...]:
    """Why this person may not review or dispense this prescription."""
    return (*r01_pharmacist_of_the_hospital(facts), *r02_three_years(facts), *r03_another_person(facts))


def decision_findings(facts: DecisionFacts) -> tuple[RuleFinding, ...]:
    """Why this decision is not possible."""
    return (*r04_return_with_reason(facts), *r05_still_deliverable(facts))


def dispense_findings(facts: ReviewerFacts, missing_checks: tuple[str, ...]) -> tuple[RuleFinding, ...]:
    """Why this person may not hand the medicines out (R-01), or not yet (R-06)."""
    return (*r01_pharmacist_of_the_hospital(facts), *r06_ten_comparisons(missing_checks))


def r06_ten_comparisons(missing_checks: tuple[str, ...]) -> Iterator[RuleFinding]:
    """Before medicines are handed out four things are checked and ten compared (四查十对).

    Source: 处方管理办法.
    """
    if missing_checks:
        count = len(missing_checks)
        yield _block(
            "R-06",
            f"四查十对还有 {count} 项未核对。",
            f"{count} of the ten comparisons are not done.",
            field="checks",
        )
