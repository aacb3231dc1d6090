"""One price for a scope on a day, and facts that never change, kept by the database itself."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import ProtectedError

from kernel.period import Period
from pricing.models import SCOPE, TERMS, Price, TariffDocument
from pricing.operations.restating import end_all, restate, retract
from registry.models import Institution
from tests.factories.pricing import PriceFactory, TariffDocumentFactory

pytestmark = pytest.mark.django_db

LATER = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)
FIRST_HALF = DateRange(date(2026, 1, 1), date(2026, 7, 1))


def test_two_prices_of_one_scope_cannot_share_a_day() -> None:
    first = PriceFactory(effective=FIRST_HALF)
    with pytest.raises(IntegrityError, match="price_one_in_force"):
        PriceFactory(item=first.item, effective=DateRange(date(2026, 6, 30), None))


def test_one_price_may_begin_on_the_day_the_other_ends() -> None:
    first = PriceFactory(effective=FIRST_HALF)
    PriceFactory(item=first.item, effective=DateRange(date(2026, 7, 1), None))
    in_force = Price.objects.filter(item=first.item).in_force_on(date(2026, 7, 1))
    assert in_force.count() == 1
    assert in_force.get().effective.lower == date(2026, 7, 1)


@pytest.mark.parametrize(
    "other",
    [{"region_code": "330100"}, {"institution_level": 2}, {"institution_level": None}, {"title": "231"}],
)
def test_prices_of_different_scopes_may_hold_together(other: dict[str, object]) -> None:
    first = PriceFactory()
    PriceFactory(item=first.item, **other)
    assert Price.objects.filter(item=first.item).count() == 2


def test_the_institutions_own_price_may_stand_beside_the_common_one_but_only_once(
    hospital: Institution,
) -> None:
    common = PriceFactory()
    PriceFactory(item=common.item, institution=hospital)
    with pytest.raises(IntegrityError, match="price_one_in_force"):
        PriceFactory(item=common.item, institution=hospital)


def test_scopes_without_level_or_title_are_compared_too() -> None:
    first = PriceFactory(institution_level=None)
    with pytest.raises(IntegrityError, match="price_one_in_force"):
        PriceFactory(item=first.item, institution_level=None)


def test_an_overlap_is_said_in_words_before_the_database_refuses_it() -> None:
    first = PriceFactory(effective=FIRST_HALF)
    second = PriceFactory.build(item=first.item, document=first.document, effective=FIRST_HALF)
    with pytest.raises(ValidationError) as refused:
        second.validate_constraints()
    assert len(refused.value.messages) == 1
    assert refused.value.messages[0] != ""


@pytest.mark.parametrize("effective", [DateRange(None, date(2026, 7, 1)), DateRange(empty=True)])
def test_a_price_without_a_first_day_is_refused(effective: DateRange) -> None:
    with pytest.raises(IntegrityError, match="price_begins"):
        PriceFactory(effective=effective)


def test_a_negative_price_is_refused() -> None:
    with pytest.raises(IntegrityError, match="price_not_negative"):
        PriceFactory(amount=Decimal("-0.01"))


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": Decimal("9.00")},
        {"title": "231"},
        {"insurance_class": "02"},
        {"effective": DateRange(date(2025, 1, 1), None)},
    ],
)
def test_not_even_an_update_in_bulk_changes_what_a_price_says(changed: dict[str, object]) -> None:
    price = PriceFactory()
    with pytest.raises(InternalError), transaction.atomic():
        Price.objects.filter(pk=price.pk).update(**changed)
    price.refresh_from_db()
    assert (price.amount, price.effective.lower) == (Decimal(10), date(2026, 1, 1))


def test_a_price_ends_by_being_retracted_and_said_anew() -> None:
    price = PriceFactory()
    shorter = restate(price, Period(date(2026, 1, 1), date(2027, 1, 1)), at=LATER)
    assert list(Price.objects.known()) == [shorter]
    assert list(Price.objects.known(LATER - timedelta(days=1))) == [price]
    assert shorter.amount == price.amount
    assert shorter.effective.upper == date(2027, 1, 1)


def test_many_prices_end_at_once_as_each_of_them_would() -> None:
    rows = [PriceFactory(bands=[], condition="乳牙", cap_amount=Decimal(7280)), PriceFactory(title="231")]
    assert end_all(Price.objects.known(), date(2027, 1, 1), at=LATER) == 2
    known = Price.objects.known().order_by("pk")
    assert [row.effective.upper for row in known] == [date(2027, 1, 1)] * 2
    said = (*SCOPE, *TERMS)
    for old, new in zip(rows, known, strict=True):
        assert {name: getattr(new, name) for name in said} == {name: getattr(old, name) for name in said}
        assert (new.item, new.document, new.recorded_at) == (old.item, old.document, LATER)


def test_what_was_retracted_stays_retracted() -> None:
    price = PriceFactory()
    retract(price, at=LATER)
    with pytest.raises(InternalError), transaction.atomic():
        Price.objects.filter(pk=price.pk).update(retracted_at=None)


def test_a_document_that_sets_a_price_cannot_be_deleted() -> None:
    price = PriceFactory()
    with pytest.raises(ProtectedError):
        price.document.delete()


def test_a_document_is_a_demonstration_exactly_when_its_evidence_says_invented() -> None:
    invented, real = TariffDocumentFactory(), TariffDocumentFactory(evidence="B")
    marked = dict(TariffDocument.objects.values_list("pk", "is_demonstration"))
    assert marked == {invented.pk: True, real.pk: False}


def test_the_search_uses_its_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT id FROM pricing_priceitem WHERE search_key LIKE '%%menzhen%%'")
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "price_item_search" in plan
