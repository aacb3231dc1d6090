"""Bills beside what insurer and channel have moved for them."""

from decimal import Decimal
from typing import Any

from billing.states import BillState
from checkout.states import CheckoutState
from insurance.models import Claim, LineReturn
from insurance.states import ClaimState
from reconciliation.rules.kinds import Kind, Source
from reconciliation.states import ComparisonState
from refunds.models import RefundRequest
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


def _returned(claim: Claim, **fields: Any) -> Claim:
    """Lines of 4.00 yuan were given back: fund 5, account 1, cash 0 of the bill stay; the new claim."""
    claim.state = ClaimState.REVERSED
    claim.save()
    made.settlement(reverses=made.settlement(claim))
    LineReturn.objects.create(claim=claim, line_numbers=[2], requested_at=made.NOON, **fields)
    return Claim.objects.create(
        bill=claim.bill, registration=claim.registration, batch_number="AGAIN", replaces=claim, state=ClaimState.SETTLED,
        settle_msgid="AGAIN", fund_amount=5, account_amount=1, cash_amount=0, opened_at=made.NOON,
    )  # fmt: skip


def test_after_a_return_of_lines_the_shares_in_force_count(run: Run) -> None:
    claim = made.claim()
    again = _returned(
        claim, is_settled_again=True, concluded_at=made.NOON, fund_difference=Decimal(-2),
        account_difference=Decimal(-1), cash_difference=Decimal(-1),
    )  # fmt: skip
    made.settlement(again, total_amount=Decimal("6.00"))

    day = run(Source.BOOKS)

    assert (day.state, day.our_amount) == (ComparisonState.BALANCED, Decimal("6.00"))


def test_until_her_part_of_returned_lines_is_paid_out_only_the_cash_differs(run: Run) -> None:
    claim = made.claim()
    again = _returned(
        claim, is_settled_again=True, concluded_at=made.NOON, fund_difference=Decimal(-2),
        account_difference=Decimal(-1), cash_difference=Decimal(-1),
    )  # fmt: skip
    made.settlement(again, total_amount=Decimal("6.00"))
    made.order(claim.bill)

    one = run(Source.BOOKS).differences.get()

    assert (one.kind, one.our_cash, one.their_cash) == (Kind.AMOUNT, Decimal("0.00"), Decimal("1.00"))
    assert (one.gap.fund, one.gap.account) == (0, 0)


def test_what_went_back_by_a_corrected_price_is_no_difference(run: Run) -> None:
    claim = made.claim()
    made.settlement(claim)
    refund = made.refund(made.order(claim.bill), amount=Decimal("0.30"))
    RefundRequest.objects.create(
        number="F1", bill=claim.bill, scope="cash", situation="price_corrected", reason="更正", state="done",
        asked_amount=refund.amount, payment_refund=refund, requested_at=made.NOON, finished_at=made.NOON,
    )  # fmt: skip

    day = run(Source.BOOKS)

    assert (day.state, day.our_amount) == (ComparisonState.BALANCED, Decimal("9.70"))


def test_while_lines_are_being_returned_the_outcome_is_unknown(run: Run) -> None:
    claim = made.claim()
    made.order(claim.bill)
    _returned(claim)

    assert [row.kind for row in run(Source.BOOKS).differences.all()] == [Kind.UNKNOWN]
