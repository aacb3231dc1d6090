"""P-07 to P-10, P-12, P-13: for how long, how many, how long valid."""

from collections.abc import Iterator

from prescriptions.rules.facts import PrescriptionFacts
from prescriptions.rules.findings import HOUSE, LONG_TERM, PRESCRIBING, RuleFinding, Severity, Words

ORDINARY_DAYS = 7
FOUR_WEEKS = 28
TWELVE_WEEKS = 84
MAX_LINES = 5
MAX_VALIDITY_DAYS = 3

FIVE_TICKS = frozenset({"diagnosis_clear", "plan_stable", "adherence_good", "controlled", "needed_long"})
BEYOND_FOUR_WEEKS = frozenset({"patient_taught", "patient_agreed"})
ANTIMICROBIAL_CLASS = "XJ"


def p07_more_than_seven_days(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """More than 7 days need a written reason, unless it is a long-term prescription.

    Source: 处方管理办法.
    """
    if facts.longest > ORDINARY_DAYS and not facts.is_long_term and not facts.days_reason.strip():
        yield RuleFinding(
            "P-07", Severity.BLOCK,
            Words(f"超过 {ORDINARY_DAYS} 天须写明理由。", f"More than {ORDINARY_DAYS} days need a reason."), PRESCRIBING,
            Words("写明理由，或改为长期处方，或减少天数。", "Write why, make it a long-term prescription, or reduce the days."),
            _longer_than(facts, ORDINARY_DAYS), field="days_reason",
        )  # fmt: skip


def p08_at_most_twelve_weeks(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """At most 12 weeks; more than 4 weeks only long-term, evaluated, and with the patient's agreement.

    Source: 长期处方管理规范(试行).
    """
    if facts.longest > TWELVE_WEEKS:
        yield RuleFinding(
            "P-08", Severity.BLOCK,
            Words(f"处方最长 {TWELVE_WEEKS} 天（12 周）。", f"A prescription lasts at most {TWELVE_WEEKS} days (12 weeks)."),
            LONG_TERM, Words("请减少天数。", "Reduce the days."), _longer_than(facts, TWELVE_WEEKS), subject="max",
        )  # fmt: skip
    elif facts.longest > FOUR_WEEKS:
        yield from _beyond_four_weeks(facts)


def _beyond_four_weeks(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    lines = _longer_than(facts, FOUR_WEEKS)
    if not facts.is_long_term:
        yield RuleFinding(
            "P-08", Severity.BLOCK,
            Words(f"超过 {FOUR_WEEKS} 天只能开长期处方。", f"More than {FOUR_WEEKS} days need a long-term prescription."),
            LONG_TERM, Words("改为长期处方，或减少天数。", "Make it long-term, or reduce the days."), lines, subject="kind", field="is_long_term",
        )  # fmt: skip
    if not facts.evaluation.strip():
        yield RuleFinding(
            "P-08", Severity.BLOCK,
            Words(f"超过 {FOUR_WEEKS} 天须写明评估结果。", f"More than {FOUR_WEEKS} days need a written evaluation."),
            LONG_TERM, Words("写明评估，或减少天数。", "Write the evaluation, or reduce the days."), lines, subject="evaluation", field="evaluation",
        )  # fmt: skip
    if not facts.confirmations >= BEYOND_FOUR_WEEKS:
        yield RuleFinding(
            "P-08", Severity.BLOCK,
            Words(f"超过 {FOUR_WEEKS} 天须完成患者教育并经患者同意。", f"More than {FOUR_WEEKS} days need the patient to be taught and to agree."),
            LONG_TERM, Words("逐项确认，或减少天数。", "Confirm both, or reduce the days."), lines, subject="agreement", field="confirmations",
        )  # fmt: skip


def p09_five_ticks(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """A long-term prescription needs all five: clear diagnosis, stable plan, good adherence, control, long need.

    Source: 长期处方管理规范(试行).
    """
    missing = FIVE_TICKS - facts.confirmations
    if facts.is_long_term and missing:
        yield RuleFinding(
            "P-09", Severity.BLOCK,
            Words(f"长期处方五项条件还有 {len(missing)} 项未确认。", f"{len(missing)} of the five conditions of a long-term prescription are not confirmed."),
            LONG_TERM, Words("逐项确认，或改为普通处方。", "Confirm each, or make it an ordinary prescription."), field="confirmations",
        )  # fmt: skip


def p10_fit_for_long_term(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """No antimicrobials and nothing that needs special storage in a long-term prescription.

    Source: 长期处方管理规范(试行).
    """
    if not facts.is_long_term:
        return
    for line in facts.lines:
        drug = line.drug
        if drug.is_cold_chain or drug.class_code.startswith(ANTIMICROBIAL_CLASS) or not drug.allows_long_term:
            yield RuleFinding(
                "P-10", Severity.BLOCK,
                Words(f"{drug.name}不得用于长期处方（抗微生物药或需特殊储存）。", f"{drug.name_en} must not be in a long-term prescription (antimicrobial, or needs special storage)."),
                LONG_TERM, Words("删除，或改为普通处方。", "Remove it, or make it an ordinary prescription."), (line.number,),
            )  # fmt: skip


def p12_at_most_five_drugs(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """At most five medicines on a prescription, and at least one.

    Source: 处方管理办法.
    """
    if len(facts.lines) > MAX_LINES:
        yield RuleFinding(
            "P-12", Severity.BLOCK,
            Words(f"一张处方最多 {MAX_LINES} 种药。", f"A prescription holds at most {MAX_LINES} medicines."), PRESCRIBING,
            Words("请删除多出的药。", "Remove what is too much."), tuple(line.number for line in facts.lines[MAX_LINES:]),
        )  # fmt: skip
    if not facts.lines:
        yield RuleFinding(
            "P-12",
            Severity.BLOCK,
            Words("处方还没有药。", "There is no medicine yet."),
            PRESCRIBING,
            subject="empty",
        )


def p13_valid_three_days(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """Valid on the day of issue; the doctor may extend it to at most three days, stating why.

    Source: 处方管理办法.
    """
    if not 1 <= facts.validity_days <= MAX_VALIDITY_DAYS:
        yield RuleFinding(
            "P-13", Severity.BLOCK,
            Words(f"处方有效期最长 {MAX_VALIDITY_DAYS} 天。", f"A prescription is valid for at most {MAX_VALIDITY_DAYS} days."),
            PRESCRIBING, field="validity_days",
        )  # fmt: skip
    elif facts.validity_days > 1 and not facts.validity_reason.strip():
        yield RuleFinding(
            "P-13", Severity.BLOCK,
            Words("有效期超过当日须写明理由。", "Validity beyond the day of issue needs a reason."), PRESCRIBING, field="validity_reason",
        )  # fmt: skip


def h01_can_be_delivered(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """Only what has a price today and is in stock is prescribed.

    Source: ours.
    """
    for line in facts.lines:
        if line.drug.price is None:
            yield RuleFinding(
                "H-01", Severity.BLOCK,
                Words(f"{line.drug.name}今天没有价格，不能收费。", f"{line.drug.name_en} has no price today."), HOUSE,
                Words("请换药。", "Choose another medicine."), (line.number,), subject="price",
            )  # fmt: skip
        if line.packs > line.drug.available:
            yield RuleFinding(
                "H-01", Severity.BLOCK,
                Words(f"{line.drug.name}库存只有 {line.drug.available}。", f"Only {line.drug.available} packs of {line.drug.name_en} are in stock."),
                HOUSE, Words("减少天数，或换药。", "Reduce the days, or choose another medicine."), (line.number,), subject="stock",
            )  # fmt: skip


def _longer_than(facts: PrescriptionFacts, days: int) -> tuple[int, ...]:
    return tuple(line.number for line in facts.lines if line.days > days)


RULES = (
    p07_more_than_seven_days,
    p08_at_most_twelve_weeks,
    p09_five_ticks,
    p10_fit_for_long_term,
    p12_at_most_five_drugs,
    p13_valid_three_days,
    h01_can_be_delivered,
)
