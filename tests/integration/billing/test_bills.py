"""A charge is frozen, and who pays what always sums to it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from audit.models import AuditEntry
from billing.models import Bill, BillPurpose, FeeDetail
from billing.operations import open_bill, refund_bill, settle_bill, state_parts, void_bill
from billing.rules import Parts
from kernel import clock
from kernel.workflow import IllegalTransition
from pricing.operations import change_price
from pricing.queries import quote_for
from pricing.rules import Quote, ServiceLine
from tests.factories import billing as factories
from tests.factories.encounters import AT, EncounterFactory
from tests.factories.pricing import PriceFactory, TariffDocumentFactory

pytestmark = pytest.mark.django_db
D = Decimal


def parts(fund: str, account: str, cash: str) -> Parts:
    """In yuan."""
    return Parts(D(fund), D(account), D(cash))


def test_a_bill_copies_everything_that_set_its_price() -> None:
    price = PriceFactory(amount=D("8.40"))
    encounter = EncounterFactory()
    quote = quote_for(
        lines=[ServiceLine("fee", price.item.code, D(2))],
        institution=encounter.institution,
        service_on=encounter.service_on,
    )
    bill = open_bill(encounter_id=encounter.pk, purpose=BillPurpose.DRUGS, quote=quote, by=None, at=AT)
    line = bill.lines.get()
    assert (line.item_code, line.name, line.unit) == (price.item.code, price.item.name, "次")
    assert (line.unit_price, line.quantity, line.amount) == (D("8.40"), D(2), D("16.80"))
    assert (line.price_id, line.document_id) == (price.pk, price.document_id)
    assert sum(D(step["amount"]) for step in line.steps) == line.unit_price
    assert (bill.total_amount, bill.state) == (D("16.80"), "open")
    assert AuditEntry.objects.get(action="billing.bill.opened").facts == {"total": "16.80"}


def test_a_bill_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="lines"):
        open_bill(
            encounter_id=EncounterFactory().pk,
            purpose=BillPurpose.DRUGS,
            quote=Quote((), D("0.00")),
            by=None,
            at=AT,
        )
    assert not Bill.objects.exists()


def test_a_price_change_does_not_alter_an_open_bill() -> None:
    bill = factories.bill()
    line = bill.lines.select_related("price__item").get()
    tomorrow = clock.day_of(AT) + timedelta(days=1)
    change_price(
        price_id=line.price_id,
        amount=D("12.00"),
        from_on=tomorrow,
        document_id=TariffDocumentFactory().pk,
        by=None,
        at=AT,
    )
    asked = [ServiceLine("fee", line.item_code, D(1))]
    now = quote_for(lines=asked, institution=bill.encounter.institution, service_on=tomorrow)
    bill.refresh_from_db()
    unchanged = bill.lines.get()
    assert now.total == D("12.00"), "who asks for tomorrow pays the new price"
    assert (bill.total_amount, unchanged.unit_price, unchanged.amount) == (D("10.00"), D("10.00"), D("10.00"))
    assert unchanged.document_id == line.document_id


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("amount", D("9.00")), ("unit_price", D("9.00")), ("quantity", D(2)), ("number", 9), ("name", "别的"),
        ("name_en", "another"), ("item_code", "X"), ("unit", "盒"), ("steps", []), ("insurance_code", "X"),
        ("insurance_class", "03"),
    ],
)  # fmt: skip
def test_the_database_refuses_to_change_what_was_charged(column: str, value: Any) -> None:
    factories.bill()
    with pytest.raises(DatabaseError), transaction.atomic():
        FeeDetail.objects.update(**{column: value})


@pytest.mark.parametrize("column", ["bill", "price", "document"])
def test_the_database_refuses_to_move_what_was_charged(column: str) -> None:
    factories.bill()
    other = factories.bill().lines.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        FeeDetail.objects.exclude(pk=other.pk).update(**{f"{column}_id": getattr(other, f"{column}_id")})


def test_the_database_refuses_to_delete_what_was_charged() -> None:
    factories.bill()
    with pytest.raises(DatabaseError), transaction.atomic():
        FeeDetail.objects.all().delete()


def test_parts_are_written_on_bill_and_lines_and_sum_on_both() -> None:
    bill = factories.bill("8.40", "16.80", "8.00")
    # The third line is not recognised: 17.64 of the fund fall on 25.20, 70 % of each line.
    state_parts(
        bill_id=bill.pk,
        parts=parts("17.64", "3.00", "12.56"),
        in_scope={1: D("8.40"), 2: D("16.80")},
    )
    bill.refresh_from_db()
    lines = list(bill.lines.all())
    assert [line.fund_amount for line in lines] == [D("5.88"), D("11.76"), D("0.00")]
    for payer in ("fund_amount", "account_amount", "cash_amount"):
        assert sum(getattr(line, payer) for line in lines) == getattr(bill, payer)
    for line in lines:
        assert sum(filter(None, (line.fund_amount, line.account_amount, line.cash_amount))) == line.amount


def test_parts_may_be_said_again() -> None:
    bill = factories.bill()
    state_parts(bill_id=bill.pk, parts=parts("7.00", "1.00", "2.00"), in_scope={1: D("10.00")})
    state_parts(bill_id=bill.pk, parts=parts("0.00", "0.00", "10.00"), in_scope={})
    assert bill.lines.get().cash_amount == D("10.00")


def test_what_the_fund_pays_beyond_the_scope_it_stated_is_kept_and_falls_on_all_lines() -> None:
    bill = factories.bill("8.00", "2.00")
    # 7.00 of the fund, of which only 5.00 were said to be in scope: 70 % of each line's whole amount.
    state_parts(bill_id=bill.pk, parts=parts("7.00", "0.00", "3.00"), in_scope={1: D("5.00")})
    bill.refresh_from_db()
    assert (bill.fund_amount, bill.cash_amount) == (D("7.00"), D("3.00"))
    assert [line.fund_amount for line in bill.lines.all()] == [D("5.60"), D("1.40")]


def test_parts_that_do_not_sum_change_nothing() -> None:
    bill = factories.bill()
    with pytest.raises(ValueError, match="sum"):
        state_parts(bill_id=bill.pk, parts=parts("7.00", "1.00", "1.99"), in_scope={1: D("10.00")})
    bill.refresh_from_db()
    assert bill.cash_amount is None


@pytest.mark.parametrize(
    "amounts",
    [("7.00", "1.00", "1.99"), ("7.00", "1.00", None), ("10.00", None, None), ("0.00", "0.00", "0.00")],
)
def test_the_database_refuses_parts_that_do_not_sum_or_are_known_by_halves(
    amounts: tuple[str | None, ...],
) -> None:
    factories.bill()
    fund, account, cash = amounts
    with pytest.raises(IntegrityError), transaction.atomic():
        Bill.objects.update(fund_amount=fund, account_amount=account, cash_amount=cash)


def test_a_bill_is_settled_once_and_refunded_once() -> None:
    bill = factories.bill()
    later = AT + timedelta(minutes=5)
    assert settle_bill(bill_id=bill.pk, at=AT).settled_at == AT
    with pytest.raises(IllegalTransition):
        settle_bill(bill_id=bill.pk, at=later)
    assert refund_bill(bill_id=bill.pk, at=later).refunded_at == later
    with pytest.raises(IllegalTransition):
        refund_bill(bill_id=bill.pk, at=later)
    bill.refresh_from_db()
    assert (bill.state, bill.settled_at, bill.refunded_at) == ("refunded", AT, later)
    steps = AuditEntry.objects.filter(subject_type="billing.bill").values_list("action", flat=True)
    assert list(steps) == ["billing.bill.opened", "billing.bill.settled", "billing.bill.refunded"]


def test_a_void_bill_is_neither_settled_nor_refunded() -> None:
    bill = factories.bill()
    void_bill(bill_id=bill.pk, at=AT)
    for ends in (settle_bill, refund_bill, void_bill):
        with pytest.raises(IllegalTransition):
            ends(bill_id=bill.pk, at=AT)
