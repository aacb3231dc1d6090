"""P-01 to P-18 and the rules of the house, each at its boundary."""

from decimal import Decimal
from typing import Any

import pytest

from prescriptions.rules import Kept, check, is_kept, standing_in_the_way
from prescriptions.rules.facts import DiagnosisFacts
from prescriptions.rules.findings import Severity
from prescriptions.rules.supply import BEYOND_FOUR_WEEKS, FIVE_TICKS
from tests.factories.prescription_facts import facts, found, line, long_term, patient, visit


def test_an_ordinary_prescription_has_no_findings() -> None:
    assert check(facts()) == ()


def test_a_long_term_prescription_with_every_condition_has_no_findings() -> None:
    assert check(long_term(line(days=84))) == ()


@pytest.mark.parametrize(
    "special",
    ["narcotic", "psychotropic_1", "psychotropic_2", "toxic", "radioactive", "precursor", "high_risk"],
)
def test_p01_refuses_every_special_class(special: str) -> None:
    (finding,) = found(facts(line(special_class=special)), "P-01")
    assert finding.severity is Severity.BLOCK
    assert finding.lines == (1,)


def test_p01_cannot_be_signed_away() -> None:
    given = facts(line(special_class="psychotropic_2"))
    (finding,) = found(given, "P-01")
    assert finding in standing_in_the_way(check(given), {finding.key: Kept("必须用", signs_again=True)})


@pytest.mark.parametrize("fields", [{"is_cleared": False}, {"is_ended": True}])
def test_p02_needs_a_confirmed_visit_that_goes_on(fields: dict[str, bool]) -> None:
    (finding,) = found(facts(visit=visit(**fields)), "P-02")
    assert finding.severity is Severity.BLOCK


def test_p02_refuses_when_no_diagnosis_is_proven() -> None:
    (finding,) = found(facts(visit=visit(proven=("E11",))), "P-02")
    assert finding.severity is Severity.BLOCK


def test_p02_warns_of_each_further_diagnosis_that_is_not_proven() -> None:
    diagnoses = (DiagnosisFacts("I10.x00", "高血压"), DiagnosisFacts("E78.500", "高脂血症"))
    (finding,) = found(facts(visit=visit(diagnoses=diagnoses)), "P-02")
    assert finding.severity is Severity.WARN
    assert "高脂血症" in finding.message.zh


def test_p02_compares_diseases_by_the_first_three_characters() -> None:
    assert not found(facts(visit=visit(diagnoses=(DiagnosisFacts("I10.x05", "高血压 3 级"),))), "P-02")


def test_p03_refuses_any_other_author() -> None:
    (finding,) = found(facts(visit=visit(is_by_own_doctor=False)), "P-03")
    assert finding.severity is Severity.BLOCK


@pytest.mark.parametrize(("days", "broken"), [(7, False), (8, True)])
def test_p07_asks_for_a_reason_beyond_seven_days(days: int, broken: bool) -> None:
    assert bool(found(facts(line(days=days)), "P-07")) is broken


def test_p07_is_satisfied_by_a_reason_but_not_by_spaces() -> None:
    assert not found(facts(line(days=8), days_reason="慢性病，病情稳定"), "P-07")
    assert found(facts(line(days=8), days_reason="   "), "P-07")


def test_p07_is_satisfied_by_a_long_term_prescription() -> None:
    assert not found(long_term(line(days=8)), "P-07")


@pytest.mark.parametrize(("days", "broken"), [(28, False), (29, True)])
def test_p08_asks_for_evaluation_teaching_and_agreement_beyond_four_weeks(days: int, broken: bool) -> None:
    bare = facts(line(days=days), is_long_term=True, confirmations=FIVE_TICKS)
    assert {finding.key.split(":")[-1] for finding in found(bare, "P-08")} == (
        {"evaluation", "agreement"} if broken else set()
    )


