"""A day with the insurer's and the channel's simulators over HTTP: every message for real."""

from collections.abc import Callable

import pytest

from checkout.models import Checkout
from checkout.operations import start_payment
from insurance.models import Claim, GatewayMessage, Settlement
from kernel import clock
from payments.models import PaymentOrder, Scene
from reconciliation.models import Comparison, Difference
from reconciliation.operations import opening, running
from reconciliation.rules.kinds import Kind, Source
from reconciliation.states import ComparisonState
from tests.integration.checkout.conftest import bill, checkout, patient, simulators, user, work
from tests.verification.simulators import Simulators

__all__ = ["bill", "checkout", "patient", "simulators", "user", "work"]


@pytest.fixture
def settled(checkout: Checkout, simulators: Simulators, work: Callable[[], None]) -> Settlement:
    """She paid her share and the insurer settled, today."""
    start_payment(checkout_id=checkout.pk, scene=Scene.NATIVE, by=None, at=clock.now())
    work()
    order = PaymentOrder.objects.get(bill=checkout.bill_id)
    simulators.control("wechatpay", "pay", out_trade_no=order.number)
    from payments.operations import orders

    orders.ask_about(order_id=order.pk)
    work()
    return Settlement.objects.get(claim__bill=checkout.bill_id)


def _compare() -> dict[str, Comparison]:
    day = clock.day_of(clock.now())
    done = {}
    for each in opening.open_day(day):
        running.run_comparison(comparison_id=each.pk, by=None, at=clock.now())
        each.refresh_from_db()
        done[each.source] = each
    return done


def test_a_day_that_went_well_is_balanced_in_all_three_ways(
    settled: Settlement, simulators: Simulators
) -> None:
    # The channel's simulator serves the whole session: what other tests were paid is not ours.
    simulators.control("wechatpay", "reset")
    for row in simulators.holdings("wechatpay")["orders"]:
        if not PaymentOrder.objects.filter(number=row["out_trade_no"]).exists():
            simulators.control("wechatpay", "bill", kind="forget", number=row["out_trade_no"])

    done = _compare()

    states = {source: each.state for source, each in done.items()}
    assert (states[Source.INSURER], states[Source.BOOKS]) == (
        ComparisonState.BALANCED,
        ComparisonState.BALANCED,
    )
    paid = PaymentOrder.objects.get()
    assert not Difference.objects.filter(key=paid.number).exists()
    assert done[Source.INSURER].groups.get(our_count=1).answer == "对平"


def test_what_the_insurer_holds_differently_is_found_row_by_row(
    settled: Settlement, simulators: Simulators
) -> None:
    claim = Claim.objects.get(pk=settled.claim_id)
    simulators.control("insurer", "alter", change="stranger", msgid=claim.settle_msgid)
    simulators.control("insurer", "alter", change="amount", msgid=claim.settle_msgid, amount="3.00")

    day = _compare()[Source.INSURER]

    assert day.state == ComparisonState.DIFFERING
    found = {row.kind: row for row in day.differences.all()}
    assert set(found) == {Kind.AMOUNT, Kind.ONLY_THEM}
    assert (found[Kind.AMOUNT].key, found[Kind.AMOUNT].gap.fund) == (settled.number, 3)
    codes = set(
        GatewayMessage.objects.filter(institution__isnull=False).values_list("transaction_code", flat=True)
    )
    assert {"3201", "9101", "3202", "9102"} <= codes


def test_what_the_insurer_has_forgotten_is_only_ours(settled: Settlement, simulators: Simulators) -> None:
    simulators.control("insurer", "alter", change="forget", msgid=settled.msgid)

    (one,) = _compare()[Source.INSURER].differences.all()

    assert (one.kind, one.key, one.their_total) == (Kind.ONLY_US, settled.number, None)


def test_an_insurer_without_an_answer_leaves_the_day_for_later(
    settled: Settlement, simulators: Simulators
) -> None:
    simulators.control("insurer", "faults", infno="3201", kind="http_502", count=9)

    day = _compare()[Source.INSURER]

    assert (day.state, day.differences.count()) == (ComparisonState.UNREACHED, 0)
    assert day.failure.startswith("3201: ")
    assert day.due_at is not None
