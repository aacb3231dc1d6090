"""Policy switches: which services need opening, by which documents, and when they close."""

from datetime import date

import pytest

from kernel.period import Period
from pricing.rules.facts import DocumentFact, OpeningFact
from pricing.rules.kinds import Service
from pricing.rules.opening import again_violations, closing_violations, opening_violations

DOCUMENT = DocumentFact("演卫医发〔2026〕1号", "330000", "D", date(2026, 1, 1), date(2027, 1, 1))
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
FIRST_VISIT = OpeningFact(Service.FIRST_VISIT, "330000", date(2026, 3, 1), date(2026, 9, 1), "演", "D")
TODAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("service", "region", "period", "field"),
    [
        (Service.ONLINE_REVISIT, "330000", YEAR, "service"),
        (Service.FIRST_VISIT, "310000", YEAR, "document"),
        (Service.FIRST_VISIT, "330000", Period(date(2025, 12, 31), date(2026, 6, 1)), "begins_on"),
        (Service.FIRST_VISIT, "330000", Period(date(2027, 1, 1)), "begins_on"),
        (Service.PHARMACY_CLINIC, "330000", Period(date(2026, 6, 1)), "last_on"),
    ],
    ids=["is open anyway", "elsewhere", "before it", "after it", "longer than it"],
)
def test_a_service_is_opened_by_a_document_in_force_there_and_then(
    service: Service, region: str, period: Period, field: str
) -> None:
    found = list(opening_violations(service, region, DOCUMENT, period))
    assert [(one.rule, one.field) for one in found] == [("PR-62", field)]


def test_a_document_of_the_province_opens_a_city() -> None:
    assert list(opening_violations(Service.FIRST_VISIT, "330100", DOCUMENT, YEAR)) == []


@pytest.mark.parametrize(("begin", "is_refused"), [(date(2026, 8, 31), True), (date(2026, 9, 1), False)])
def test_one_document_at_a_time_opens_a_service(begin: date, is_refused: bool) -> None:
    found = list(again_violations(Period(begin), [FIRST_VISIT]))
    assert [one.rule for one in found] == (["PR-63"] if is_refused else [])


@pytest.mark.parametrize(
    ("from_on", "is_refused"),
    [(date(2026, 3, 16), True), (date(2026, 3, 17), False), (date(2026, 9, 1), True)],
)
def test_what_is_open_closes_tomorrow_at_the_earliest_and_once(from_on: date, is_refused: bool) -> None:
    found = list(closing_violations(FIRST_VISIT, from_on=from_on, today=TODAY))
    assert [(one.rule, one.field) for one in found] == ([("PR-64", "from_on")] if is_refused else [])


def test_what_has_not_begun_can_be_taken_back_today() -> None:
    assert list(closing_violations(FIRST_VISIT, from_on=date(2026, 2, 1), today=date(2026, 2, 1))) == []
