"""A line whose price was corrected, and lines that go back: neither money twice."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.utils.translation import override

from accounts.models import User
from billing.operations import return_lines_of_bill
from billing.queries import decreases_of, standing_parts
from billing.rules import Parts
from billing.rules.returns import Decrease
from finance.queries.agreement import disagreements
from kernel import clock
from pricing.models import PriceItem
from pricing.rules import ServiceLine
from refunds.models import Scope
from refunds.operations import steps
from refunds.rules.situations import Situation
from repricing import operations
from repricing.models import Burden, CorrectionBatch, Payback
from repricing.pages.words import SKIPPED
from tests.factories.reconciliation import checkout
from tests.factories.registry import GuardianshipFactory
from tests.factories.repricing import AT, charge, correct
from tests.integration.repricing.conftest import price_of
from tests.integration.repricing.corrections import carried_out, differences, listed, price_row

pytestmark = pytest.mark.django_db
Work = Callable[[], None]
LATER = AT + timedelta(days=1)


def give_back(bill_id: int, cash: str) -> None:
    """One unit of the first line."""
    return_lines_of_bill(
        bill_id=bill_id, quantities={1: Decimal(1)}, parts=Parts.of_cash(Decimal(cash)), reason="", by=None, at=AT
    )  # fmt: skip


def test_the_line_is_worth_what_is_not_back_yet_when_it_goes_back_later(
    fee: PriceItem, officer: User, colleague: User, work: Work
) -> None:
    bill = charge(fee, shares=(0, 0, 1))
    carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)
    operations.note_payback(payback_id=Payback.objects.get().pk, receipt="0031", by=officer, at=AT)
    assert standing_parts(bill.pk) == Parts.of_cash(Decimal("8.00"))

    give_back(bill.pk, "-8.00")

    assert standing_parts(bill.pk) == Parts.nothing()
    wrong = {each.what: each.books - each.should_be for each in disagreements(bill)}
    assert "earned" not in wrong, "the books hold nothing of it any more"


def test_her_page_says_what_a_lower_price_gives_back_and_what_stands(
    fee: PriceItem, colleague: User, work: Work, client: Client
) -> None:
    bill = charge(fee, shares=(7, 2, 1))
    carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)
    checkout(bill)
    client.force_login(GuardianshipFactory(patient=bill.encounter.patient).user)
    client.cookies["django_language"] = "en"

    for address in (f"/pay/{bill.number}/", f"/bills/{bill.number}/"):
        page = client.get(address)
        shown = page.context["shares"]
        assert (shown.fund, shown.account, shown.cash) == (Decimal("7.00"), Decimal("2.00"), Decimal("0.80"))
        assert re.search("corrected afterwards.{1,60}¥0.20", page.content.decode())


def test_what_of_it_the_insurance_paid_is_kept_until_it_is_settled_again(
    fee: PriceItem, colleague: User, work: Work
) -> None:
    bill = charge(fee, shares=(7, 2, 1))
    carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)

    assert decreases_of(bill.pk) == {1: Decrease(Decimal("2.00"), Decimal("0.20"))}


def test_a_line_of_which_units_went_back_meanwhile_is_left_to_a_person(
    fee: PriceItem, colleague: User, work: Work
) -> None:
    bill = charge(ServiceLine("1", fee.code, Decimal(2)), shares=(0, 0, 1))
    batch = listed(correct(price_row(fee), "8.00"), work)
    give_back(bill.pk, "-10.00")

    carried_out(batch, colleague, work)

    assert (batch.lines.get().skipped, Payback.objects.count()) == ("units_returned", 0)


def test_while_a_refund_of_the_bill_is_open_its_lines_are_not_corrected(
    fee: PriceItem, officer: User, colleague: User, work: Work
) -> None:
    bill = charge(fee, shares=(0, 0, 1))
    batch = listed(correct(price_row(fee), "8.00"), work)
    steps.make(bill, Situation.HOSPITAL_FAULT, Scope.WHOLE, Decimal("10.00"), by=officer, at=AT)

    carried_out(batch, colleague, work)

    assert (batch.lines.get().skipped, Payback.objects.count()) == ("refund_open", 0)


def test_a_line_that_only_came_along_when_another_went_back_is_corrected_once_more(
    fee: PriceItem, colleague: User, work: Work
) -> None:
    other = price_of("5.00").item
    bill = charge(fee, other, shares=(7, 2, 1))
    carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)
    # The other line is 5.00; of this one the insurance takes back the 1.80 that it paid too much.
    parts = Parts(Decimal("-5.00"), Decimal("-1.30"), Decimal("-0.50"))
    return_lines_of_bill(bill_id=bill.pk, quantities={2: Decimal(1)}, parts=parts, reason="", by=None, at=AT)

    batch = carried_out(listed(correct(price_row(fee), "6.00", at=LATER), work), colleague, work)

    assert [(line.skipped, line.difference_amount) for line in batch.lines.all()] == [("", Decimal("-2.00"))]
    assert decreases_of(bill.pk)[1].amount == Decimal("4.00")
    assert differences(listed(correct(price_row(other), "4.00"), work)) == [], "its unit is back"


def lowered_again(fee: PriceItem, officer: User, colleague: User, work: Work) -> CorrectionBatch:
    """A list that lowers 10.00 to 2.00 a second time, after a supplementary bill has charged 8.00 of it again."""
    carried_out(listed(correct(price_row(fee), "2.00"), work), colleague, work)
    raising = listed(correct(price_row(fee), "10.00", at=LATER), work)
    operations.set_burden(batch_id=raising.pk, burden=Burden.PATIENT, by=officer, at=LATER)
    carried_out(raising, colleague, work)
    batch = listed(correct(price_row(fee), "2.00", at=LATER + timedelta(days=1)), work)
    assert differences(batch) == ["-8.00"]
    return batch


@pytest.mark.parametrize("shares", [(0, 0, 1), (7, 2, 1)])
def test_a_line_is_not_lowered_by_more_than_it_cost(
    fee: PriceItem, officer: User, colleague: User, work: Work, shares: tuple[int, int, int]
) -> None:
    bill = charge(fee, shares=shares)
    batch = carried_out(lowered_again(fee, officer, colleague, work), colleague, work)

    assert batch.lines.get().skipped == "more_than_charged"
    with override("en"):
        assert "supplementary bill" in str(SKIPPED["more_than_charged"])
    assert decreases_of(bill.pk)[1].amount == Decimal("8.00")


@pytest.mark.parametrize(("shares", "cash"), [((0, 0, 1), "10.00"), ((7, 2, 1), "1.00")])
def test_of_lower_prices_carried_out_before_no_more_is_kept_than_the_line_cost(
    fee: PriceItem, officer: User, colleague: User, work: Work, shares: tuple[int, int, int], cash: str
) -> None:
    bill = charge(fee, shares=shares)
    lowered_again(fee, officer, colleague, work).lines.update(carried_out_at=clock.now())

    (keep,) = import_module("repricing.migrations.0002_decreases_of_before").Migration.operations
    with connection.cursor() as cursor:
        cursor.execute(keep.sql)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert decreases_of(bill.pk) == {1: Decrease(Decimal("10.00"), Decimal(cash))}
