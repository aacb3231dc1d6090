"""PR-11 to PR-14: a change of price never reaches back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pricing.rules.changing import change_violations, withdrawal_violations
from pricing.rules.facts import DocumentFact
from tests.unit.pricing.builders import price

TODAY = date(2026, 3, 16)
OLD = price("10", begin=date(2026, 1, 1), end=date(2027, 1, 1))
DOCUMENT = DocumentFact("乙", "330000", "A", date(2026, 1, 1), None)


def broken(
    *, amount: str = "12", from_on: date = date(2026, 7, 1), document: DocumentFact = DOCUMENT
) -> set[str]:
    found = change_violations(OLD, document, amount=Decimal(amount), from_on=from_on, today=TODAY)
    return {f"{each.rule} {each.field}" for each in found}


def test_a_new_amount_from_a_day_to_come_is_allowed() -> None:
    assert broken() == set()
    assert broken(amount="0") == set()


@pytest.mark.parametrize("amount", ["-0.01", "0.0000001", "NaN", "Infinity", "10.00"])
def test_pr_11_an_amount_that_is_none_or_unchanged_is_refused(amount: str) -> None:
    assert broken(amount=amount) == {"PR-11 amount"}


@pytest.mark.parametrize(
    ("from_on", "allowed"),
    [
        (date(2026, 3, 15), False),
        (date(2026, 3, 16), False),
        (date(2026, 3, 17), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_pr_12_the_day_is_to_come_and_within_the_old_period(from_on: date, allowed: bool) -> None:
    assert broken(from_on=from_on) == (set() if allowed else {"PR-12 from_on"})


def test_pr_12_a_price_cannot_end_on_its_own_first_day() -> None:
    coming = replace(OLD, begin=date(2026, 7, 1))
    found = change_violations(coming, DOCUMENT, amount=Decimal(12), from_on=date(2026, 7, 1), today=TODAY)
    assert [each.rule for each in found] == ["PR-12"]


@pytest.mark.parametrize(
    "changed",
    [
        {"begin": date(2026, 7, 2)},
        {"end": date(2026, 7, 1)},
        {"region_code": "310000"},
        {"evidence_grade": "D"},
    ],
)
def test_pr_13_the_document_covers_day_and_region_and_is_as_real_as_the_price(
    changed: dict[str, object],
) -> None:
    assert broken(document=replace(DOCUMENT, **changed)) == {"PR-13 document"}  # type: ignore[arg-type]


def test_all_violations_are_told_at_once() -> None:
    wrong = replace(DOCUMENT, region_code="310000")
    assert broken(amount="-1", from_on=TODAY, document=wrong) == {
        "PR-11 amount",
        "PR-12 from_on",
        "PR-13 document",
    }


@pytest.mark.parametrize(("begin", "allowed"), [(date(2026, 3, 16), False), (date(2026, 3, 17), True)])
def test_pr_14_only_a_price_that_has_not_begun_is_taken_back(begin: date, allowed: bool) -> None:
    found = list(withdrawal_violations(replace(OLD, begin=begin), today=TODAY))
    assert (found == []) is allowed
