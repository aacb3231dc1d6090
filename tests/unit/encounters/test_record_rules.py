"""C-03 and V-03: what a signed record holds, and what is signed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from encounters.rules import RecordFacts, canonical, record_violations

AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
RECORD = RecordFacts(
    encounter="V1", patient="f" * 64, practitioner="D1", chief_complaint="血压升高 6 年", present_illness="规律服药",
    past_history="", allergy_history="", examination="", plan="续方", diagnoses=("I10.x00x002",),
)  # fmt: skip


def test_a_complete_record_of_the_same_disease_may_be_signed() -> None:
    assert record_violations(RECORD, known_category="I10") == []


@pytest.mark.parametrize(
    ("field", "named"),
    [("chief_complaint", "chief_complaint"), ("present_illness", "present_illness"), ("plan", "plan")],
)
def test_what_is_missing_is_named(field: str, named: str) -> None:
    violations = record_violations(replace(RECORD, **{field: ""}), known_category="I10")  # type: ignore[arg-type]
    assert [violation.field for violation in violations] == [named]


def test_a_record_needs_a_diagnosis() -> None:
    (violation,) = record_violations(replace(RECORD, diagnoses=()), known_category="I10")
    assert violation.field == "diagnosis_ids"


def test_no_other_disease_is_treated_online() -> None:
    (violation,) = record_violations(replace(RECORD, diagnoses=("E11.900",)), known_category="I10")
    assert violation.rule == "V-03"


def test_a_second_disease_beside_the_known_one_is_fine() -> None:
    assert record_violations(replace(RECORD, diagnoses=("E78.500", "I10.x03")), known_category="I10") == []


def test_at_the_hospital_any_disease_may_be_found() -> None:
    assert record_violations(replace(RECORD, diagnoses=("E11.900",)), known_category=None) == []


def test_the_signed_text_is_the_same_in_every_time_zone() -> None:
    hangzhou = AT.astimezone(timezone(timedelta(hours=8)))
    assert canonical(RECORD, signed_at=AT) == canonical(RECORD, signed_at=hangzhou)


@pytest.mark.parametrize("field", ["chief_complaint", "plan", "patient", "practitioner", "encounter"])
def test_any_change_changes_the_signed_text(field: str) -> None:
    changed = replace(RECORD, **{field: "另"})  # type: ignore[arg-type]
    assert canonical(changed, signed_at=AT) != canonical(RECORD, signed_at=AT)


def test_the_order_of_diagnoses_is_signed() -> None:
    two = replace(RECORD, diagnoses=("I10.x03", "E78.500"))
    assert canonical(two, signed_at=AT) != canonical(
        replace(two, diagnoses=two.diagnoses[::-1]), signed_at=AT
    )
