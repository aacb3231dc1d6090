"""Whether a schedule may be published."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from kernel.errors import Text, Violation
from pricing.rules.changing import document_violations
from pricing.rules.facts import DEMONSTRATION, DocumentFact
from pricing.rules.lookup import regions_around
from pricing.rules.onsite.covering import band_violations
from pricing.rules.onsite.facts import Part, RowFact, ScheduleFact

ONSITE_FEE = "onsite_fee"
"""Category of the items under which the fee is charged."""
_OURS = "our rule: a missing price is never zero, and of two none is chosen for the hospital"
_READ = "our rule: what everybody could read is what is charged"
_TRACED = "our rule: what cannot be traced to a document is not charged"


@dataclass(frozen=True, slots=True)
class Publication:
    """Everything that decides whether a schedule may be published."""

    schedule: ScheduleFact
    document: DocumentFact
    institution_region: str
    """GB/T 2260."""
    institution_is_demonstration: bool
    item_category: str
    item_region: str
    notice_days: int
    """Calendar days between the day of publishing and the first day."""


def publication_violations(asked: Publication, *, today: date) -> Iterator[Violation]:
    """Everything that forbids publishing the schedule today."""
    yield from notice_violations(asked.schedule.begin, asked.notice_days, today)
    yield from rest_violations(asked)
    yield from row_violations(asked.schedule.rows)
    yield from band_violations(asked.schedule.rows)


def first_possible_day(today: date, notice_days: int) -> date:
    """The earliest first day of a schedule published today."""
    return today + timedelta(days=notice_days)


def notice_violations(begin: date, notice_days: int, today: date) -> Iterator[Violation]:
    """PR-52: an on-site fee is published some days before it applies; seven, unless the hospital sets more.

    Source: S23, notice of 2023-12-20 to 26, in force on 2024-01-01. ASSUMPTION: seven days of notice are a
    hospital's practice; no national number is known, so it is a setting.
    """
    first = first_possible_day(today, notice_days)
    if begin < first:
        message = _("A fee is published %(days)d days before it applies: on %(day)s at the earliest.")
        way = _("Choose a later first day.")
        shown = {"days": notice_days, "day": first.isoformat()}
        yield Violation(
            "PR-52", message % shown, way, field="begins_on", source="S23; setting of the hospital"
        )


def rest_violations(asked: Publication) -> Iterator[Violation]:
    """PR-54: the fee rests on a document in force there and then, as real as the hospital, within its province.

    Source: our rule: what cannot be traced to a document is not charged; invented and real are never mixed.
    """
    for violation in document_violations(asked.document, asked.institution_region, asked.schedule.begin):
        yield Violation("PR-54", violation.message, field="document", source=_TRACED)
    if (asked.document.evidence_grade == DEMONSTRATION) != asked.institution_is_demonstration:
        yield Violation(
            "PR-54", _("Invented and real documents are never mixed."), field="document", source=_TRACED
        )
    end, document_end = asked.schedule.end, asked.document.end
    if document_end is not None and (end is None or end > document_end):
        message = _("The fee holds on days when the document does not.")
        yield Violation("PR-54", message, field="last_on", source=_TRACED)
    if asked.item_category != ONSITE_FEE or asked.item_region not in regions_around(asked.institution_region):
        message = _("Choose an item of the category “on-site service fee” that is listed here.")
        yield Violation("PR-54", message, field="item", source=_TRACED)
    if asked.schedule.area_region_code[:2] != asked.institution_region[:2]:
        message = _("The served region lies in another province than the hospital.")
        yield Violation("PR-54", message, field="area_region_code", source="S23: inside the city")


def standing_violations(
    begin: date, end: date | None, others: Iterable[tuple[str, date, date | None]], *, is_published: bool
) -> Iterator[Violation]:
    """PR-55: a published fee never changes; another takes its place on a day after its first.

    ``others`` are the number of the document, first day and end of each published fee of the same item.

    Source: our rule: what everybody could read is what is charged.
    """
    if is_published:
        message = _("This fee is published and never changes.")
        way = _("Draft another one that begins on a later day.")
        yield Violation("PR-55", message, way, source=_READ)
    for number, other_begin, other_end in others:
        overlaps = (end is None or other_begin < end) and (other_end is None or begin < other_end)
        if overlaps and begin <= other_begin:
            shown = {"number": number, "day": other_begin.isoformat()}
            taken = _("The fee of %(number)s is published from %(day)s on.") % shown
            other_day = _("Choose a first day after it, or a last day before it.")
            yield Violation("PR-55", taken, other_day, field="begins_on", source=_READ)


def row_violations(rows: tuple[RowFact, ...]) -> Iterator[Violation]:
    """PR-57: a schedule has a fee for the visit itself, and each row says what its part needs and no more.

    Source: our rule: a missing price is never zero, and of two none is chosen for the hospital.
    """
    if not any(row.part is Part.BASE for row in rows):
        yield _of_rows(_("The fee of the visit itself is missing: add a row for it."))
    if any(row.part is Part.NIGHT and row.begins_at == row.ends_at for row in rows):
        yield _of_rows(_("A night ends at another time of day than it begins."))
    if any(row.part is Part.FURTHER_TIME and row.minutes_up_to is not None for row in rows):
        yield _of_rows(_("Further time goes on without an end: leave “up to (minutes)” empty there."))
    if any(row.part is not Part.NIGHT and (row.begins_at or row.ends_at) for row in rows):
        yield _of_rows(_("Times of day belong to a row for the night only."))
    if any(row.part is not Part.FURTHER_TIME and row.unit_minutes for row in rows):
        yield _of_rows(_("A piece of time belongs to a row for further time only."))


def _of_rows(message: Text) -> Violation:
    return Violation("PR-57", message, field="rows", source=_OURS)
