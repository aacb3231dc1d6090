"""Lines and units of a bill go back: by the insurer's order where it pays, straight to the channel where it does not."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from accounts.models import User
from billing.models import Bill, BillPurpose
from billing.operations import lower_price
from billing.queries import standing_parts
from billing.rules import Parts
from billing.rules.returns import Decrease
from billing.states import BillState
from checkout.models import Checkout
from checkout.operations import unwind
from checkout.states import CheckoutState
from insurance.models import Settlement
from insurance.operations import return_lines
from kernel import clock
from payments.models import Refund
from refunds.errors import RefundRefused
from refunds.models import RefundRequest, Scope
from refunds.operations import refund_amount, request_refund
from refunds.rules.situations import Situation
from refunds.states import RefundRequestState
from tests.integration.checkout.conftest import finish_refund
from tests.integration.refunds.conftest import amounts
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]


def ask(checkout: Checkout, by: User, quantities: dict[int, str] | None) -> RefundRequest:
    units = None if quantities is None else {number: Decimal(text) for number, text in quantities.items()}
    return request_refund(
        bill_id=checkout.bill_id, situation="hospital_fault", reason="多收了费用", quantities=units, by=by,
        at=clock.now(),
    )  # fmt: skip


def parts(fund: str, account: str, cash: str, institution: str = "0") -> Parts:
    return Parts(Decimal(fund), Decimal(account), Decimal(cash), institution=Decimal(institution))


def test_units_of_a_line_go_straight_to_the_channel_without_insurance(
    paid: Checkout, clerk: User, work: Work
) -> None:
    request = ask(paid, clerk, {2: "3"})
    finish_refund(work)
    request.refresh_from_db()
    paid.refresh_from_db()
    assert request.state == RefundRequestState.DONE
    assert request.parts == parts("0", "0", "15.00")
    assert paid.order is not None
    assert amounts(paid.order) == [Decimal("15.00")]
    assert paid.state == CheckoutState.SETTLED, "what stays is still paid"


def test_the_return_bill_names_what_it_reverses(paid: Checkout, clerk: User, work: Work) -> None:
    request = ask(paid, clerk, {2: "3"})
    back = request.return_bill
    assert back is not None
    assert (back.purpose, back.reverses_id, back.total_amount) == (
        BillPurpose.RETURN, paid.bill_id, Decimal("-15.00"),
    )  # fmt: skip
    assert standing_parts(paid.bill_id) == parts("0", "0", "15.00")


def test_a_line_given_back_piece_by_piece_is_worth_what_was_charged(
    paid: Checkout, clerk: User, work: Work
) -> None:
    for units in ("1", "2", "1"):
        ask(paid, clerk, {2: units})
        finish_refund(work)
    assert paid.order is not None
    assert amounts(paid.order) == [Decimal("5.00"), Decimal("10.00"), Decimal("5.00")]
    with pytest.raises(RefundRefused) as refusal:
        ask(paid, clerk, {2: "1"})
    assert [violation.rule for violation in refusal.value.violations] == ["RF-04"]


def test_with_insurance_what_stays_is_settled_again_before_her_part_goes_back(
    insured: Checkout, clerk: User, work: Work
) -> None:
    request = ask(insured, clerk, {2: "2"})
    assert not Refund.objects.exists(), "the insurer comes first"
    work()
    # 10.00 + 2 × 5.00 = 20.00: the fund 14.00, her account 1.00, she 5.00.
    first, back, again = Settlement.objects.order_by("pk")
    assert (back.total_amount, again.total_amount) == (-first.total_amount, Decimal("20.00"))
    assert (again.fund_amount, again.account_amount, again.cash_amount) == (
        Decimal("14.00"), Decimal("1.00"), Decimal("5.00"),
    )  # fmt: skip
    finish_refund(work)
    request.refresh_from_db()
    assert request.state == RefundRequestState.DONE
    assert request.parts == parts("7.00", "0", "3.00")
    assert standing_parts(insured.bill_id) == parts("14.00", "1.00", "5.00")


def test_units_go_back_of_a_bill_of_which_units_went_back_before(
    insured: Checkout, clerk: User, work: Work
) -> None:
    for units in ("2", "2"):
        ask(insured, clerk, {2: units})
        work()
        finish_refund(work)
    # 10.00 stay: the fund 7.00, her account 1.00, she 2.00.
    assert standing_parts(insured.bill_id) == parts("7.00", "1.00", "2.00")
    assert sum(row.total_amount for row in Settlement.objects.all()) == Decimal("10.00")
    insured.refresh_from_db()
    assert insured.order is not None
    assert sum(amounts(insured.order)) == Decimal("6.00")


def test_when_the_insurer_does_not_settle_what_stays_the_hospital_bears_what_is_more(
    insured: Checkout, clerk: User, simulators: Simulators, work: Work
) -> None:
    simulators.control("insurer", "faults", infno="2206A", kind="business_error", text="演示：待遇暂停")
    request = ask(insured, clerk, {2: "4"})
    work()
    request.refresh_from_db()
    # 10.00 stay and are hers; she has paid 8.00 and agreed to no more.
    assert request.state == RefundRequestState.DONE
    assert request.parts == parts("21.00", "1.00", "0", "-2.00")
    assert standing_parts(insured.bill_id) == parts("0", "0", "8.00", "2.00")
    assert not Refund.objects.exists()


def lower(checkout: Checkout, work: Work, *, cash: str) -> None:
    """4.00 instead of 5.00 would have been right for the four units; her part of the 4.00 goes back."""
    line = checkout.bill.lines.get(number=2)
    decrease = Decrease(Decimal("4.00"), Decimal(cash))
    lower_price(line_id=line.pk, decrease=decrease, key="correction:1", at=clock.now())
    refund_amount(
        bill_id=checkout.bill_id, amount=decrease.cash, situation=Situation.PRICE_CORRECTED, key="payback:1",
        by=None, at=clock.now(),
    )  # fmt: skip
    finish_refund(work)


def test_a_line_of_a_corrected_price_is_worth_what_she_paid_less_what_is_back(
    paid: Checkout, clerk: User, work: Work
) -> None:
    lower(paid, work, cash="4.00")
    for units in ("1", "3"):
        ask(paid, clerk, {2: units})
        finish_refund(work)
    assert paid.order is not None
    assert amounts(paid.order) == [Decimal("4.00"), Decimal("4.00"), Decimal("12.00")]
    assert standing_parts(paid.bill_id) == parts("0", "0", "10.00")


def test_with_insurance_what_stays_is_settled_again_at_the_corrected_price(
    insured: Checkout, clerk: User, work: Work
) -> None:
    """By 14.00 : 0.67 : 5.33, as the line was paid, 1.07 of the 4.00 are hers."""
    lower(insured, work, cash="1.07")
    request = ask(insured, clerk, {2: "2"})
    work()
    finish_refund(work)
    request.refresh_from_db()
    # 10.00 + 2 * 4.00 = 18.00: the fund 12.60, her account 1.00, she 4.40 of the 8.00 - 1.07 that she had paid.
    assert standing_parts(insured.bill_id) == parts("12.60", "1.00", "4.40")
    assert (request.state, request.parts) == (RefundRequestState.DONE, parts("8.40", "0", "2.53"))
    ask(insured, clerk, {2: "2"})
    work()
    finish_refund(work)
    assert standing_parts(insured.bill_id) == parts("7.00", "1.00", "2.00")
    insured.refresh_from_db()
    assert insured.order is not None
    assert sum(amounts(insured.order)) == Decimal("6.00")


def test_another_line_takes_the_insurances_part_of_a_corrected_price_along(
    insured: Checkout, clerk: User, work: Work
) -> None:
    lower(insured, work, cash="1.07")
    request = ask(insured, clerk, {1: "1"})
    work()
    finish_refund(work)
    request.refresh_from_db()
    # 4 * 4.00 = 16.00 stay: the fund 11.20, her account 1.00, she 3.80.
    assert request.state == RefundRequestState.DONE, request.failure
    assert standing_parts(insured.bill_id) == parts("11.20", "1.00", "3.80")
    back = request.return_bill
    assert back is not None
    assert [(line.number, line.quantity, line.amount) for line in back.lines.all()] == [
        (1, Decimal(-1), Decimal("-10.00")),
        (2, Decimal(0), Decimal("-2.93")),
    ]


def test_all_of_it_goes_back_after_a_part_of_it_did(paid: Checkout, clerk: User, work: Work) -> None:
    ask(paid, clerk, {2: "3"})
    finish_refund(work)
    whole = ask(paid, clerk, {1: "1", 2: "1"})
    finish_refund(work)
    paid.refresh_from_db()
    whole.refresh_from_db()
    assert whole.scope == Scope.WHOLE, "nothing would be left"
    assert (whole.state, whole.asked_amount) == (RefundRequestState.DONE, Decimal("15.00"))
    assert paid.state == CheckoutState.REFUNDED
    assert paid.order is not None
    assert amounts(paid.order) == [Decimal("15.00"), Decimal("15.00")]
    assert Bill.objects.get(pk=paid.bill_id).state == BillState.REFUNDED


def test_all_of_it_is_wanted_back_while_a_part_is_at_the_insurer(
    insured: Checkout, clerk: User, work: Work
) -> None:
    part = ask(insured, clerk, {2: "4"})
    unwind(bill_id=insured.bill_id, reason="医生终止就诊", by=None, at=clock.now())
    work()
    finish_refund(work)
    part.refresh_from_db()
    insured.refresh_from_db()
    assert part.state == RefundRequestState.DECLINED
    assert insured.state == CheckoutState.REFUNDED
    assert insured.order is not None
    assert sum(amounts(insured.order)) == Decimal("8.00"), "never more than she paid"
    assert RefundRequest.objects.get(scope=Scope.WHOLE).state == RefundRequestState.DONE


def test_what_the_insurance_office_returns_goes_back_like_any_other_refund(
    insured: Checkout, clerk: User, work: Work
) -> None:
    return_lines(bill_id=insured.bill_id, line_numbers=[2], by=clerk, at=clock.now())
    work()
    finish_refund(work)
    request = RefundRequest.objects.get()
    assert (request.situation, request.state) == ("lines_returned", RefundRequestState.DONE)
    assert request.parts == parts("14.00", "0", "6.00")


def test_asking_again_for_the_same_is_the_same_request(paid: Checkout, clerk: User, work: Work) -> None:
    assert ask(paid, clerk, {2: "1"}) == ask(paid, clerk, {2: "1"})
    finish_refund(work)
    assert paid.order is not None
    assert amounts(paid.order) == [Decimal("5.00")]


def test_a_key_names_one_request_even_when_it_is_done(paid: Checkout, clerk: User, work: Work) -> None:
    def once() -> RefundRequest:
        return request_refund(
            bill_id=paid.bill_id, situation="hospital_fault", reason="多收了费用", key="form-1",
            quantities={2: Decimal(1)}, by=clerk, at=clock.now(),
        )  # fmt: skip

    first = once()
    finish_refund(work)
    assert once() == first
    assert RefundRequest.objects.count() == 1


def test_rf_03_another_part_waits_until_the_first_is_done(paid: Checkout, clerk: User) -> None:
    ask(paid, clerk, {2: "1"})
    with pytest.raises(RefundRefused) as refusal:
        ask(paid, clerk, {1: "1"})
    assert [violation.rule for violation in refusal.value.violations] == ["RF-03"]


def test_rf_01_a_return_bill_is_not_refunded(paid: Checkout, clerk: User, work: Work) -> None:
    back = ask(paid, clerk, {2: "1"}).return_bill
    assert back is not None
    with pytest.raises(RefundRefused) as refusal:
        request_refund(
            bill_id=back.pk, situation="doctor_refuses", reason="退款的退款", by=clerk, at=clock.now()
        )
    assert next(violation.rule for violation in refusal.value.violations) == "RF-01"


def test_a_line_that_the_bill_does_not_have_is_refused(paid: Checkout, clerk: User) -> None:
    with pytest.raises(RefundRefused) as refusal:
        ask(paid, clerk, {9: "1"})
    assert [(violation.rule, violation.field) for violation in refusal.value.violations] == [
        ("RF-04", "line_9")
    ]
