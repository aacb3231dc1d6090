"""P-14, P-15 and the house rules on doses and packs."""

from collections.abc import Iterator
from decimal import Decimal

from prescriptions.rules.facts import LineFacts, PrescriptionFacts
from prescriptions.rules.findings import BY_GRADE, HOUSE, PRESCRIBING, RuleFinding, Severity, Words
from prescriptions.rules.frequencies import FREQUENCIES
from prescriptions.rules.quantities import packs_needed


def plain(value: Decimal) -> str:
    """A quantity without trailing zeros: 5, 47.5, 0.125."""
    return f"{value.normalize():f}"


def p14_over_the_highest_dose(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """A dose over the highest one needs the doctor's reason and a second signature.

    Source: 处方管理办法 (超剂量使用应当注明原因并再次签名); limits by the drug's own source.
    """
    for line in facts.lines:
        if line.frequency in FREQUENCIES:
            yield from _over(line)


def _over(line: LineFacts) -> Iterator[RuleFinding]:
    drug = line.drug
    if drug.max_dose is None:
        yield RuleFinding(
            "P-14", Severity.WARN,
            Words(f"{drug.name}的最大剂量因人而异，请药师人工核对。", f"The highest dose of {drug.name_en} depends on the patient: to be checked by hand."),
            BY_GRADE[drug.dose_grade], lines=(line.number,), subject="unknown",
        )  # fmt: skip
        return
    times = max(1, FREQUENCIES[line.frequency].most_times_in(drug.max_dose_days))
    if line.dose * times <= drug.max_dose:
        return
    per = Words("每日", "a day") if drug.max_dose_days == 1 else Words("每周", "a week")
    most, now = plain(drug.max_dose), plain(line.dose * times)
    yield RuleFinding(
        "P-14", Severity.GRAVE,
        Words(f"{drug.name}：{per.zh}不超过 {most} {drug.dose_unit}，现在 {now} {drug.dose_unit}。", f"{drug.name_en}: at most {most} {drug.dose_unit} {per.en}, now {now} {drug.dose_unit}."),
        BY_GRADE[drug.dose_grade],
        Words("减量，或写明理由并再次签名。", "Reduce it, or write why and sign a second time."),
        (line.number,), subject=f"{now}{drug.dose_unit}", reduce_to=_reduced(line, times), needs_second_signature=True,
    )  # fmt: skip


def _reduced(line: LineFacts, times: int) -> Decimal | None:
    """The largest dose of whole units that keeps the limit, None when not even one unit does."""
    unit = line.drug.dose_per_unit / 2 if line.drug.is_divisible else line.drug.dose_per_unit
    most = line.drug.max_dose or Decimal(0)
    return (most / times // unit) * unit or None


def p15_drug_and_dose_of_the_catalogue(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """Every line names a drug of the catalogue with a dose, a frequency of the dictionary and days.

    Source: 处方管理办法 (approved generic names, legal units, Arabic numerals).
    """
    for line in facts.lines:
        if not line.drug.is_active:
            yield RuleFinding(
                "P-15", Severity.BLOCK,
                Words(f"{line.drug.name}已停用。", f"{line.drug.name_en} is no longer in the catalogue."), PRESCRIBING,
                Words("请换药。", "Choose another medicine."), (line.number,), subject="drug",
            )  # fmt: skip
        if line.dose <= 0 or line.days < 1 or line.packs < 1 or line.frequency not in FREQUENCIES:
            yield RuleFinding(
                "P-15", Severity.BLOCK,
                Words(f"{line.drug.name}的剂量、频次或天数不完整。", f"Dose, frequency or days of {line.drug.name_en} are incomplete."),
                PRESCRIBING, Words("请补全。", "Complete them."), (line.number,), subject="dose",
            )  # fmt: skip


def h02_doses_in_whole_units(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """A dose is a whole number of units, or of halves when the drug may be halved.

    Source: ours; slow-release forms must not be broken (leaflets).
    """
    for line in facts.lines:
        unit = line.drug.dose_per_unit / 2 if line.drug.is_divisible else line.drug.dose_per_unit
        if line.drug.dose_unit != "U" and line.drug.units_per_pack > 1 and line.dose % unit:
            yield RuleFinding(
                "H-02", Severity.BLOCK,
                Words(f"{line.drug.name}只能按 {plain(unit)} {line.drug.dose_unit} 的倍数服用。", f"{line.drug.name_en} can only be taken in multiples of {plain(unit)} {line.drug.dose_unit}."),
                HOUSE, Words("请改剂量，或换规格。", "Change the dose or the strength."), (line.number,),
            )  # fmt: skip


def h03_no_more_than_the_days_need(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """No more packs than the days need, or the limit of days would mean nothing.

    Source: ours, so that P-07 and P-08 hold.
    """
    for line in facts.lines:
        rhythm = FREQUENCIES.get(line.frequency)
        if rhythm is None or rhythm.times == 0 or line.dose <= 0:
            continue
        needed = packs_needed(
            dose=line.dose, frequency=line.frequency, days=line.days,
            dose_per_unit=line.drug.dose_per_unit, units_per_pack=line.drug.units_per_pack,
        )  # fmt: skip
        if line.packs > needed:
            yield RuleFinding(
                "H-03", Severity.BLOCK,
                Words(f"{line.drug.name} {line.days} 天只需 {needed} 份包装。", f"{line.days} days of {line.drug.name_en} need only {needed} packs."),
                HOUSE, Words("请减少数量。", "Reduce the packs."), (line.number,),
            )  # fmt: skip


RULES = (
    p14_over_the_highest_dose,
    p15_drug_and_dose_of_the_catalogue,
    h02_doses_in_whole_units,
    h03_no_more_than_the_days_need,
)
