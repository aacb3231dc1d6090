"""Who may receive, when a visit is missed, how long the wait is, and every step of a visit's life."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import pytest

from consultations.rules import (
    NOTICES,
    OTHER_ENDS,
    STOP_REASONS,
    DoctorFacts,
    PatientFacts,
    end_words,
    estimated_minutes,
    missed_at,
    patient_violations,
    receiving_violations,
    slot_periods,
)
from consultations.states import REVISIT, RevisitEvent, RevisitState
from kernel.workflow import IllegalTransition

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=SHANGHAI)
GOOD = DoctorFacts(
    is_doctor=True, is_active=True, independent_years=3, department_open=True, practice_certified=True
)

S, E = RevisitState, RevisitEvent
LIFE = {
    (S.PREPARING, E.ADMIT): S.WAITING,
    (S.PREPARING, E.CANCEL): S.CANCELLED,
    (S.WAITING, E.BEGIN): S.IN_PROGRESS,
    (S.WAITING, E.STOP): S.STOPPED,
    (S.WAITING, E.MISS): S.MISSED,
    (S.WAITING, E.CANCEL): S.CANCELLED,
    (S.IN_PROGRESS, E.COMPLETE): S.COMPLETED,
    (S.IN_PROGRESS, E.STOP): S.STOPPED,
}


@pytest.mark.parametrize(("state", "event"), list(product(S, E)))
def test_only_the_steps_of_the_table_are_possible(state: RevisitState, event: RevisitEvent) -> None:
    wanted = LIFE.get((state, event))
    if wanted is None:
        with pytest.raises(IllegalTransition):
            REVISIT.after(state, event)
    else:
        assert REVISIT.after(state, event) == wanted


def test_a_certified_doctor_of_three_years_may_receive() -> None:
    assert receiving_violations(GOOD) == []


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        (replace(GOOD, independent_years=2), "Q-01"),
        (replace(GOOD, practice_certified=False), "Q-02"),
        (replace(GOOD, is_active=False), "Q-02"),
        (replace(GOOD, is_doctor=False), "Q-02"),
        (replace(GOOD, department_open=False), "V-09"),
    ],
)
def test_one_thing_missing_is_one_rule_named_with_its_source(facts: DoctorFacts, rule: str) -> None:
    (violation,) = receiving_violations(facts)
    assert violation.rule == rule
    assert "国卫医发〔2018〕25号" in violation.source


def test_everything_missing_is_named_at_once() -> None:
    nothing = DoctorFacts(
        is_doctor=False, is_active=False, independent_years=0, department_open=False, practice_certified=False
    )
    assert {violation.rule for violation in receiving_violations(nothing)} == {"Q-01", "Q-02", "V-09"}


@pytest.mark.parametrize(
    ("age", "subject_code", "rules"),
    [
        (6, "A03.04", []),
        (5, "A03.04", ["V-10"]),
        (5, "A07.01", []),
        (0, "08", []),
        (5, "09", []),
        (70, "A03.04", []),
    ],
)
def test_v_10_children_under_six_are_seen_by_paediatricians_only(
    age: int, subject_code: str, rules: list[str]
) -> None:
    found = patient_violations(PatientFacts(age=age, is_verified=True), subject_code=subject_code)
    assert [violation.rule for violation in found] == rules


def test_c_02_the_real_name_is_verified_before_care() -> None:
    (violation,) = patient_violations(PatientFacts(age=70, is_verified=False), subject_code="A03.04")
    assert violation.rule == "C-02"


def test_a_visit_is_missed_at_the_end_of_the_day_unless_the_hospital_says_sooner() -> None:
    midnight = datetime(2026, 11, 22, 0, 0, tzinfo=SHANGHAI)
    assert missed_at(NOON, midnight, None) == midnight
    assert missed_at(NOON, midnight, 30) == NOON + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("ahead", "average", "until_slot", "minutes"),
    [(0, 10, -5, 0), (2, 10, -5, 20), (2, 10, 45, 45), (5, 10, 45, 50), (0, 10, 0, 0)],
    ids=["it is her turn", "two ahead", "her slot is later", "both", "her slot begins"],
)
def test_the_wait_is_what_lies_ahead_but_never_before_the_slot_nor_below_zero(
    ahead: int, average: int, until_slot: int, minutes: int
) -> None:
    assert estimated_minutes(ahead, average, timedelta(minutes=until_slot)) == minutes


def test_slots_follow_each_other_without_gaps() -> None:
    periods = slot_periods(NOON, NOON + timedelta(hours=2), 30)
    assert len(periods) == 4
    assert all(end == begin for (_b, end), (begin, _e) in pairwise(periods))


def test_what_is_left_over_is_a_short_slot_from_half_a_slot_on() -> None:
    assert [end - begin for begin, end in slot_periods(NOON, NOON + timedelta(minutes=45), 30)] == [
        timedelta(minutes=30),
        timedelta(minutes=15),
    ]
    assert len(slot_periods(NOON, NOON + timedelta(minutes=44), 30)) == 1


def test_every_end_says_why_and_keeps_the_doctors_own_words() -> None:
    for code in {**STOP_REASONS, **OTHER_ENDS}:
        assert end_words(code, "")
    assert end_words("needs_examination", "请先做心电图。").endswith("请先做心电图。")
    assert end_words("", "") == ""


def test_every_notice_has_words() -> None:
    assert all(str(words) for words in NOTICES.values())
