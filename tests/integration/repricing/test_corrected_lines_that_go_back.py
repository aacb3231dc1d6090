"""A line whose price was corrected, and lines that go back: neither money twice."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import User
from billing.operations import return_lines_of_bill
from billing.queries import decreases_of, standing_parts
from billing.rules import Parts
from billing.rules.returns import Decrease
from finance.queries.agreement import disagreements
from pricing.models import PriceItem
from pricing.rules import ServiceLine
from refunds.models import Scope
from refunds.operations import steps
from refunds.rules.situations import Situation
from repricing import operations
from repricing.models import Payback
from tests.factories.reconciliation import checkout
from tests.factories.registry import GuardianshipFactory
from tests.factories.repricing import AT, charge, correct
from tests.integration.repricing.corrections import carried_out, listed, price_row

pytestmark = pytest.mark.django_db
Work = Callable[[], None]


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
