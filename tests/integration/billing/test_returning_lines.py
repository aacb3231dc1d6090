"""Lines go back by a bill of negative lines: never more than is left, and the bill itself stays as it was charged."""

from decimal import Decimal

import pytest

from billing.events import BillReturned
from billing.models import Bill, BillPurpose, FeeDetail
from billing.operations import (
    lower_price,
    open_bill,
    refund_bill,
    return_lines_of_bill,
    settle_bill,
    state_parts,
)
from billing.queries import returned_quantities, standing_parts
from billing.rules import Parts
from billing.rules.returns import Decrease
from kernel import events
from kernel.errors import RulesBroken
from pricing.queries import quote_for
from pricing.rules import ServiceLine
from tests.factories.encounters import AT, EncounterFactory
from tests.factories.pricing import PriceFactory

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def bill() -> Bill:
    """Three units of 3.50 and one of 8.00, paid: fund 12.00, account 2.00, family 1.00, cash 3.50."""
    encounter = EncounterFactory()
    tablets, visit = PriceFactory(amount=D("3.50")), PriceFactory(amount=D("8.00"))
    quote = quote_for(
        lines=[ServiceLine("1", tablets.item.code, D(3)), ServiceLine("2", visit.item.code, D(1))],
        institution=encounter.institution,
        service_on=encounter.service_on,
    )
    made = open_bill(encounter_id=encounter.pk, purpose=BillPurpose.DRUGS, quote=quote, by=None, at=AT)
    parts = Parts(D("12.00"), D("2.00"), D("3.50"), D("1.00"))
    state_parts(bill_id=made.pk, parts=parts, in_scope={1: D("10.50"), 2: D("8.00")})
    return settle_bill(bill_id=made.pk, at=AT)


def give_back(bill: Bill, quantities: dict[int, str], *parts: str) -> Bill:
    """``parts``: fund, account, cash, family, institution."""
    return return_lines_of_bill(
        bill_id=bill.pk,
        quantities={number: D(quantity) for number, quantity in quantities.items()},
        parts=Parts(*(D(part) for part in parts)),
        reason="药品质量问题",
        by=None,
        at=AT,
    )


def refused(bill: Bill, quantities: dict[int, str], *parts: str) -> set[str]:
    with pytest.raises(RulesBroken) as caught:
        give_back(bill, quantities, *parts)
    return {violation.rule for violation in caught.value.violations}


def test_a_return_names_its_bill_and_lines_and_everything_of_it_is_negative(bill: Bill) -> None:
    back = give_back(bill, {1: "2"}, "-5.00", "-1.00", "-1.00")
    assert (back.purpose, back.reverses, back.state, back.total_amount) == (
        "return",
        bill,
        "settled",
        D("-7.00"),
    )
    line = back.lines.get()
    assert (line.number, line.reverses, line.quantity, line.amount) == (
        1,
        bill.lines.get(number=1),
        -2,
        D("-7.00"),
    )
    assert (line.parts, back.parts) == (back.parts, Parts(D("-5.00"), D("-1.00"), D("-1.00")))
    bill.refresh_from_db()
    assert (bill.total_amount, bill.state) == (D("18.50"), "settled")
    assert returned_quantities(bill.pk) == {1: D(2)}
    assert standing_parts(bill.pk) == Parts(D("7.00"), D("1.00"), D("2.50"), D("1.00"))


