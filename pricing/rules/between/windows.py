"""When two lines lie in one window.

Every line is given the windows it lies in, as a span of possible beginnings: a window of n days that holds day d begins
on one of the days d − n + 1 … d. Lines share a window exactly when their spans overlap, and a set of lines lies in one
window exactly when all their spans have a beginning in common. So one sweep over the spans finds the fullest window.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from pricing.rules.between.entries import Entries, Entry
from pricing.rules.facts import ChargeRuleFact
from pricing.rules.kinds import Window

LONGEST_DAYS = 366
"""Longest window of days; charges of this many days before the service are looked at, courses included."""

Span = tuple[str, int, int]
"""Which line of time (an encounter, a course, or empty for the calendar), first and last beginning, both included."""

_HOUR = 3_600_000_000  # microseconds
_DAY = 24 * _HOUR
_ONE_DAY = timedelta(days=1)


def spans_of(entry: Entry, rule: ChargeRuleFact, entries: Entries) -> tuple[Span, ...]:
    """The windows of the rule in which the entry lies.

    Where a window needs the hour and the entry says only its day, it counts as lying in every window within that
    day (for windows over 24 hours: in every one that holds the whole day), and in none that reaches into another
    day. So two services of one day are taken together until somebody says when they were done, which is what a
    rule against double charging is for; nothing is refused for what was done on another day, because then
    somebody would have had to assume the worst minute of both days.
    """
    day = entry.day.toordinal()
    match rule.window:
        case Window.VISIT:
            return _visit(entry)
        case Window.COURSE:
            return _course(entry, entries)
        case Window.DAY:
            return (("", day, day),)
        case Window.DAYS:
            return (("", day - _length(rule) + 1, day),)
        case Window.HOUR:
            return (_clock_hours(day, entry.moment),)
        case Window.HOURS:
            return (_sliding_hours(day, entry.moment, _length(rule) * _HOUR),)


def _visit(entry: Entry) -> tuple[Span, ...]:
    """Lines of one order are one visit, also before it has a number."""
    is_known = entry.encounter or entry.reference is not None
    return ((f"visit {entry.encounter}", 0, 0),) if is_known else ()


def _course(entry: Entry, entries: Entries) -> tuple[Span, ...]:
    """The course that is said; without one the encounter, and every course that lines of it name."""
    if entry.course:
        return ((f"course {entry.course}", 0, 0),)
    named = sorted(entries.courses.get(entry.encounter, ())) if entry.encounter or entry.reference else []
    return (*_visit(entry), *((f"course {course}", 0, 0) for course in named))


def _clock_hours(day: int, moment: datetime | None) -> Span:
    first = day * 24
    return ("", first, first + 23) if moment is None else ("", first + moment.hour, first + moment.hour)


def _sliding_hours(day: int, moment: datetime | None, length: int) -> Span:
    """In microseconds; ``length`` too."""
    if moment is None:
        ends = (day * _DAY, (day + 1) * _DAY - length)
        return ("", min(ends), max(ends))
    since_midnight = moment - datetime.combine(moment, time.min)
    at = day * _DAY + since_midnight // timedelta(microseconds=1)
    return ("", at - length + 1, at)


def left_at(entry: Entry, rule: ChargeRuleFact) -> datetime | None:
    """The first moment that shares no window with the entry; None where time does not part them."""
    midnight = datetime.combine(entry.day, time.min)
    length = _length(rule)
    match rule.window:
        case Window.DAY:
            return midnight + _ONE_DAY
        case Window.DAYS:
            return midnight + timedelta(days=length)
        case Window.HOUR if entry.moment:
            return entry.moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        case Window.HOURS if entry.moment:
            return entry.moment + timedelta(hours=length)
        case Window.HOUR:
            return midnight + _ONE_DAY
        case Window.HOURS:
            return midnight + max(_ONE_DAY, timedelta(hours=length))
        case _:
            return None


def moved_to(entry: Entry, moment: datetime) -> Entry:
    """The entry as if it were done then."""
    return replace(entry, day=moment.date(), moment=moment)


def begins_at(entry: Entry) -> datetime:
    """Its moment, or the midnight its day begins with."""
    return entry.moment or datetime.combine(entry.day, time.min)


def last_look_back(service_on: date) -> date:
    """First day whose charges may lie in a window with a service on this day."""
    return service_on - timedelta(days=LONGEST_DAYS)


def _length(rule: ChargeRuleFact) -> int:
    return rule.window_length or 1
