"""PR-45 and PR-46: what a charging rule must say, and when it may begin and end."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kernel.period import Period
from pricing.rules.charge_rule_terms import RuleTerms, end_violations, terms_violations
from pricing.rules.facts import DocumentFact
from pricing.rules.kinds import RuleKind, Window

TODAY = date(2026, 3, 16)
DOCUMENT = DocumentFact("某医保发〔2026〕1号", "330000", "A", date(2026, 1, 1), date(2027, 1, 1))
TERMS = RuleTerms(
    kind=RuleKind.EXCLUSION,
    window=Window.DAY,
    window_length=None,
    limit_quantity=None,
    limit_amount=None,
    region_code="330100",
    period=Period(TODAY),
    subjects=frozenset({"A"}),
    partners=frozenset({"B"}),
)


def refused(**changed: Any) -> list[tuple[str, str]]:
    found = terms_violations(replace(TERMS, **changed), DOCUMENT, today=TODAY)
    return [(violation.rule, violation.field) for violation in found]


NO_PARTNERS: frozenset[str] = frozenset()
COUNT = {"kind": RuleKind.FREQUENCY, "partners": NO_PARTNERS, "limit_quantity": Decimal(1)}
TOTAL = {"kind": RuleKind.DAILY_TOTAL, "partners": NO_PARTNERS, "limit_amount": Decimal(0)}


@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"partners": NO_PARTNERS, "subjects": frozenset({"A", "B"})},
        {"kind": RuleKind.NEEDS_ANOTHER},
        COUNT,
        {**COUNT, "kind": RuleKind.SHARED_QUOTA},
        TOTAL,
        {"window": Window.DAYS, "window_length": 366},
        {"window": Window.HOURS, "window_length": 1},
    ],
)
def test_pr_45_a_rule_that_says_what_its_kind_needs_is_recorded(terms: dict[str, Any]) -> None:
    assert refused(**terms) == []


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"subjects": NO_PARTNERS, "partners": frozenset({"A", "B"})}, "subjects"),
        ({"partners": NO_PARTNERS}, "partners"),
        ({"partners": frozenset({"A"})}, "partners"),
        ({"kind": RuleKind.NEEDS_ANOTHER, "partners": NO_PARTNERS}, "partners"),
        ({**COUNT, "partners": frozenset({"B"})}, "partners"),
        ({**COUNT, "limit_quantity": None}, "limit_quantity"),
        ({**COUNT, "limit_quantity": Decimal(0)}, "limit_quantity"),
        ({**COUNT, "limit_amount": Decimal(5)}, "limit_amount"),
        ({**TOTAL, "limit_amount": None}, "limit_amount"),
        ({**TOTAL, "limit_amount": Decimal(-1)}, "limit_amount"),
        ({**TOTAL, "limit_quantity": Decimal(1)}, "limit_quantity"),
        ({"limit_quantity": Decimal(1)}, "limit_quantity"),
        ({"window": Window.DAYS}, "window_length"),
        ({"window": Window.DAYS, "window_length": 367}, "window_length"),
        ({"window": Window.HOURS, "window_length": 0}, "window_length"),
        ({"window": Window.VISIT, "window_length": 3}, "window_length"),
    ],
)
def test_pr_45_too_little_or_too_much_is_refused_beside_the_field(terms: dict[str, Any], field: str) -> None:
    assert refused(**terms) == [("PR-45", field)]


def test_pr_46_a_rule_begins_today_at_the_earliest() -> None:
    assert refused(period=Period(TODAY - timedelta(days=1))) == [("PR-46", "begins_on")]


def test_pr_13_its_document_is_in_force_there_and_then_and_real_as_its_items() -> None:
    assert refused(region_code="110000") == [("PR-13", "document")]
    assert refused(period=Period(date(2027, 1, 1))) == [("PR-13", "document")]
    assert refused(invented_items=frozenset({"A"})) == [("PR-13", "subjects")]


@pytest.mark.parametrize(
    ("from_on", "refused"),
    [
        (TODAY, True),
        (TODAY + timedelta(days=1), False),
        (date(2026, 12, 31), False),
        (date(2027, 1, 1), True),
        (date(2026, 1, 1), True),
    ],
)
def test_pr_46_a_rule_in_force_ends_today_at_the_earliest_and_never_later_than_it_does(
    from_on: date, refused: bool
) -> None:
    period = Period(date(2026, 1, 1), date(2026, 12, 31))
    assert bool(list(end_violations(period, from_on=from_on, today=TODAY))) is refused


def test_pr_46_a_rule_to_come_holds_one_day_at_least() -> None:
    coming = Period(TODAY + timedelta(days=10))
    assert list(end_violations(coming, from_on=TODAY + timedelta(days=10), today=TODAY))
    assert not list(end_violations(coming, from_on=TODAY + timedelta(days=11), today=TODAY))
