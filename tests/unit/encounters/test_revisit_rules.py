"""V-02, V-03, V-04, V-07, V-12: when an online visit is a re-diagnosis."""

from datetime import date, timedelta

import pytest

from encounters.rules import (
    ProofFacts,
    complaint_violations,
    consent_violations,
    disease_violations,
    pinyin_key,
    proof_violations,
)
from kernel.errors import Violation

TODAY = date(2026, 11, 20)
PHONE = "400-000-0000"


def found(proof: ProofFacts | None, *, known: str = "I10", days: int = 180) -> list[Violation]:
    return proof_violations(known_category=known, proof=proof, on=TODAY, window_days=days, phone=PHONE)


def paper(age: int = 60, category: str = "I10", *, is_there: bool = True) -> ProofFacts:
    return ProofFacts(category, TODAY - timedelta(days=age), "outpatient_record", is_there)


def rules_of(violations: list[Violation]) -> list[str]:
    return [violation.rule for violation in violations]


def test_a_recent_paper_of_the_same_disease_proves_a_revisit() -> None:
    assert found(paper()) == []


def test_without_proof_it_is_a_first_visit() -> None:
    assert rules_of(found(None)) == ["V-02"]


@pytest.mark.parametrize(
    ("age", "broken"), [(0, []), (1, []), (179, []), (180, []), (181, ["V-12"]), (300, ["V-12"])]
)
def test_a_paper_serves_for_180_days_the_last_included(age: int, broken: list[str]) -> None:
    assert rules_of(found(paper(age))) == broken


def test_the_hospital_sets_the_window() -> None:
    assert rules_of(found(paper(91), days=90)) == ["V-12"]
    assert found(paper(90), days=90) == []


def test_a_diagnosis_of_tomorrow_is_refused() -> None:
    violations = found(paper(-1))
    assert rules_of(violations) == ["V-12"]
    assert violations[0].field == "diagnosed_on"


def test_another_disease_is_not_a_revisit() -> None:
    assert rules_of(found(paper(category="E11"))) == ["V-03"]


def test_a_finer_code_of_the_same_category_is_the_same_disease() -> None:
    assert found(paper(category="I10.x03"), known="I10.x00x002") == []


def test_a_statement_without_paper_is_no_proof() -> None:
    violations = found(paper(is_there=False))
    assert rules_of(violations) == ["V-04"]
    assert violations[0].field == "files"


def test_every_broken_rule_is_named_at_once() -> None:
    assert rules_of(found(paper(181, "E11", is_there=False))) == ["V-03", "V-04", "V-12"]


@pytest.mark.parametrize("proof", [None, paper(181), paper(category="E11")])
def test_who_is_refused_reads_where_to_go_and_whom_to_call(proof: ProofFacts | None) -> None:
    assert PHONE in str(found(proof)[0].way_on)


@pytest.mark.parametrize("proof", [None, paper(181), paper(category="E11"), paper(is_there=False)])
def test_every_refusal_names_its_source_and_field(proof: ProofFacts | None) -> None:
    assert all(violation.source and violation.field for violation in found(proof))


def test_a_disease_that_needs_care_at_once_is_refused() -> None:
    assert disease_violations(is_open_online=True, phone=PHONE) == []
    (violation,) = disease_violations(is_open_online=False, phone=PHONE)
    assert violation.rule == "V-07"
    assert "120" in str(violation.way_on)
    assert PHONE in str(violation.way_on)


@pytest.mark.parametrize(
    ("complaint", "allergies", "fields"),
    [
        ("血压高了", "无", []),
        ("血压高", "无", ["complaint"]),
        ("血压高了", "", ["allergies"]),
        ("", "", ["complaint", "allergies"]),
        ("血" * 500, "无", []),
        ("血" * 501, "无", ["complaint"]),
    ],
)
def test_a_complaint_has_4_to_500_characters_and_allergies_are_said(
    complaint: str, allergies: str, fields: list[str]
) -> None:
    violations = complaint_violations(complaint=complaint, allergies=allergies, current_medicines="")
    assert [violation.field for violation in violations] == fields


def test_without_consent_nothing_goes_on() -> None:
    assert rules_of(consent_violations(is_signed=False)) == ["C-01"]
    assert consent_violations(is_signed=True) == []


def test_names_are_found_by_initials_and_full_pinyin() -> None:
    assert pinyin_key("高血压", "血压高") == "gxy gaoxueya xyg xueyagao"