def test_it_is_told_to_the_apps_above(bill: Bill, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(events, "publish", told.append)
    back = give_back(bill, {2: "1"}, "-8.00", "0", "0")
    assert told == [BillReturned(back.pk)]


def test_what_is_left_of_a_line_is_worth_what_was_charged_however_it_goes_back(bill: Bill) -> None:
    """Three of 10.00 yuan: 3.33, 3.34, 3.33; each is the whole so far, rounded, less what went back before."""
    encounter = bill.encounter
    price = PriceFactory(amount=D("3.333333"))
    quote = quote_for(
        lines=[ServiceLine("1", price.item.code, D(3))],
        institution=encounter.institution,
        service_on=encounter.service_on,
    )
    made = open_bill(encounter_id=encounter.pk, purpose=BillPurpose.DRUGS, quote=quote, by=None, at=AT)
    assert made.total_amount == D("10.00")
    state_parts(bill_id=made.pk, parts=Parts.of_cash(D("10.00")), in_scope={})
    settle_bill(bill_id=made.pk, at=AT)
    for worth in ("-3.33", "-3.34", "-3.33"):
        give_back(made, {1: "1"}, "0", "0", worth)
    assert standing_parts(made.pk).total == 0


@pytest.mark.parametrize("quantity", ["0", "-1", "3.0001", "4"])
def test_bl_02_no_more_than_is_left_of_a_line_goes_back(bill: Bill, quantity: str) -> None:
    assert refused(bill, {1: quantity}, "0", "0", "-1.00") == {"BL-02"}
    assert returned_quantities(bill.pk) == {}


def test_bl_02_units_are_counted_to_four_decimals(bill: Bill) -> None:
    assert refused(bill, {1: "0.00001"}, "0", "0", "0") == {"BL-02"}


def lower(bill: Bill, number: int, amount: str, *, cash: str) -> None:
    line = bill.lines.get(number=number)
    for _twice in range(2):
        lower_price(line_id=line.pk, decrease=Decrease(D(amount), D(cash)), key="correction:1", at=AT)


def test_what_is_back_by_a_lower_price_stands_no_more_and_does_not_go_back_again(bill: Bill) -> None:
    lower(bill, 2, "2.00", cash="0.50")
    assert standing_parts(bill.pk) == Parts(D("12.00"), D("2.00"), D("3.00"), D("1.00"))
    assert refused(bill, {2: "1"}, "-8.00", "0", "0") == {"BL-04"}
    back = give_back(bill, {2: "1"}, "-4.50", "0", "-3.00")
    assert (back.total_amount, standing_parts(bill.pk).cash) == (D("-7.50"), D("0.00"))


def test_bl_06_who_paid_what_of_a_paid_bill_is_not_said_again(bill: Bill) -> None:
    with pytest.raises(RulesBroken) as caught:
        state_parts(bill_id=bill.pk, parts=Parts.of_cash(bill.total_amount), in_scope={})
    assert [violation.rule for violation in caught.value.violations] == ["BL-06"]


def test_bl_02_what_went_back_does_not_go_back_again(bill: Bill) -> None:
    give_back(bill, {2: "1"}, "-8.00", "0", "0")
    assert refused(bill, {2: "1"}, "-4.00", "-1.00", "-3.00") == {"BL-02"}


@pytest.mark.parametrize("quantities", [{}, {3: "1"}])
def test_bl_01_lines_of_this_bill_go_back(bill: Bill, quantities: dict[int, str]) -> None:
    assert "BL-01" in refused(bill, quantities, "0", "0", "0")


def test_bl_03_nothing_goes_back_of_a_return_or_of_a_bill_that_is_not_paid(bill: Bill) -> None:
    back = give_back(bill, {2: "1"}, "-8.00", "0", "0")
    assert refused(back, {2: "1"}, "8.00", "0", "0") == {"BL-03"}
    refund_bill(bill_id=bill.pk, at=AT)
    assert refused(bill, {1: "1"}, "-3.50", "0", "0") == {"BL-03"}


@pytest.mark.parametrize(
    "parts",
    [
        ("-7.00", "0", "-0.99"),  # Not what the line is worth.
        ("-4.49", "0", "-3.51"),  # More cash than was paid.
        ("-13.00", "0", "5.00"),  # More of the fund than was paid.
        ("-7.00", "-2.50", "0", "1.50"),  # More of her account than was paid.
    ],
)
def test_bl_04_nobody_gets_back_what_was_not_paid(bill: Bill, parts: tuple[str, ...]) -> None:
    assert refused(bill, {2: "1"}, *parts) == {"BL-04"}
    assert FeeDetail.objects.filter(bill__reverses=bill).count() == 0


def test_what_the_insurer_pays_less_for_the_rest_may_fall_to_the_hospital(bill: Bill) -> None:
    back = give_back(bill, {2: "1"}, "-12.00", "0", "0", "0", "4.00")
    assert back.institution_amount == D("4.00")
    assert standing_parts(bill.pk) == Parts(D("0.00"), D("2.00"), D("3.50"), D("1.00"), D("4.00"))
