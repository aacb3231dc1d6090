"""The steps of the on-site fee in words, Chinese and English; kept with the bill, so never translated later."""

from decimal import Decimal

from kernel.money import ZERO
from pricing.rules.facts import Band, Step
from pricing.rules.kinds import BandAxis
from pricing.rules.onsite.facts import Part, RowFact
from pricing.rules.wording import TITLES, band_in_words, plain, plain_yuan

Words = tuple[str, str]
"""Chinese, English."""


def step_of(row: RowFact, times: int, amount: Decimal) -> Step:
    """The step that a row makes, charged so many times."""
    text, text_en = _text(row, times)
    note, note_en = _joined(*_notes(row, times))
    return Step(text, text_en, amount, note, note_en)


def distance_in_words(row: RowFact) -> Words | None:
    """The band of distance; None where the row has none."""
    above, up_to = row.distance_above, row.distance_up_to
    if above is None and up_to is None:
        return None
    return band_in_words(Band(ZERO, above, up_to), BandAxis.DISTANCE)


def minutes_in_words(row: RowFact) -> Words | None:
    """The band of time; None where the row has none."""
    above, up_to = row.minutes_above, row.minutes_up_to
    if above is None and up_to is None:
        return None
    band = Band(ZERO, None if above is None else Decimal(above), None if up_to is None else Decimal(up_to))
    return band_in_words(band, BandAxis.DURATION)


def title_in_words(row: RowFact) -> Words | None:
    """The title of the nurse; None where the row holds for every title."""
    return None if row.title is None else TITLES.get(row.title, (row.title, row.title))


def _text(row: RowFact, times: int) -> Words:
    if row.part is Part.BASE:
        band = distance_in_words(row)
        return (
            ("上门服务费", "On-site fee")
            if band is None
            else (f"上门服务费：{band[0]}", f"On-site fee: {band[1]}")
        )
    if row.part is Part.FURTHER_TIME:
        after, unit = row.minutes_above, row.unit_minutes
        return (
            f"超过 {after} 分钟的时间：每 {unit} 分钟一段，{times} 段",
            f"Time beyond {after} minutes: {times} × {unit} minutes begun",
        )
    if row.part is Part.NIGHT:
        return f"夜间上门：{night_in_words(row)[0]}", f"By night: {night_in_words(row)[1]}"
    if row.part is Part.HOLIDAY:
        return "法定节假日上门", "On a public holiday"
    return f"同一地址增加 {times} 人", f"Further persons at the same address: {times}"


def _notes(row: RowFact, times: int) -> list[Words]:
    notes: list[Words] = []
    title, minutes = title_in_words(row), minutes_in_words(row)
    if title is not None:
        notes.append((f"职称：{title[0]}", f"title: {title[1]}"))
    if minutes is not None and row.part is not Part.FURTHER_TIME:
        notes.append(minutes)
    if row.part is not Part.BASE:
        notes.extend(_rate_or_each(row, times))
    return notes


def _rate_or_each(row: RowFact, times: int) -> list[Words]:
    if row.rate is not None:
        percent = f"{plain(row.rate * 100)}%"
        each, each_en = ("每份", "each ") if times > 1 else ("", "")
        return [(f"{each}按基本费的 {percent}", f"{each_en}{percent} of the base fee")]
    if row.amount is not None and times > 1:
        yuan = f"¥{plain_yuan(row.amount)}"
        return [(f"每份 {yuan}", f"{yuan} each")]
    return []


def night_in_words(row: RowFact) -> Words:
    """From when to when a night is."""
    begins, ends = row.begins_at, row.ends_at
    if begins is None or ends is None:
        return "", ""
    next_day = ("次日 ", " of the next day") if ends <= begins else ("", "")
    return (
        f"{begins:%H:%M} 至{next_day[0] or ' '}{ends:%H:%M}",
        f"from {begins:%H:%M} to {ends:%H:%M}{next_day[1]}",
    )


def _joined(*words: Words) -> Words:
    return "，".join(zh for zh, _en in words), ", ".join(en for _zh, en in words)
