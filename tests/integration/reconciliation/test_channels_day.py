"""Our payments and refunds of a day beside the channel's bill."""

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest

from payments.gateway.port import BillNotReady, PaymentUnanswered
from payments.states import OrderState, RefundState
from reconciliation.models import Difference
from reconciliation.operations.sides import channel
from reconciliation.rules.kinds import Kind, Source, Subject
from reconciliation.states import ComparisonState
from tests.factories import reconciliation as made
from tests.integration.reconciliation.conftest import Run

Bill = Callable[[Sequence[str]], None]


def _paid(order: object, amount: str = "1.00") -> str:
    return f"2026-11-20 12:00:00,{order.transaction_id},{order.number},SUCCESS,0,0,,诊查费,{amount},0.00"  # type: ignore[attr-defined]


def _back(refund: object, status: str = "SUCCESS") -> str:
    number, channel_id, order = refund.number, refund.channel_refund_id, refund.order  # type: ignore[attr-defined]
    return f"2026-11-20 12:30:00,{order.transaction_id},{order.number},REFUND,{channel_id},{number},{status},诊查费,0.00,1.00"


def test_a_day_on_which_both_hold_the_same_is_balanced(run: Run, bill_of: Bill) -> None:
    order = made.order()
    refund = made.refund(order)
    bill_of([_paid(order), _back(refund)])

    day = run(Source.CHANNEL)

    assert day.state == ComparisonState.BALANCED
    assert (day.our_count, day.our_amount, day.their_count) == (2, Decimal("0.00"), 2)


def test_a_day_without_trade_has_no_bill_and_is_balanced(run: Run, bill_of: Bill) -> None:
    assert run(Source.CHANNEL).state == ComparisonState.BALANCED


def test_each_way_of_differing_is_named(run: Run, bill_of: Bill) -> None:
    missing, dearer, closed, open_one = (
        made.order(), made.order(), made.order(state=OrderState.CLOSED), made.order(state=OrderState.PLACED),
    )  # fmt: skip
    paid = made.order()
    failed = made.refund(paid, state=RefundState.FAILED)
    asked = made.refund(made.order(), state=RefundState.REQUESTED)
    bill_of(
        [
            _paid(dearer, "3.00"),
            _paid(closed),
            _paid(open_one),
            _paid(paid),
            _paid(asked.order),
            _back(failed),
            _back(asked),
            "2026-11-20 12:00:00,42009,STRANGER1,SUCCESS,0,0,,诊查费,5.00,0.00",
        ]
    )

    day = run(Source.CHANNEL)

    found = {(row.subject, row.key): row.kind for row in day.differences.all()}
    assert found == {
        (Subject.PAYMENT, missing.number): Kind.ONLY_US,
        (Subject.PAYMENT, dearer.number): Kind.AMOUNT,
        (Subject.PAYMENT, closed.number): Kind.STATUS,
        (Subject.PAYMENT, open_one.number): Kind.UNKNOWN,
        (Subject.PAYMENT, "STRANGER1"): Kind.ONLY_THEM,
        (Subject.REFUND, failed.number): Kind.STATUS,
        (Subject.REFUND, asked.number): Kind.UNKNOWN,
    }
    stranger = Difference.objects.get(key="STRANGER1")
    assert (stranger.their_total, stranger.our_total, stranger.gap.cash) == (
        Decimal("5.00"),
        None,
        Decimal("5.00"),
    )
    assert Difference.objects.get(key=failed.number).their_total == Decimal("-1.00")


def test_a_refund_that_is_done_here_and_not_there_differs_in_status(run: Run, bill_of: Bill) -> None:
    refund = made.refund(made.order())
    bill_of([_paid(refund.order), _back(refund, "PROCESSING")])

    one = run(Source.CHANNEL).differences.get()

    assert (one.kind, one.our_state, one.their_state) == (Kind.STATUS, "done", "PROCESSING")


def test_an_order_without_an_answer_after_its_time_is_unknown(run: Run, bill_of: Bill) -> None:
    order = made.order(state=OrderState.PLACED)

    assert [(row.key, row.kind) for row in run(Source.CHANNEL).differences.all()] == [
        (order.number, Kind.UNKNOWN)
    ]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BillNotReady("STATEMENT_CREATING", "账单生成中"), "the bill is still being made"),
        (PaymentUnanswered("ReadTimeout"), "ReadTimeout"),
    ],
)
def test_a_bill_that_is_not_to_be_had_is_asked_for_again(
    error: Exception, said: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Silent:
        def fetch_trade_bill(self, on: object, into: object) -> None:
            raise error

    monkeypatch.setattr(channel, "gateway_of", lambda name: Silent())

    day = run(Source.CHANNEL)

    assert (day.state, day.failure) == (ComparisonState.UNREACHED, said)
    assert day.due_at is not None


def test_a_bill_whose_amount_is_none_is_refused_whole(run: Run, bill_of: Bill) -> None:
    bill_of([_paid(made.order(), "1.001")])

    day = run(Source.CHANNEL)

    assert (day.state, day.failure) == (ComparisonState.UNREACHED, "line 1: '1.001' is no amount in yuan")


def test_each_channel_is_compared_with_its_own_orders(run: Run, bill_of: Bill) -> None:
    ours, other = made.order(channel="alipay"), made.order()
    bill_of([_paid(ours)])

    assert run(Source.ALIPAY).state == ComparisonState.BALANCED
    keys = {row.key: row.kind for row in run(Source.CHANNEL).differences.all()}
    assert keys[other.number] == Kind.ONLY_US


def test_what_was_paid_too_late_and_went_back_is_no_difference(run: Run, bill_of: Bill) -> None:
    late = made.order(state=OrderState.LATE, channel="alipay")
    refund = made.refund(late)
    bill_of([_paid(late), _back(refund)])

    assert run(Source.ALIPAY).state == ComparisonState.BALANCED
