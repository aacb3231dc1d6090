"""How a doctor's hours become slots."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.operations.schedules import _moment
from consultations.rules import slot_periods

SHANGHAI = ZoneInfo("Asia/Shanghai")
NINE = datetime(2026, 11, 20, 9, 0, tzinfo=SHANGHAI)
MIDNIGHT = datetime(2026, 11, 21, 0, 0, tzinfo=SHANGHAI)


def minutes(count: int) -> timedelta:
    """So many."""
    return timedelta(minutes=count)


def test_hours_are_cut_into_whole_slots() -> None:
    assert slot_periods(NINE, NINE + minutes(60), 30) == [
        (NINE, NINE + minutes(30)),
        (NINE + minutes(30), NINE + minutes(60)),
    ]


@pytest.mark.parametrize(("rest", "last"), [(14, None), (15, 15), (29, 29)])
def test_the_last_slot_may_be_short_but_not_under_half_of_one(rest: int, last: int | None) -> None:
    periods = slot_periods(NINE, NINE + minutes(30 + rest), 30)
    short = [end - begin for begin, end in periods[1:]]
    assert short == ([] if last is None else [minutes(last)])


def test_a_day_until_midnight_fills_the_day() -> None:
    day = NINE.date()
    begin, end = _moment(day, datetime.min.time()), _moment(day, NINE.replace(hour=23, minute=59).time())
    assert end.astimezone(UTC) == MIDNIGHT.astimezone(UTC)
    periods = slot_periods(begin, end, 30)
    assert len(periods) == 48
    assert periods[-1][1] == MIDNIGHT


@given(st.integers(min_value=1, max_value=24 * 60), st.integers(min_value=5, max_value=240))
def test_slots_follow_each_other_without_gap_and_stay_within_the_hours(length: int, size: int) -> None:
    end = NINE + minutes(length)
    periods = slot_periods(NINE, end, size)
    for (_begin, one_ends), (next_begins, _end) in pairwise(periods):
        assert one_ends == next_begins
    for begin, ends in periods:
        assert NINE <= begin < ends <= end
        assert minutes(size) / 2 <= ends - begin <= minutes(size)
