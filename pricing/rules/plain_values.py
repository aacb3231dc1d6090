"""Plain values of JSON, read strictly: text, whole numbers, exact numbers, days and moments."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

_LONGEST = 1000
_NUMBER = re.compile(r"-?\d{1,40}(\.\d{1,40})?([eE][+-]?\d{1,2})?", re.ASCII)
_MOST_DIGITS = 12
"""Before the point: the most that a column of money holds, so that no product leaves exact arithmetic."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1949, 2199
_LARGEST = 10**15


class Unfit(Exception):
    """The value is of another kind; the message says what belongs here."""


def text_in(value: Any) -> str:
    """Text that a database can hold: no NUL and no halves of characters."""
    if not isinstance(value, str):
        raise Unfit(_("Here stands text in quotation marks."))
    if len(value) > _LONGEST:
        raise Unfit(_("This text is too long."))
    if any(each == "\0" or "\ud800" <= each <= "\udfff" for each in value):
        raise Unfit(_("This text has characters that cannot be kept."))
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST:
        raise Unfit(_("Here stands a whole number."))
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unfit(_("Here stands true or false."))
    return value


def _exact(value: Any) -> Decimal:
    """A number, written as text or as a number; a number that is no finite one is refused."""
    written = str(value) if isinstance(value, (Decimal, int)) and not isinstance(value, bool) else value
    if not isinstance(written, str) or not _NUMBER.fullmatch(written):
        raise Unfit(_('Here stands a number, best as text: "1.50".'))
    number = Decimal(written)
    if number and number.adjusted() >= _MOST_DIGITS:
        raise Unfit(_("This number is too large."))
    return number


def _day(value: Any) -> date:
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            day = date.fromisoformat(value)
            if _FIRST_YEAR <= day.year <= _LAST_YEAR:
                return day
    except ValueError:
        pass
    raise Unfit(_("Here stands a day: 2026-11-22."))


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value if isinstance(value, str) else "")
        if moment.utcoffset() is not None and _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            return moment
    except ValueError:
        pass
    raise Unfit(_("Here stands a moment with its time zone: 2026-11-22T09:30:00+08:00."))


PLAIN: dict[Any, Callable[[Any], Any]] = {
    str: text_in,
    int: _whole,
    bool: _truth,
    Decimal: _exact,
    date: _day,
    datetime: _moment,
}
"""How a value of each type is read."""
