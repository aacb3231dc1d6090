"""A price change starts on a day and never changes an old bill."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import User
from audit.models import AuditEntry
from pricing.models import Price, TariffDocument
from pricing.operations import PriceChangeRefused, change_price, withdraw_price
from pricing.queries import quote_for
from pricing.rules import ServiceLine
from pricing.rules.codes import ORDINARY_OUTPATIENT
from registry.models import Institution
from tests.factories.pricing import PriceFactory, PriceItemFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)
FROM = date(2026, 7, 1)


@pytest.fixture
def clerk() -> User:
    return User.objects.create_user("clerk", is_staff=True)


@pytest.fixture
def price() -> Price:
    row: Price = PriceFactory()
    return row


def change(price: Price, clerk: User, *, amount: str = "12.00", from_on: date = FROM) -> Price:
    return change_price(
        price_id=price.pk,
        amount=Decimal(amount),
        from_on=from_on,
        document_id=price.document_id,
        by=clerk,
        at=AT,
    )


def cost(price: Price, hospital: Institution, day: date) -> Decimal:
    line = ServiceLine("1", price.item.code, Decimal(1))
    return quote_for(lines=[line], institution=hospital, service_on=day).total


def test_the_old_price_holds_until_the_day_before_and_the_new_one_from_the_day(
    price: Price, clerk: User, hospital: Institution
) -> None:
    change(price, clerk)
    assert cost(price, hospital, date(2026, 6, 30)) == Decimal("10.00")
    assert cost(price, hospital, FROM) == Decimal("12.00")


def test_the_old_row_stays_as_it_was_known_until_the_change(price: Price, clerk: User) -> None:
    change(price, clerk)
    old = Price.objects.get(pk=price.pk)
    assert (old.amount, old.effective.upper, old.retracted_at) == (Decimal(10), None, AT)
    before = Price.objects.known(AT - timedelta(seconds=1))
    assert list(before) == [price]
    ends = {(row.amount, row.effective.lower, row.effective.upper) for row in Price.objects.known()}
    assert ends == {(Decimal(10), date(2026, 1, 1), FROM), (Decimal(12), FROM, None)}


def test_the_new_price_has_scope_class_and_end_of_the_old_one(clerk: User) -> None:
    price = PriceFactory(
        title="231", insurance_class="02", effective=DateRange(date(2026, 1, 1), date(2028, 1, 1))
    )
    new = change(price, clerk)
    assert (new.title, new.institution_level, new.insurance_class) == ("231", 3, "02")
    assert (new.effective.lower, new.effective.upper) == (FROM, date(2028, 1, 1))


def test_both_rows_say_who_changed_them(price: Price, clerk: User) -> None:
    new = change(price, clerk)
    entries = AuditEntry.objects.filter(subject_type="pricing.price")
    assert {(entry.action, entry.subject_id, entry.by) for entry in entries} == {
        ("pricing.price.ended", str(price.pk), clerk),
        ("pricing.price.begun", str(new.pk), clerk),
    }


@pytest.mark.parametrize(
    ("amount", "from_on", "field"), [("12", date(2026, 3, 16), "from_on"), ("-1", FROM, "amount")]
)
def test_a_refused_change_changes_nothing(
    price: Price, clerk: User, amount: str, from_on: date, field: str
) -> None:
    with pytest.raises(PriceChangeRefused) as refused:
        change(price, clerk, amount=amount, from_on=from_on)
    assert [violation.field for violation in refused.value.violations] == [field]
    assert Price.objects.get().effective.upper is None


def test_changing_twice_from_the_same_day_is_refused(price: Price, clerk: User) -> None:
    change(price, clerk)
    shortened = Price.objects.known().get(effective__startswith=date(2026, 1, 1))
    with pytest.raises(PriceChangeRefused):
        change(shortened, clerk, amount="13.00")
    assert Price.objects.known().count() == 2


def test_a_row_that_is_no_longer_known_cannot_be_changed(price: Price, clerk: User) -> None:
    change(price, clerk)
    with pytest.raises(Price.DoesNotExist):
        change(price, clerk, amount="13.00")


def test_a_price_to_come_can_be_taken_back_and_the_one_before_goes_on(
    price: Price, clerk: User, hospital: Institution
) -> None:
    new = change(price, clerk)
    before = withdraw_price(price_id=new.pk, by=clerk, at=AT)
    assert cost(price, hospital, FROM) == Decimal("10.00")
    (known,) = Price.objects.known()
    assert known == before
    assert (known.amount, known.effective.lower, known.effective.upper) == (
        Decimal(10),
        date(2026, 1, 1),
        None,
    )


def test_a_price_that_has_begun_cannot_be_taken_back(price: Price, clerk: User) -> None:
    with pytest.raises(PriceChangeRefused):
        withdraw_price(price_id=price.pk, by=clerk, at=AT)
    assert Price.objects.count() == TariffDocument.objects.count() == 1


def test_pr_80_the_ordinary_price_is_not_changed_alone_where_an_online_one_is_listed(clerk: User) -> None:
    ordinary = PriceFactory(item=PriceItemFactory(code=ORDINARY_OUTPATIENT))
    online = PriceFactory(item=PriceItemFactory(service="online_revisit"))
    for price in (ordinary, online):
        with pytest.raises(PriceChangeRefused) as refused:
            change(price, clerk)
        assert [(found.rule, found.field) for found in refused.value.violations] == [("PR-80", "amount")]
    assert Price.objects.known().count() == 2


def test_pr_81_an_own_price_is_not_raised_above_the_regulators(clerk: User, hospital: Institution) -> None:
    common = PriceFactory()
    own = PriceFactory(item=common.item, institution=hospital, amount=Decimal(9))
    with pytest.raises(PriceChangeRefused) as refused:
        change(own, clerk, amount="10.01")
    assert [found.rule for found in refused.value.violations] == ["PR-81"]
    assert change(own, clerk, amount="10").amount == 10


def test_pr_11_a_price_that_is_not_one_amount_is_changed_by_a_revision(clerk: User) -> None:
    ranged = PriceFactory(kind="range", amount=None, minimum_amount=Decimal(1), maximum_amount=Decimal(2))
    with pytest.raises(PriceChangeRefused) as refused:
        change(ranged, clerk)
    assert [found.rule for found in refused.value.violations] == ["PR-11"]
