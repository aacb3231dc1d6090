"""IN-01 to IN-06: which agreement counts on a day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils.translation import override

from insurance.rules.agreements import (
    AgreementFacts,
    Pause,
    agreement_for,
    agreement_violation,
    is_in_force,
)
from insurance.states import AgreementState

ON = date(2026, 11, 20)
REVISIT = "online_revisit"
MAIN = AgreementFacts(
    key=1, number="主-1", state=AgreementState.SIGNED, pooling_area="330100", services=frozenset(),
    from_on=date(2024, 1, 1), over_on=None,
)  # fmt: skip
SUPPLEMENT = replace(MAIN, key=2, number="补-1", services=frozenset({REVISIT}), main=MAIN)


def broken(agreement: AgreementFacts | None, on: date = ON, service: str = REVISIT) -> str:
    """The number of the rule, empty when the agreement counts."""
    found = agreement_violation(agreement, service=service, service_name="复诊", on=on, way="可自费。")
    return found.rule if found else ""


def test_a_signed_agreement_counts_within_its_days() -> None:
    assert broken(SUPPLEMENT) == ""
    assert is_in_force(SUPPLEMENT, ON)


def test_in_01_without_any_agreement_nothing_is_settled() -> None:
    assert broken(None) == "IN-01"


@pytest.mark.parametrize("state", [AgreementState.APPLIED, AgreementState.REFUSED])
def test_in_02_what_was_not_signed_does_not_count(state: AgreementState) -> None:
    assert broken(replace(SUPPLEMENT, state=state)) == "IN-02"


def test_in_03_the_first_day_counts_and_the_day_it_is_over_does_not() -> None:
    one_day = replace(SUPPLEMENT, from_on=ON, over_on=ON + timedelta(days=1))
    assert broken(one_day, ON - timedelta(days=1)) == "IN-03"
    assert broken(one_day, ON) == ""
    assert broken(one_day, ON + timedelta(days=1)) == "IN-03"


def test_in_04_a_suspension_is_half_open_and_told_with_its_reason() -> None:
    pause = Pause(ON, ON + timedelta(days=10), "未按要求上传处方")
    stopped = replace(SUPPLEMENT, state=AgreementState.SUSPENDED, pauses=(pause,))
    assert [broken(stopped, ON + timedelta(days=days)) for days in (-1, 0, 9, 10)] == [
        "",
        "IN-04",
        "IN-04",
        "",
    ]
    with override("en"):
        found = agreement_violation(stopped, service=REVISIT, service_name="x", on=ON, way="You may pay.")
    assert found.message == (
        "The medical insurance has suspended settlement with this hospital from 2026-11-20 until before 2026-11-30: "
        "未按要求上传处方"
    )
    assert found.way_on == "You may pay."
    assert found.source


def test_in_04_a_suspension_without_an_end_lasts() -> None:
    stopped = replace(SUPPLEMENT, pauses=(Pause(ON, None, "x"),))
    assert broken(stopped, ON + timedelta(days=4000)) == "IN-04"


def test_in_05_a_service_that_the_agreement_does_not_name_is_not_covered() -> None:
    assert broken(SUPPLEMENT, service="remote_consultation") == "IN-05"


@pytest.mark.parametrize(
    "main",
    [
        replace(MAIN, pauses=(Pause(ON, None, "主协议中止"),)),
        replace(MAIN, over_on=ON),
        replace(MAIN, state=AgreementState.APPLIED),
    ],
)
def test_in_06_a_supplement_falls_with_what_it_rests_on(main: AgreementFacts) -> None:
    assert broken(replace(SUPPLEMENT, main=main)) == "IN-06"
    assert not is_in_force(replace(SUPPLEMENT, main=main), ON)


def test_an_ended_agreement_counted_while_it_lasted() -> None:
    ended = replace(SUPPLEMENT, state=AgreementState.ENDED, over_on=ON)
    assert broken(ended, ON - timedelta(days=1)) == ""
    assert broken(ended, ON) == "IN-03"


def test_one_in_force_is_chosen_before_one_that_is_nearer_but_stopped() -> None:
    near = replace(SUPPLEMENT, key=3, pauses=(Pause(ON, None, "x"),))
    far = replace(SUPPLEMENT, key=4, pooling_area="330000")
    chosen = agreement_for([near, far], service=REVISIT, areas=["330100"], on=ON)
    assert chosen == far


def test_of_two_in_force_the_one_of_her_own_area_is_chosen() -> None:
    hers = replace(SUPPLEMENT, key=3, pooling_area="330200")
    chosen = agreement_for([SUPPLEMENT, hers], service=REVISIT, areas=["330200", "330100"], on=ON)
    assert chosen == hers


def test_of_none_in_force_the_signed_one_is_told_about() -> None:
    asked = replace(SUPPLEMENT, key=3, state=AgreementState.APPLIED)
    over = replace(SUPPLEMENT, key=4, over_on=ON)
    assert agreement_for([asked, over], service=REVISIT, areas=["330100"], on=ON) == over
