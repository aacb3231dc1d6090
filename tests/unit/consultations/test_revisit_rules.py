"""Who may receive online, when a visit is missed, how long she waits, and how hours become slots."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.operations.schedules import _moment
from consultations.rules import (
    NOTICES,
    OTHER_ENDS,
    STOP_REASONS,
    DoctorFacts,
    end_words,
    estimated_minutes,
    missed_at,
    receiving_violations,
    slot_periods,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NINE = datetime(2026, 11, 20, 9, 0, tzinfo=SHANGHAI)
MIDNIGHT = datetime(2026, 11, 21, 0, 0, tzinfo=SHANGHAI)
RECEIVING = DoctorFacts(
    is_doctor=True, is_active=True, independent_years=3, department_open=True, practice_certified=True
)


def minutes(count: int) -> timedelta:
    """So many."""
    return timedelta(minutes=count)


def test_q_01_three_years_of_independent_practice_are_enough_and_two_are_not() -> None:
    assert receiving_violations(RECEIVING) == []
    assert [item.rule for item in receiving_violations(replace(RECEIVING, independent_years=2))] == ["Q-01"]


@pytest.mark.parametrize("lacking", ["is_doctor", "is_active", "practice_certified"])
def test_q_02_only_an_active_certified_doctor_receives(lacking: str) -> None:
    assert [item.rule for item in receiving_violations(replace(RECEIVING, **{lacking: False}))] == ["Q-02"]


def test_v_09_a_department_that_is_not_open_online_does_not_receive() -> None:
    assert [item.rule for item in receiving_violations(replace(RECEIVING, department_open=False))] == ["V-09"]


def test_every_reason_is_named_at_once_with_its_source() -> None:
    broken = receiving_violations(DoctorFacts(False, False, 0, False, False))
    assert {item.rule for item in broken} == {"Q-01", "Q-02", "V-09"}
    assert all("国卫医发〔2018〕25号" in item.source for item in broken)


def test_without_a_number_of_minutes_a_visit_is_missed_at_the_end_of_the_day() -> None:
    assert missed_at(NINE + minutes(30), MIDNIGHT, None) == MIDNIGHT


def test_a_hospital_may_set_minutes_after_the_slot() -> None:
    assert missed_at(NINE + minutes(30), MIDNIGHT, 60) == NINE + minutes(90)
    assert missed_at(NINE + minutes(30), MIDNIGHT, 0) == NINE + minutes(30)


@pytest.mark.parametrize(
    ("ahead", "average", "until_slot", "expected"),
    [
        (0, 10, minutes(0), 0),
        (3, 10, minutes(-20), 30),  # her slot has begun, three are before her
        (1, 10, minutes(45), 45),  # nobody is called before her slot
        (0, 10, minutes(-90), 0),
    ],
)
def test_the_estimate_is_the_queue_but_never_before_her_slot(
    ahead: int, average: int, until_slot: timedelta, expected: int
) -> None:
    assert estimated_minutes(ahead, average, until_slot) == expected


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


def test_what_the_doctor_adds_comes_after_the_sentence() -> None:
    assert end_words("other", "请带上次的检查单。") == f"{STOP_REASONS['other']} 请带上次的检查单。"
    assert end_words("cancelled", "") == str(OTHER_ENDS["cancelled"])
    assert end_words("", "") == ""


def test_no_code_means_two_things() -> None:
    assert not set(STOP_REASONS) & set(OTHER_ENDS)
    assert all(str(words) for words in (*STOP_REASONS.values(), *OTHER_ENDS.values(), *NOTICES.values()))
