"""The published schedule as a table that everyone can read: bands down, titles across."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel import presentation
from pricing.models import OnsiteFeeSchedule
from pricing.pages.amounts import percent, yuan
from pricing.pages.regions import region_in_words
from pricing.pages.words import Document, title_in_words
from pricing.rules.lookup import regions_around
from pricing.rules.onsite import Part, RowFact
from pricing.rules.onsite.fee import ADDITIONS
from pricing.rules.onsite.wording import distance_in_words, minutes_in_words, night_in_words

Words = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One band."""

    band: str
    amounts: tuple[str, ...]
    """For each column; a dash where there is none."""


@dataclass(frozen=True, slots=True)
class ScheduleTable:
    """A published schedule."""

    schedule: OnsiteFeeSchedule
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    additions: tuple[tuple[str, str], ...]
    """What is added, and how much."""
    document: Document
    area: str
    period: str
    published_on: date
    is_to_come: bool


def schedule_table(schedule: OnsiteFeeSchedule, today: date) -> ScheduleTable:
    """The schedule in words; its rows must have been prefetched."""
    facts = [row.facts() for row in schedule.rows.all()]
    base = [row for row in facts if row.part is Part.BASE]
    titles = sorted({row.title or "" for row in base}, key=lambda code: (code == "", code), reverse=True)
    return ScheduleTable(
        schedule=schedule,
        columns=tuple(title_in_words(code) or _("Fee") for code in titles),
        rows=_rows(base, titles),
        additions=tuple(
            (_addition(row), _amount(row)) for part in ADDITIONS for row in facts if row.part is part
        ),
        document=_document(schedule),
        area=area_in_words(schedule),
        period=_period(schedule),
        published_on=schedule.published_on or today,
        is_to_come=schedule.effective.lower > today,
    )


def area_in_words(schedule: OnsiteFeeSchedule) -> str:
    """The served region as people say it; regions below a province are told by the hospital's own."""
    code, home = schedule.area_region_code, schedule.institution.region_code
    if code.endswith("0000") or code not in regions_around(home):
        return region_in_words(code)
    return _("the city of the hospital") if code.endswith("00") else _("the district of the hospital")


def _rows(base: Sequence[RowFact], titles: Sequence[str]) -> tuple[TableRow, ...]:
    bands = dict.fromkeys(_band(row) for row in sorted(base, key=_order))
    by_cell = {(_band(row), row.title or ""): yuan(row.amount) for row in base}
    return tuple(
        TableRow(_shown(band), tuple(by_cell.get((band, title), "–") for title in titles)) for band in bands
    )


def _order(row: RowFact) -> tuple[Decimal, Decimal]:
    return Decimal(row.distance_above or 0), Decimal(row.minutes_above or 0)


def _band(row: RowFact) -> tuple[Words | None, Words | None]:
    return distance_in_words(row), minutes_in_words(row)


def _shown(band: tuple[Words | None, Words | None]) -> str:
    parts = [_in_language(words) for words in band if words is not None]
    return pgettext("between facts", ", ").join(parts) or _("Each visit")


def _addition(row: RowFact) -> str:
    """What the row is for, with its own conditions."""
    conditions = [distance_in_words(row), None if row.part is Part.FURTHER_TIME else minutes_in_words(row)]
    words = [_part_in_words(row), title_in_words(row.title), *map(_in_language, filter(None, conditions))]
    return pgettext("between facts", ", ").join(each for each in words if each)


def _part_in_words(row: RowFact) -> str:
    if row.part is Part.FURTHER_TIME:
        shown = {"after": row.minutes_above, "unit": row.unit_minutes}
        return _("Each further %(unit)s minutes begun after %(after)s minutes") % shown
    if row.part is Part.NIGHT:
        return _("Start by night, %(hours)s") % {"hours": _in_language(night_in_words(row))}
    if row.part is Part.HOLIDAY:
        return _("On a public holiday")
    return _("Each further person at the same address")


def _amount(row: RowFact) -> str:
    if row.rate is not None:
        return f"+ {percent(row.rate)}"
    return f"+ {yuan(row.amount)}"


def _period(schedule: OnsiteFeeSchedule) -> str:
    begin = date_format(schedule.effective.lower, "DATE_FORMAT")
    if schedule.effective.upper is None:
        return _("from %(begin)s on") % {"begin": begin}
    last = date_format(schedule.effective.upper - timedelta(days=1), "DATE_FORMAT")
    return _("from %(begin)s to %(last)s") % {"begin": begin, "last": last}


def _document(schedule: OnsiteFeeSchedule) -> Document:
    document = schedule.document
    return Document(
        document.number,
        document.title,
        document.title_en,
        document.issuer,
        document.issuer_en,
        document.is_demonstration,
    )


def _in_language(words: Words) -> str:
    return words[0] if presentation.is_chinese() else words[1]
