"""An order that is to end does end at the channel, whoever dies in between and whatever the channel says of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from audit.models import AuditEntry
from billing.models import Bill
from billing.states import BillState
from checkout.models import Checkout
from checkout.operations import push, stop
from checkout.states import CheckoutState
from kernel import clock
from kernel.models import OutboxJob
from payments.gateway.port import PaymentRefused, PaymentUnanswered
from payments.gateway.trade import OrderState as Said
from payments.gateway.trade import TradeState
from payments.models import PaymentIncident, PaymentOrder, Refund, Scene
from payments.operations import closing, orders
from payments.operations.closing import MAY_STILL_ARRIVE, close_order, want_closed
from payments.operations.incidents import settle_incident
from payments.operations.orders import ask_about, place_order
from payments.operations.sweeping import PAUSE, sweep
from payments.states import HeldBack, OrderState, RefundState
from tests.factories import billing as charged
from tests.factories import reconciliation as made
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
UNKNOWN = PaymentRefused("ORDER_NOT_EXIST", "", status=404)
PAID_THERE = PaymentRefused("ORDERPAID", "")
USED = PaymentRefused("OUT_TRADE_NO_USED", "", status=403)


class Channels:
    """A channel whose answers are told beforehand: a value, or what it raises."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[str] = []

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        def answer(*_of: object) -> Any:
            self.asked.append(verb)
            said = self.answers[verb]
            if isinstance(said, Exception):
                raise said
            return said

        return answer


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Channels:
    """Every channel."""
    it = Channels()
    for module in (closing, orders):
        monkeypatch.setattr(module, "gateway_of", lambda name: it)
    return it


@pytest.fixture
def bill(db: None) -> Bill:
    """10.00 yuan."""
    return charged.bill()


@pytest.fixture
def checkout(bill: Bill) -> Checkout:
    """She is paying it."""
    return made.checkout(bill, CheckoutState.PAYING, clock.now() + timedelta(minutes=15))


@pytest.fixture
def now() -> datetime:
    """Of this test."""
    return clock.now()


@pytest.fixture
def order(checkout: Checkout, now: datetime) -> PaymentOrder:
    """Waits for her."""
    return _order(checkout, now)


def _order(checkout: Checkout, now: datetime, **fields: Any) -> PaymentOrder:
    order = made.order(
        checkout.bill, amount="10.00", state=fields.pop("state", OrderState.PLACED), at=now - timedelta(minutes=5),
        **{"expires_at": now + timedelta(minutes=10)} | fields,
    )  # fmt: skip
    checkout.order = order
    checkout.save()
    return order


def said_paid(order: PaymentOrder, fen: int = 1000) -> Said:
    return Said(order.number, TradeState.SUCCESS, fen, fen, "T1", paid_at=clock.now())


def jobs() -> list[str]:
    """What the sweeper orders about orders."""
    OutboxJob.objects.all().delete()
    sweep(at=clock.now())
    return list(OutboxJob.objects.values_list("task_name", flat=True))


@pytest.mark.parametrize("refused", [PAID_THERE, USED], ids=["says so", "says that the number is used"])
def test_what_was_placed_by_a_worker_that_died_and_paid_is_found_by_asking(
    refused: PaymentRefused, checkout: Checkout, now: datetime, channel: Channels
) -> None:
    order = _order(checkout, now, state=OrderState.CREATED)
    channel.answers = {"place": refused, "query_order": said_paid(order)}
    ask_about(order_id=order.pk)
    order.refresh_from_db()
    assert order.state == OrderState.PAID


def test_what_was_placed_and_cannot_be_reached_any_more_is_closed(
    checkout: Checkout, now: datetime, channel: Channels
) -> None:
    order = _order(checkout, now, state=OrderState.CREATED)
    waiting = Said(order.number, TradeState.NOTPAY, 1000)
    channel.answers = {"place": USED, "query_order": waiting, "close_order": None}
    place_order(order_id=order.pk)
    order.refresh_from_db()
    assert order.state == OrderState.CLOSED


def test_what_the_channel_refuses_and_does_not_know_is_closed_here(
    checkout: Checkout, now: datetime, channel: Channels
) -> None:
    order = _order(checkout, now, state=OrderState.CREATED)
    channel.answers = {"place": PaymentRefused("PARAM_ERROR", ""), "query_order": UNKNOWN}
    place_order(order_id=order.pk)
    order.refresh_from_db()
    assert (order.state, order.ended_there_at) == (OrderState.CLOSED, None)


def test_a_yes_to_closing_says_nothing_of_an_order_that_is_still_on_its_way_there(
    checkout: Checkout, now: datetime, channel: Channels
) -> None:
    order = _order(checkout, now, state=OrderState.CREATED)
    channel.answers = {"close_order": None}
    close_order(order_id=order.pk)
    close_order(order_id=order.pk)
    order.refresh_from_db()
    assert (order.state, order.ended_there_at) == (OrderState.CLOSED, None)
    PaymentOrder.objects.update(closed_at=now - MAY_STILL_ARRIVE)
    close_order(order_id=order.pk)
    order.refresh_from_db()
    assert order.ended_there_at


def _closed_unknown(order: PaymentOrder, channel: Channels, *, ago: timedelta = MAY_STILL_ARRIVE) -> None:
    """Closed here while the channel did not know it; a worker that died has told the channel of it since."""
    channel.answers = {"close_order": UNKNOWN}
    close_order(order_id=order.pk)
    PaymentOrder.objects.update(closed_at=clock.now() - ago, last_asked_at=clock.now() - PAUSE * 2)


