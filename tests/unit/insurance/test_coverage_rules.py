"""IN-10 and IN-11: which row of 1101 pays."""

from datetime import date

from django.utils.translation import override

from insurance.rules.coverages import CoverageFacts, coverage_that_pays, coverage_violation

EMPLOYEE, RESIDENT = "310", "390"


def row(
    key: int, kind: str, region: str = "330100", status: str | None = "1", **fields: object
) -> CoverageFacts:
    """One row of 1101."""
    return CoverageFacts(key, kind, region, status, **fields)  # type: ignore[arg-type]


def pays(*rows: CoverageFacts, kind: str = EMPLOYEE) -> int | None:
    """Key of the row that pays for somebody who states ``kind`` in Hangzhou."""
    found = coverage_that_pays(rows, insurance_type=kind, region="330100")
    return found.key if found else None


def test_of_two_rows_of_a_kind_the_one_in_force_pays() -> None:
    assert pays(row(1, EMPLOYEE, status="2"), row(2, EMPLOYEE, region="110100")) == 2


def test_of_two_in_force_the_region_she_states_comes_first() -> None:
    assert pays(row(1, EMPLOYEE, region="110100"), row(2, EMPLOYEE)) == 2


def test_the_kind_she_states_comes_before_another_in_force() -> None:
    assert pays(row(1, RESIDENT), row(2, EMPLOYEE)) == 2


def test_when_the_one_she_states_is_suspended_another_in_force_pays() -> None:
    assert pays(row(1, EMPLOYEE, status="2"), row(2, RESIDENT)) == 2


def test_a_kind_that_pays_for_no_outpatient_work_never_pays() -> None:
    assert pays(row(1, EMPLOYEE, status="2"), row(2, "510")) is None


def test_who_states_a_kind_she_has_not_is_told_so_and_nothing_is_taken_instead() -> None:
    rows = [row(1, EMPLOYEE)]
    assert coverage_that_pays(rows, insurance_type=RESIDENT, region="330100") is None
    assert coverage_violation(rows, insurance_type=RESIDENT, way="x").rule == "IN-11"


def test_a_status_left_out_is_taken_for_in_force() -> None:
    assert pays(row(1, EMPLOYEE, status=None)) == 1


def test_in_10_a_suspended_insurance_is_told_with_its_day() -> None:
    rows = [row(1, EMPLOYEE, status="2", suspended_on=date(2026, 10, 1))]
    assert coverage_that_pays(rows, insurance_type=EMPLOYEE, region="330100") is None
    with override("en"):
        found = coverage_violation(rows, insurance_type=EMPLOYEE, way="You may pay it yourself.")
    assert (found.rule, found.message) == ("IN-10", "Your medical insurance is suspended since 2026-10-01.")
    assert found.way_on == "You may pay it yourself."
