"""EP-11 to EP-17: traceability codes of packs that are handed out or come back."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from prescriptions.rules.findings import HOUSE, Basis, RuleFinding, Severity, Words

CODE = re.compile(r"\d{20}")
TRACED = Basis(Words("药品追溯码采集（3505、3506）", "collection of traceability codes (3505, 3506)"), "G")


@dataclass(frozen=True, slots=True)
class LinePacks:
    """What was scanned or typed for one line."""

    number: int
    packs: int
    """Packs that are handed out."""
    codes: tuple[str, ...]
    lot_number: str = ""
    made_on: date | None = None
    expires_on: date | None = None


def _block(rule: str, line: int, zh: str, en: str, *, way_zh: str = "", way_en: str = "") -> RuleFinding:
    return RuleFinding(
        rule, Severity.BLOCK, Words(zh, en), TRACED, Words(way_zh, way_en), lines=(line,), field=f"codes-{line}"
    )  # fmt: skip


def ep11_twenty_digits(line: LinePacks) -> Iterator[RuleFinding]:
    """A traceability code has 20 digits.

    Source: 药品追溯码, 20 digits with the product in the first seven [G].
    """
    for code in line.codes:
        if not CODE.fullmatch(code):
            yield _block(
                "EP-11", line.number, f"追溯码 {code} 不是 20 位数字。", f"Code {code} has not 20 digits."
            )


def ep12_once(lines: tuple[LinePacks, ...]) -> Iterator[RuleFinding]:
    """A code stands for one pack and is scanned once.

    Source: ours; a code scanned twice is under suspicion of being settled twice.
    """
    seen = Counter(code for line in lines for code in line.codes)
    for line in lines:
        for code in dict.fromkeys(line.codes):
            if seen[code] > 1:
                yield _block("EP-12", line.number, f"追溯码 {code} 重复。", f"Code {code} is there twice.")


def ep13_never_sold(lines: tuple[LinePacks, ...], sold: frozenset[str]) -> Iterator[RuleFinding]:
    """A pack that was sold before is not sold again, also not one that came back.

    Source: ours; 追溯码重复扫码核查.
    """
    for line in lines:
        for code in line.codes:
            if code in sold:
                yield _block(
                    "EP-13", line.number, f"追溯码 {code} 已经售出过。", f"The pack with code {code} was sold before.",
                    way_zh="请核对实物，换用未售出的药品。", way_en="Check the pack and take one that was not sold.",
                )  # fmt: skip


def ep14_as_many_as_packs(line: LinePacks, *, is_required: bool) -> Iterator[RuleFinding]:
    """There is one code for each pack; where codes are required, none is missing.

    Source: 应上传最小包装药品追溯码数量 (number of codes expected of a settlement).
    """
    count = len(line.codes)
    if count > line.packs or ((is_required or count) and count < line.packs):
        yield _block(
            "EP-14", line.number, f"应有 {line.packs} 个追溯码，现有 {count} 个。",
            f"{line.packs} codes are needed, {count} are there.",
        )  # fmt: skip


def ep15_lot_and_day(line: LinePacks) -> Iterator[RuleFinding]:
    """Beside the codes stand the lot number and the day it was made, as printed on the pack.

    Source: required fields of 3505 [G].
    """
    if line.codes and not (line.lot_number.strip() and line.made_on):
        yield _block(
            "EP-15", line.number, "请填写生产批号和生产日期。", "Lot number and day of making are needed.",
        )  # fmt: skip
    if line.expires_on and line.made_on and line.expires_on <= line.made_on:
        yield _block(
            "EP-15", line.number, "有效期早于生产日期。", "It is good until before it was made.",
        )  # fmt: skip


def ep16_in_date(line: LinePacks, on: date) -> Iterator[RuleFinding]:
    """What is past its day is not handed out.

    Source: 药品管理法 (drugs past their date are inferior drugs).
    """
    if line.expires_on and line.expires_on <= on:
        yield _block("EP-16", line.number, "药品已过有效期。", "The medicine is past its day.")


def pack_findings(
    lines: tuple[LinePacks, ...], *, sold: frozenset[str], on: date, is_required: bool
) -> tuple[RuleFinding, ...]:
    """Everything that is wrong with what was scanned; ``on`` is the day in Asia/Shanghai."""
    return (
        *(finding for line in lines for finding in ep11_twenty_digits(line)),
        *ep12_once(lines),
        *ep13_never_sold(lines, sold),
        *(finding for line in lines for finding in ep14_as_many_as_packs(line, is_required=is_required)),
        *(finding for line in lines for finding in (*ep15_lot_and_day(line), *ep16_in_date(line, on))),
    )


def ep17_return(wanted: tuple[str, ...], out: frozenset[str], reason: str) -> Iterator[RuleFinding]:
    """Only what was handed out for this prescription comes back, once, with a reason.

    Source: ours; 3506 mirrors 3505.
    """
    if not wanted:
        yield _back("请选择退回的药品。", "Choose what came back.", "codes")
    for code in wanted:
        if code not in out:
            yield _back(
                f"追溯码 {code} 不在本处方已发出的药品中。",
                f"No pack with code {code} is out for this prescription.",
                "codes",
            )
    if not reason.strip():
        yield _back("请写明退回原因。", "Write why it came back.", "reason")


def _back(zh: str, en: str, field: str) -> RuleFinding:
    return RuleFinding("EP-17", Severity.BLOCK, Words(zh, en), HOUSE, field=field)


def ep01_out_of_circulation(*, is_open: bool, is_taken: bool) -> Iterator[RuleFinding]:
    """Medicines are handed out here only when no other pharmacy can hand them out, too.

    Source: ours; a prescription is dispensed once (处方管理办法).
    """
    if is_taken:
        yield RuleFinding(
            "EP-02", Severity.BLOCK, Words("其他药店已凭本处方发药。", "Another pharmacy has handed these medicines out."),
            HOUSE, Words("费用将自动退回，不能再次发药。", "What she paid goes back by itself."),
        )  # fmt: skip
    elif is_open:
        yield RuleFinding(
            "EP-01", Severity.BLOCK,
            Words("本处方仍可在其他定点药店取药。", "This prescription can still be taken at another pharmacy."),
            HOUSE, Words("正在从电子处方中心撤回，请稍候再发药。", "It is being taken out of circulation; try again in a moment."),
        )  # fmt: skip
