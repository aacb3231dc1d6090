"""The life of proposed prices: two people, one law, nothing lost."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pricing.errors import RowRefused
from pricing.models import Price
from pricing.states import RevisionState
from tests.factories import revisions as made
from tests.factories.pricing import PriceFactory, PriceItemFactory
from tests.factories.revisions import AT, KINDS, NEW_YEAR
from tests.integration.pricing.refusals import known, rules_of

pytestmark = pytest.mark.django_db


def test_a_price_goes_from_draft_to_law_through_two_people() -> None:
    old = PriceFactory()
    revision = made.published(made.row(old.item))
    assert revision.state == RevisionState.PUBLISHED
    assert revision.reviewed_by != revision.drafted_by
    assert known(old) == [
        (Decimal(10), date(2026, 1, 1), NEW_YEAR),
        (Decimal("12.5"), NEW_YEAR, None),
    ]
    old.refresh_from_db()
    assert (old.retracted_at, old.effective.upper) == (AT, None)
    new = revision.rows.get().became
    assert (new.document, new.recorded_at) == (revision.document, AT)


def test_what_was_known_before_can_still_be_asked() -> None:
    old = PriceFactory()
    made.published(made.row(old.item))
    before = Price.objects.known(AT - timedelta(seconds=1)).filter(effective__contains=NEW_YEAR)
    assert [price.pk for price in before] == [old.pk]


def test_numbers_of_a_day_follow_each_other() -> None:
    by = made.drafter()
    assert [made.draft(by=by).number for _each in range(2)] == ["TJ20261120-001", "TJ20261120-002"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_amount_can_be_drafted_and_published(kind: str) -> None:
    item, base = PriceItemFactory(), PriceItemFactory()
    base_item = base if kind == "percentage" else None
    columns = {"amount": None, **KINDS[kind], "base_item": base_item}
    revision = made.published(made.row(item, **columns))
    price = revision.rows.get().became
    assert {name: getattr(price, name) for name in columns} == columns


@pytest.mark.parametrize(
    ("columns", "column"),
    [
        ({"amount": None}, "amount"),
        ({"amount": Decimal("-0.01")}, "amount"),
        ({"amount": Decimal("1.0000001")}, "amount"),
        ({"rate": Decimal("0.3")}, "rate"),
        ({**KINDS["range"], "amount": None, "maximum_amount": Decimal(99)}, "maximum_amount"),
        ({**KINDS["ceiling"], "amount": None, "maximum_amount": None}, "maximum_amount"),
        ({**KINDS["percentage"], "amount": None, "rate": None}, "rate"),
        ({**KINDS["tiered"], "amount": None, "bands": []}, "bands"),
        (
            {**KINDS["tiered"], "amount": None, "bands": [{"above": "3", "up_to": "3", "amount": "1"}]},
            "bands",
        ),
        ({**KINDS["base_and_further"], "further_amount": None}, "further_amount"),
        ({**KINDS["base_and_further"], "included_quantity": Decimal(0)}, "included_quantity"),
        ({**KINDS["hourly"], "amount": None}, "amount"),
        ({"period_cap_amount": Decimal(96)}, "period_cap_days"),
        ({"age_from": 7, "age_to": 6}, "age_to"),
        ({"institution_level": 4}, "institution_level"),
        ({"region_code": "33"}, "region_code"),
        ({"self_pay_rate": Decimal("1.1")}, "self_pay_rate"),
    ],
)
def test_a_row_that_does_not_say_what_its_kind_needs_is_refused_at_its_column(
    columns: dict[str, Any], column: str
) -> None:
    by = made.drafter()
    revision = made.draft(by=by)
    with pytest.raises(RowRefused) as found:
        made.put(revision, made.row(**columns), by=by)
    assert [violation.field for violation in found.value.violations] == [column]
    assert rules_of(found.value) <= {"PR-78", "PR-79"}
    assert revision.rows.count() == 0
