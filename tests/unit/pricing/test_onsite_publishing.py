"""What a schedule must be before everyone reads it."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from pricing.rules.facts import DocumentFact
from pricing.rules.onsite import Part, RowFact, ScheduleFact
from pricing.rules.onsite.covering import band_violations
from pricing.rules.onsite.publishing import Publication, publication_violations, row_violations

TODAY = date(2025, 12, 25)


def base(above: str | None, up_to: str | None, **more: Any) -> RowFact:
    bounds = [None if bound is None else Decimal(bound) for bound in (above, up_to)]
    return RowFact(Part.BASE, Decimal(100), distance_above=bounds[0], distance_up_to=bounds[1], **more)


GOOD = (base("0", "3"), base("3", "5"), base("5", None))


def publication(begin: date = date(2026, 1, 1), rows: tuple[RowFact, ...] = GOOD, **more: Any) -> Publication:
    said: dict[str, Any] = {
        "schedule": ScheduleFact("330100", begin, None, "演示", rows),
        "document": DocumentFact("演示", "330100", "D", date(2026, 1, 1), None),
        "institution_region": "330100",
        "institution_is_demonstration": True,
        "item_category": "onsite_fee",
        "item_region": "000000",
        "notice_days": 7,
    }
    return Publication(**{**said, **more})


def rules(asked: Publication, today: date = TODAY) -> list[tuple[str, str]]:
    return [(one.rule, one.field) for one in publication_violations(asked, today=today)]


def test_a_whole_schedule_with_seven_days_of_notice_may_be_published() -> None:
    assert rules(publication()) == []


def test_six_days_of_notice_are_too_few() -> None:
    assert rules(publication(), today=date(2025, 12, 26)) == [("PR-52", "begins_on")]


def test_the_days_of_notice_are_a_setting() -> None:
    assert rules(publication(notice_days=0), today=date(2026, 1, 1)) == []
    assert rules(publication(notice_days=30)) == [("PR-52", "begins_on")]


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (DocumentFact("x", "330100", "D", date(2026, 2, 1), None), "document"),
        (DocumentFact("x", "330200", "D", date(2026, 1, 1), None), "document"),
        (DocumentFact("x", "330100", "A", date(2026, 1, 1), None), "document"),
        (DocumentFact("x", "330100", "D", date(2026, 1, 1), date(2027, 1, 1)), "last_on"),
    ],
    ids=["not yet in force", "elsewhere", "real for an invented hospital", "ends before the fee"],
)
def test_the_fee_rests_on_a_document_of_the_hospital(document: DocumentFact, field: str) -> None:
    assert rules(publication(document=document)) == [("PR-54", field)]


def test_only_an_on_site_item_listed_here_carries_the_fee() -> None:
    assert rules(publication(item_category="nursing")) == [("PR-54", "item")]
    assert rules(publication(item_region="310000")) == [("PR-54", "item")]


def test_the_served_region_lies_in_the_province_of_the_hospital() -> None:
    asked = publication()
    elsewhere = replace(asked, schedule=replace(asked.schedule, area_region_code="310000"))
    assert rules(elsewhere) == [("PR-54", "area_region_code")]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((base("0", "3"), base("2", "5")), "Rows 1 and 2 hold"),
        ((base("0", "3"), base("5", None)), "between 3 and 5 km"),
        ((base("1", "3"),), "between 0 and 1 km"),
        ((base("3", "3"),), "Row 1"),
        ((base("0", "3"), base(None, None, title="253")), "Rows 1 and 2 hold"),
        ((base("0", None, title="253"), base("0", None, title="253")), "Rows 1 and 2 hold"),
        ((base("0", "3", title="253"), base("5", None, title="253")), "between 3 and 5 km"),
        ((base(None, None, minutes_up_to=30), base(None, None, minutes_above=60)), "between 30 and 60 minutes"),
        ((base(None, None, minutes_up_to=30), base(None, None, minutes_above=20)), "Rows 1 and 2 hold"),
    ],
)  # fmt: skip
def test_bands_neither_overlap_nor_leave_a_gap(rows: tuple[RowFact, ...], said: str) -> None:
    with override("en"):
        found = list(band_violations(rows))
        assert said in " ".join(str(one.message) for one in found)
    assert {one.rule for one in found} == {"PR-53"}


@pytest.mark.parametrize(
    "rows",
    [
        GOOD,
        (base(None, None),),
        (base("0", "3"), base("3", None), base("0", "3", title="252"), base("3", None, title="252")),
        (base("0", "3", minutes_up_to=60), base("3", "9", minutes_up_to=60), base("0", "9", minutes_above=60)),
        (base(None, None), base("5", None)),
        (base("0", "3"), base(None, None, title="253"), base("0", "3", title="253")),
    ],
    ids=["bands", "one", "by title", "by time", "dearer from 5 km", "the third row settles two"],
)  # fmt: skip
def test_bands_that_cover_every_visit_once_pass(rows: tuple[RowFact, ...]) -> None:
    assert list(band_violations(rows)) == []


def test_two_nights_overlap_only_where_they_share_a_moment() -> None:
    def night(begin: int, end: int) -> RowFact:
        return RowFact(Part.NIGHT, Decimal(10), begins_at=time(begin), ends_at=time(end))

    assert list(band_violations((night(20, 0), night(0, 6)))) == []
    assert list(band_violations((night(20, 2), night(1, 6))))


@pytest.mark.parametrize(
    "rows",
    [
        (RowFact(Part.HOLIDAY, Decimal(10)),),
        (*GOOD, RowFact(Part.NIGHT, Decimal(10), begins_at=time(20), ends_at=time(20))),
        (*GOOD, RowFact(Part.FURTHER_TIME, Decimal(10), minutes_above=60, minutes_up_to=90, unit_minutes=30)),
        (*GOOD, RowFact(Part.HOLIDAY, Decimal(10), begins_at=time(20), ends_at=time(8))),
        (*GOOD, RowFact(Part.HOLIDAY, Decimal(10), unit_minutes=30)),
    ],
    ids=["no base", "a night of no length", "further time ends", "times of a holiday", "pieces of a holiday"],
)
def test_a_row_says_what_its_part_needs_and_no_more(rows: tuple[RowFact, ...]) -> None:
    assert [one.rule for one in row_violations(rows)] == ["PR-57"]