def test_p08_wants_a_long_term_prescription_beyond_four_weeks() -> None:
    given = facts(line(days=29), days_reason="出国", evaluation="稳定", confirmations=BEYOND_FOUR_WEEKS)
    (finding,) = found(given, "P-08")
    assert finding.field == "is_long_term"


@pytest.mark.parametrize(("days", "broken"), [(84, False), (85, True)])
def test_p08_refuses_more_than_twelve_weeks(days: int, broken: bool) -> None:
    assert bool(found(long_term(line(days=days)), "P-08")) is broken


@pytest.mark.parametrize("missing", sorted(FIVE_TICKS))
def test_p09_wants_every_one_of_the_five_conditions(missing: str) -> None:
    (finding,) = found(long_term(line(days=28), confirmations=FIVE_TICKS - {missing}), "P-09")
    assert finding.severity is Severity.BLOCK


def test_p09_does_not_concern_an_ordinary_prescription() -> None:
    assert not found(facts(), "P-09")


@pytest.mark.parametrize(
    "fields", [{"is_cold_chain": True}, {"class_code": "XJ05AF"}, {"allows_long_term": False}]
)
def test_p10_keeps_cold_chain_and_antimicrobials_out_of_long_term(fields: dict[str, Any]) -> None:
    assert found(long_term(line(**fields)), "P-10")
    assert not found(facts(line(**fields)), "P-10")


@pytest.mark.parametrize(("title", "asks"), [("231", False), ("232", False), ("233", False), ("234", True)])
def test_p11_wants_a_reason_when_a_physician_writes_long_term(title: str, asks: bool) -> None:
    assert bool(found(long_term(visit=visit(prescriber_title=title)), "P-11")) is asks


@pytest.mark.parametrize(("count", "broken"), [(1, False), (5, False), (6, True)])
def test_p12_allows_five_medicines(count: int, broken: bool) -> None:
    names = ("amlodipine", "metformin", "acarbose", "ezetimibe", "montelukast", "febuxostat")
    lines = [line(number, ingredients=name) for number, name in enumerate(names[:count], start=1)]
    assert bool(found(facts(*lines), "P-12")) is broken


def test_p12_refuses_a_prescription_without_medicines() -> None:
    given = facts(line())
    empty = type(given)(on=given.on, patient=given.patient, visit=given.visit, lines=())
    assert found(empty, "P-12")


@pytest.mark.parametrize(
    ("days", "reason", "broken"),
    [(0, "", True), (1, "", False), (2, "", True), (3, "在线缴费", False), (4, "在线缴费", True)],
)
def test_p13_is_valid_today_and_with_a_reason_for_three_days(days: int, reason: str, broken: bool) -> None:
    assert bool(found(facts(validity_days=days, validity_reason=reason), "P-13")) is broken


@pytest.mark.parametrize(("dose", "broken"), [("10", False), ("12.5", True)])
def test_p14_asks_beyond_the_highest_dose_of_a_day(dose: str, broken: bool) -> None:
    assert bool(found(facts(line(dose=dose)), "P-14")) is broken


def test_p14_counts_every_time_of_the_day() -> None:
    assert not found(facts(line(dose="5", frequency="bid")), "P-14")
    (finding,) = found(facts(line(dose="5", frequency="tid")), "P-14")
    assert finding.reduce_to == Decimal("2.5")  # 10 mg in three times, in halves of 5 mg


def test_p14_counts_a_dose_every_other_day_as_the_dose_of_that_day() -> None:
    assert not found(facts(line(dose="10", frequency="qod")), "P-14")
    assert found(facts(line(dose="15", frequency="qod")), "P-14")


@pytest.mark.parametrize(("frequency", "broken"), [("qw", False), ("biw", True)])
def test_p14_knows_limits_of_a_week(frequency: str, broken: bool) -> None:
    weekly: dict[str, Any] = {"dose_per_unit": Decimal(70), "max_dose": Decimal(70), "max_dose_days": 7}
    assert bool(found(facts(line(dose="70", frequency=frequency, **weekly)), "P-14")) is broken