def test_an_order_that_arrived_at_the_channel_after_it_was_closed_here_is_closed_there(
    order: PaymentOrder, channel: Channels
) -> None:
    _closed_unknown(order, channel)
    assert jobs() == ["payments.close_order"]
    channel.answers = {"close_order": PaymentUnanswered()}
    close_order(order_id=order.pk)
    PaymentOrder.objects.update(last_asked_at=clock.now() - PAUSE * 2)
    assert jobs() == ["payments.close_order"]
    channel.answers = {"close_order": None}
    close_order(order_id=order.pk)
    order.refresh_from_db()
    assert order.ended_there_at
    assert jobs() == []


def test_money_that_came_for_such_an_order_goes_back(order: PaymentOrder, channel: Channels) -> None:
    _closed_unknown(order, channel)
    channel.answers = {"close_order": PAID_THERE, "query_order": said_paid(order)}
    close_order(order_id=order.pk)
    order.refresh_from_db()
    assert order.state == OrderState.LATE
    assert Refund.objects.get().amount == order.amount


@pytest.mark.parametrize(
    ("ago", "scene", "is_over"),
    [
        (PAUSE, Scene.NATIVE, False),
        (MAY_STILL_ARRIVE, Scene.NATIVE, True),
        (MAY_STILL_ARRIVE, Scene.WAP, False),
    ],
    ids=["may be on its way", "was never sent", "hangs on an address she may still open"],
)
def test_what_the_channel_still_does_not_know_is_looked_after_while_it_may_arrive(
    ago: timedelta, scene: Scene, is_over: bool, order: PaymentOrder, channel: Channels
) -> None:
    PaymentOrder.objects.update(scene=scene)
    _closed_unknown(order, channel, ago=ago)
    close_order(order_id=order.pk)
    order.refresh_from_db()
    assert bool(order.ended_there_at) == is_over


def test_nobody_looks_after_it_when_its_time_is_over(order: PaymentOrder, channel: Channels) -> None:
    _closed_unknown(order, channel)
    PaymentOrder.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert jobs() == []


def test_a_wish_whose_job_is_lost_is_carried_out_by_the_sweeper(order: PaymentOrder) -> None:
    want_closed(order_id=order.pk, at=clock.now() - PAUSE * 2)
    assert jobs() == ["payments.close_order"]


def test_the_same_contradiction_is_no_news_another_one_is(order: PaymentOrder, channel: Channels) -> None:
    channel.answers = {"query_order": said_paid(order, 999)}
    ask_about(order_id=order.pk)
    row = PaymentIncident.objects.get()
    settle_incident(incident_id=row.pk, note="与微信客服核对", by=UserFactory(), at=clock.now())
    PaymentIncident.objects.update(on=row.on - timedelta(days=1))
    ask_about(order_id=order.pk)
    row.refresh_from_db()
    assert (row.settled_at is None, row.times) == (False, 2)
    assert AuditEntry.objects.filter(action="payments.order.contradicted").count() == 1
    channel.answers = {"query_order": said_paid(order, 998)}
    ask_about(order_id=order.pk)
    assert PaymentIncident.objects.filter(settled_at=None).get().facts["fen"] == 998


def test_a_contradicted_order_waits_for_a_person_and_stopping_ends_it(
    order: PaymentOrder, checkout: Checkout, channel: Channels
) -> None:
    channel.answers = {"close_order": PAID_THERE, "query_order": said_paid(order, 999)}
    close_order(order_id=order.pk)
    order.refresh_from_db()
    assert order.state == OrderState.PLACED
    stop(checkout_id=checkout.pk, reason="金额不符，已人工核对", by=UserFactory(), at=clock.now())
    close_order(order_id=order.pk)
    order.refresh_from_db()
    checkout.refresh_from_db()
    checkout.bill.refresh_from_db()
    states = (order.state, checkout.state, checkout.bill.state)
    assert states == (OrderState.CLOSED, CheckoutState.CLOSED, BillState.VOID)
    assert PaymentIncident.objects.filter(settled_at=None).get().order == order


def test_pushing_asks_anew_for_every_refund_that_failed(checkout: Checkout, now: datetime) -> None:
    order = _order(checkout, now, state=OrderState.PAID)
    for number, amount in enumerate(("3.00", "4.00")):
        made.refund(
            order,
            at=now,
            state=RefundState.FAILED,
            amount=amount,
            number=f"R{number}",
            key=f"{number}",
            failure="NOT_ENOUGH: 余额不足",
        )
    Checkout.objects.update(state=CheckoutState.REFUNDING)
    push(checkout_id=checkout.pk, by=UserFactory(), at=now)
    again = Refund.objects.filter(state=RefundState.REQUESTED).order_by("pk")
    assert [str(refund.amount) for refund in again] == ["4.00", "3.00"], "the newest first"
    push(checkout_id=checkout.pk, by=UserFactory(), at=now)
    assert Refund.objects.count() == 4


def test_pushing_looks_again_at_a_refund_that_lies_at_the_channel(checkout: Checkout, now: datetime) -> None:
    order = _order(checkout, now, state=OrderState.PAID)
    made.refund(order, at=now, state=RefundState.FAILED, failure=f"{HeldBack.ABNORMAL}: 账户异常")
    Checkout.objects.update(state=CheckoutState.REFUNDING)
    OutboxJob.objects.all().delete()
    push(checkout_id=checkout.pk, by=UserFactory(), at=now)
    assert list(OutboxJob.objects.values_list("task_name", flat=True)) == ["payments.look_at_held_back"]
