"""Packs, states, reviewers and the signed text."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from kernel.workflow import IllegalTransition
from prescriptions.rules.quantities import packs_needed
from prescriptions.rules.reviewing import (
    DecisionFacts,
    ReviewerFacts,
    decision_findings,
    dispense_findings,
    reviewer_findings,
)
from prescriptions.rules.signing import SignedContent, SignedLine, canonical
from prescriptions.states import ENDED, PASSED, PRESCRIPTION, PrescriptionEvent, PrescriptionState

AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("dose", "frequency", "days", "per_unit", "units", "packs"),
    [
        ("5", "qd", 28, "5", 28, 1),  # 28 tablets of a box of 28
        ("5", "qd", 29, "5", 28, 2),  # one tablet more
        ("40", "qn", 28, "20", 28, 2),  # two tablets a night
        ("2.5", "qd", 28, "5", 28, 1),  # halves: 14 tablets
        ("50", "tid", 28, "50", 30, 3),  # 84 of 30
        ("100", "bid", 28, "100", 28, 2),
        ("70", "qw", 28, "70", 4, 1),  # four weeks, four tablets
        ("70", "qw", 29, "70", 4, 2),  # the fifth week begins
        ("10", "qod", 7, "10", 28, 1),
        ("1", "bid", 30, "1", 60, 1),  # 60 inhalations
        ("2", "prn", 28, "1", 200, 1),
        ("18", "qn", 10, "300", 1, 1),  # 180 of 300 units in the pen
        ("18", "qn", 28, "300", 1, 2),  # 504 units
    ],
)
def test_packs_are_dose_times_frequency_times_days_by_content_rounded_up(
    dose: str, frequency: str, days: int, per_unit: str, units: int, packs: int
) -> None:
    needed = packs_needed(
        dose=Decimal(dose),
        frequency=frequency,
        days=days,
        dose_per_unit=Decimal(per_unit),
        units_per_pack=units,
    )
    assert needed == packs


LEGAL = {
    ("draft", "submit"): "submitted", ("draft", "cancel"): "cancelled",
    ("submitted", "pass"): "effective", ("submitted", "return"): "returned",
    ("submitted", "expire"): "expired", ("submitted", "cancel"): "cancelled",
    ("returned", "cancel"): "cancelled",
    ("effective", "pay"): "paid", ("effective", "expire"): "expired", ("effective", "cancel"): "cancelled",
    ("paid", "dispense"): "dispensed", ("paid", "cancel"): "cancelled",
}  # fmt: skip


@pytest.mark.parametrize("state", PrescriptionState)
@pytest.mark.parametrize("event", PrescriptionEvent)
def test_only_the_legal_steps_are_possible(state: PrescriptionState, event: PrescriptionEvent) -> None:
    then = LEGAL.get((state.value, event.value))
    if then is None:
        with pytest.raises(IllegalTransition):
            PRESCRIPTION.after(state, event)
    else:
        assert PRESCRIPTION.after(state, event) == then


def test_nothing_leads_to_a_passed_state_but_a_pass() -> None:
    for (before, event), then in PRESCRIPTION.table.items():
        if then in PASSED and before not in PASSED:
            assert (before, event) == (PrescriptionState.SUBMITTED, PrescriptionEvent.PASS)
    assert not PASSED & ENDED


REVIEWER = ReviewerFacts("pharmacist", "243", 10, is_of_the_institution=True, is_the_prescriber=False)


@pytest.mark.parametrize(
    ("fields", "rules"),
    [
        ({}, []),
        ({"title": "244", "years": 3}, []),
        ({"profession": "doctor", "title": "231"}, ["R-01"]),
        ({"title": "245"}, ["R-01"]),
        ({"is_of_the_institution": False}, ["R-01"]),
        ({"years": 2}, ["R-02"]),
        ({"is_the_prescriber": True}, ["R-03"]),
        (
            {"profession": "doctor", "title": "231", "years": 1, "is_the_prescriber": True},
            ["R-01", "R-02", "R-03"],
        ),
    ],
)
def test_r01_to_r03_say_who_may_review(fields: dict[str, object], rules: list[str]) -> None:
    assert [finding.rule for finding in reviewer_findings(replace(REVIEWER, **fields))] == rules  # type: ignore[arg-type]


PASS = DecisionFacts(
    passed=True, reason_code="", reason="", known_codes=frozenset({"dose"}), is_still_valid=True
)


@pytest.mark.parametrize(
    ("code", "reason", "fields"),
    [
        ("dose", "超量", []),
        ("", "超量", ["reason_code"]),
        ("nonsense", "超量", ["reason_code"]),
        ("dose", " ", ["reason"]),
    ],
)
def test_r04_a_return_has_a_known_code_and_words(code: str, reason: str, fields: list[str]) -> None:
    returned = replace(PASS, passed=False, reason_code=code, reason=reason)
    assert [finding.field for finding in decision_findings(returned)] == fields


def test_r05_passes_only_what_is_still_valid() -> None:
    assert not decision_findings(PASS)
    assert [finding.rule for finding in decision_findings(replace(PASS, is_still_valid=False))] == ["R-05"]
    late_return = replace(PASS, passed=False, reason_code="dose", reason="过期", is_still_valid=False)
    assert not decision_findings(late_return)


def test_r06_hands_out_after_ten_comparisons() -> None:
    assert not dispense_findings(REVIEWER, ())
    assert [finding.rule for finding in dispense_findings(REVIEWER, ("usage",))] == ["R-06"]


CONTENT = SignedContent(
    number="P1", version=1, encounter="V1", patient="f", prescriber="D33", diagnoses=("I10.x00",),
    lines=(SignedLine("XC08CADEMO001", Decimal(5), "qd", "morning", 28, 1, ""),),
    facts={"is_long_term": True}, signed_at=AT,
)  # fmt: skip


def test_equal_contents_give_equal_texts_however_they_are_written() -> None:
    other = replace(
        CONTENT,
        lines=(replace(CONTENT.lines[0], dose=Decimal("5.0000")),),
        signed_at=AT.astimezone(timezone(timedelta(hours=8))),
    )
    assert canonical(other) == canonical(CONTENT)


@pytest.mark.parametrize(
    "fields",
    [
        {"version": 2},
        {"diagnoses": ()},
        {"patient": "g"},
        {"signed_at": AT + timedelta(microseconds=1)},
        {"lines": ()},
    ],
)
def test_any_change_gives_another_text(fields: dict[str, object]) -> None:
    assert canonical(replace(CONTENT, **fields)) != canonical(CONTENT)  # type: ignore[arg-type]