def test_p14_needs_a_reason_and_a_second_signature() -> None:
    (finding,) = found(facts(line(dose="15")), "P-14")
    assert finding.severity is Severity.GRAVE
    assert not is_kept(finding, {})
    assert not is_kept(finding, {finding.key: Kept(" ", signs_again=True)})
    assert not is_kept(finding, {finding.key: Kept("血压未达标")})
    assert is_kept(finding, {finding.key: Kept("血压未达标", signs_again=True)})


def test_p14_says_when_the_catalogue_holds_no_limit() -> None:
    (finding,) = found(facts(line(max_dose=None)), "P-14")
    assert finding.severity is Severity.WARN


@pytest.mark.parametrize("fields", [{"dose": "0"}, {"days": 0}, {"frequency": "sometimes"}, {"packs": 0}])
def test_p15_wants_a_complete_line(fields: dict[str, object]) -> None:
    assert found(facts(line(**fields)), "P-15")  # type: ignore[arg-type]


def test_p15_refuses_a_drug_that_left_the_catalogue() -> None:
    assert found(facts(line(is_active=False)), "P-15")


def test_p16_wants_a_diagnosis() -> None:
    assert found(facts(visit=visit(diagnoses=())), "P-16")


@pytest.mark.parametrize(("age", "broken"), [(13, True), (14, False)])
def test_p17_leaves_children_to_the_hospital(age: int, broken: bool) -> None:
    assert bool(found(facts(patient=patient(age=age)), "P-17")) is broken


@pytest.mark.parametrize(
    ("title", "years", "broken"), [("234", 3, False), ("231", 2, True), ("243", 20, True), ("251", 20, True)]
)
def test_p18_wants_a_physician_of_three_years(title: str, years: int, broken: bool) -> None:
    given = facts(visit=visit(prescriber_title=title, prescriber_years=years))
    assert bool(found(given, "P-18")) is broken


def test_h01_wants_a_price_of_today() -> None:
    (finding,) = found(facts(line(price=None)), "H-01")
    assert finding.severity is Severity.BLOCK


@pytest.mark.parametrize(("available", "broken"), [(1, False), (0, True)])
def test_h01_wants_the_packs_in_stock(available: int, broken: bool) -> None:
    assert bool(found(facts(line(available=available)), "H-01")) is broken


@pytest.mark.parametrize(
    ("dose", "halves", "broken"),
    [("5", False, False), ("2.5", False, True), ("2.5", True, False), ("1.25", True, True)],
)
def test_h02_wants_whole_units_or_halves_of_what_may_be_halved(dose: str, halves: bool, broken: bool) -> None:
    assert bool(found(facts(line(dose=dose, is_divisible=halves)), "H-02")) is broken


@pytest.mark.parametrize(("packs", "broken"), [(1, False), (2, True)])
def test_h03_lets_no_packs_pass_beyond_what_the_days_need(packs: int, broken: bool) -> None:
    assert bool(found(facts(line(days=7, packs=packs)), "H-03")) is broken


def test_every_violation_is_found_at_once() -> None:
    given = facts(
        line(1, special_class="psychotropic_2", days=85), line(2, price=None, dose="15"),
        visit=visit(diagnoses=(), is_cleared=False), patient=patient(age=9), validity_days=4,
    )  # fmt: skip
    rules = {finding.rule for finding in check(given)}
    assert rules >= {"P-01", "P-02", "P-07", "P-08", "P-13", "P-14", "P-16", "P-17", "H-01"}


def test_every_finding_names_its_source_in_both_languages() -> None:
    given = facts(line(1, dose="15"), line(2, special_class="toxic", days=90), visit=visit(diagnoses=()))
    for finding in check(given):
        assert finding.basis.source.zh
        assert finding.basis.source.en
        assert finding.message.zh != finding.message.en
