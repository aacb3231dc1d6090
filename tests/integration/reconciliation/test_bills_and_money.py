"""Bills beside what insurer and channel have moved for them."""

from decimal import Decimal

from billing.states import BillState
from checkout.states import CheckoutState
from insurance.states import ClaimState
from reconciliation.rules.kinds import Kind, Source
from reconciliation.states import ComparisonState
from tests.factories import reconciliation as made
from tests.integration.reconciliation.conftest import Run


def test_bills_that_were_paid_as_they_say_are_balanced(run: Run) -> None:
    claim = made.claim()
    made.settlement(claim)
    made.order(claim.bill)

    day = run(Source.BOOKS)

    assert (day.state, day.our_count, day.our_amount) == (ComparisonState.BALANCED, 1, Decimal("10.00"))


def test_a_bill_whose_money_all_went_back_is_balanced(run: Run) -> None:
    claim = made.claim(ClaimState.REVERSED)
    claim.bill.state, claim.bill.refunded_at = BillState.REFUNDED, made.NOON
    claim.bill.save()
    made.settlement(reverses=made.settlement(claim))
    made.refund(made.order(claim.bill))

    assert run(Source.BOOKS).state == ComparisonState.BALANCED


def test_a_settled_bill_without_her_share_differs_in_amount(run: Run) -> None:
    claim = made.claim()
    made.settlement(claim)

    one = run(Source.BOOKS).differences.get()

    assert (one.key, one.kind, one.bill) == (claim.bill.number, Kind.AMOUNT, claim.bill)
    assert (one.our_cash, one.their_cash, one.gap.cash) == (
        Decimal("1.00"),
        Decimal("0.00"),
        Decimal("-1.00"),
    )


def test_a_settled_bill_for_which_nothing_moved_is_only_ours(run: Run) -> None:
    made.claim()

    assert [row.kind for row in run(Source.BOOKS).differences.all()] == [Kind.ONLY_US]


def test_money_for_a_bill_that_is_not_settled_is_only_theirs(run: Run) -> None:
    claim = made.claim(ClaimState.DECLINED)
    made.order(claim.bill)
    made.checkout(claim.bill, CheckoutState.CLOSED)

    one = run(Source.BOOKS).differences.get()

    assert (one.kind, one.our_total, one.their_total) == (Kind.ONLY_THEM, None, Decimal("1.00"))


def test_a_checkout_on_its_way_is_an_unknown_outcome(run: Run) -> None:
    claim = made.claim(ClaimState.UNCONFIRMED)
    made.order(claim.bill)
    made.checkout(claim.bill, CheckoutState.SETTLING)

    assert [row.kind for row in run(Source.BOOKS).differences.all()] == [Kind.UNKNOWN]
