"""When days are compared."""

from datetime import date, datetime, timedelta

import pytest

from reconciliation.rules.kinds import Source
from reconciliation.rules.schedule import SHANGHAI, bounds_of, days_to_open, first_run_of, next_try

DAY = date(2026, 11, 20)


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def test_a_day_is_from_midnight_to_midnight_in_shanghai() -> None:
    assert bounds_of(DAY) == (_at(20, 0), _at(21, 0))


@pytest.mark.parametrize(
    ("source", "first"),
    [
        (Source.INSURER, _at(21, 2)),
        (Source.BOOKS, _at(21, 2, 10)),
        (Source.CHANNEL, _at(21, 10, 10)),
        (Source.ALIPAY, _at(21, 10, 10)),
    ],
)
def test_each_source_has_its_hour_on_the_next_day(source: Source, first: datetime) -> None:
    assert first_run_of(source, DAY) == first


@pytest.mark.parametrize(("runs", "minutes"), [(1, 10), (2, 30), (3, 60), (4, 120), (5, 120), (40, 120)])
def test_after_runs_in_vain_the_pauses_grow(runs: int, minutes: int) -> None:
    at = _at(21, 3)
    assert next_try(Source.INSURER, DAY, runs, at) == at + timedelta(minutes=minutes)


def test_after_five_days_a_person_must() -> None:
    last = first_run_of(Source.INSURER, DAY) + timedelta(days=5)
    assert next_try(Source.INSURER, DAY, 60, last - timedelta(seconds=1)) is not None
    assert next_try(Source.INSURER, DAY, 61, last) is None


def test_before_two_the_day_before_yesterday_is_the_newest_that_has_ended() -> None:
    assert list(days_to_open(None, _at(21, 1, 59))) == [date(2026, 11, 19)]
    assert list(days_to_open(None, _at(21, 2))) == [DAY]


def test_days_that_are_open_are_not_opened_again_and_an_outage_is_caught_up() -> None:
    assert list(days_to_open(DAY, _at(21, 2))) == []
    assert list(days_to_open(date(2026, 11, 17), _at(21, 2))) == [date(2026, 11, day) for day in (18, 19, 20)]


def test_no_more_than_a_month_is_caught_up() -> None:
    days = list(days_to_open(date(2026, 1, 1), _at(21, 2)))
    assert (len(days), days[0], days[-1]) == (31, date(2026, 10, 21), DAY)
