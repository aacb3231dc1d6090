"""Half-open periods of days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.period import Period

MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)
DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 2, 28))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Closed and open periods in two months."""
    begin = draw(DAYS)
    length = draw(st.none() | st.integers(min_value=1, max_value=30))
    return Period(begin, None if length is None else begin + timedelta(days=length))


def test_the_first_day_is_in_and_the_last_is_out() -> None:
    period = Period(MARCH, APRIL)
    assert MARCH in period
    assert APRIL - timedelta(days=1) in period
    assert APRIL not in period
    assert MARCH - timedelta(days=1) not in period


def test_an_open_period_never_ends() -> None:
    assert date(9999, 12, 31) in Period(MARCH)


@pytest.mark.parametrize("end", [MARCH, MARCH - timedelta(days=1)])
def test_a_period_without_a_day_is_refused(end: date) -> None:
    with pytest.raises(ValueError, match="ends after it begins"):
        Period(MARCH, end)


def test_adjacent_periods_share_no_day() -> None:
    assert not Period(MARCH, APRIL).overlaps(Period(APRIL, MAY))
    assert not Period(APRIL, None).overlaps(Period(MARCH, APRIL))


@given(periods(), periods())
def test_periods_overlap_exactly_when_a_day_lies_in_both(one: Period, other: Period) -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(100)]
    share = any(day in one and day in other for day in days)
    assert one.overlaps(other) == share
    assert other.overlaps(one) == share
