"""A notification before its order is committed, money for an order of nobody, and other currencies."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from billing.models import Bill
from kernel import clock
from payments.gateway.trade import Notification, OrderState, TradeState
from payments.models import Channel, IncidentKind, PaymentIncident, PaymentNotification, PaymentOrder, Scene
from payments.operations import notifications
from payments.operations.incidents import settle_incident
from payments.operations.recording import record_order
from payments.states import OrderState as Ours
from tests.factories import billing as charged
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bill(transactional_db: None) -> Bill:
    """10.00 yuan; its orders are written straight into the table, so no books are looked at."""
    return charged.bill()


SAID = OrderState("P1", TradeState.SUCCESS, 1000, 1000, "T1", paid_at=clock.now(), currency="CNY")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The channel tells of a payment."""
    said = Notification("N1", "TRANSACTION.SUCCESS", clock.now(), order=SAID)
    channel = SimpleNamespace(parse_notification=lambda headers, body: said)
    monkeypatch.setattr(notifications, "gateway_of", lambda name: channel)
    notifications.receive_notification({}, b"", at=clock.now())


def commit_order(bill: Bill, *, state: Ours = Ours.CREATED) -> PaymentOrder:
    now = clock.now()
    return PaymentOrder.objects.create(
        bill=bill, number="P1", channel=Channel.WECHAT, scene=Scene.H5, amount=Decimal("10.00"), state=state,
        description="诊费", expires_at=now + timedelta(minutes=15), created_at=now,
    )  # fmt: skip


@pytest.fixture
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """No checkout stands above these orders."""
    monkeypatch.setattr("payments.operations.recording.events.publish", lambda event: None)


@pytest.mark.usefixtures("told", "_quiet")
def test_what_came_before_its_order_is_taken_over_once_it_is_there(bill: Bill) -> None:
    assert notifications.take_waiting(at=clock.now()) == 0
    order = commit_order(bill)
    assert notifications.take_waiting(at=clock.now()) == 1
    order.refresh_from_db()
    assert (order.state, order.transaction_id) == (Ours.PAID, "T1")
    assert notifications.take_waiting(at=clock.now()) == 0
    assert PaymentNotification.objects.get().waiting is None


@pytest.mark.usefixtures("told")
def test_money_for_an_order_of_nobody_is_shown_to_a_person() -> None:
    notifications.take_waiting(at=clock.now() + notifications.GIVE_UP_AFTER)
    seen = PaymentIncident.objects.get()
    assert (seen.kind, seen.subject, seen.facts["fen"]) == (IncidentKind.UNKNOWN_ORDER, "P1", 1000)


@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize(
    ("said", "rule"),
    [
        (replace(SAID, amount_fen=999), "PY-04"),
        (replace(SAID, currency="USD"), "PY-04"),
        (replace(SAID, is_ours=False), "PY-05"),
    ],
    ids=["another amount", "another currency", "another account"],
)
def test_what_is_not_ours_pays_nothing_and_is_shown_once_a_day(
    bill: Bill, said: OrderState, rule: str
) -> None:
    order = commit_order(bill, state=Ours.PLACED)
    for _time in range(2):
        record_order(said, at=clock.now())
    order.refresh_from_db()
    seen = PaymentIncident.objects.get()
    assert order.state == Ours.PLACED
    assert (seen.kind, seen.times, seen.facts["rules"]) == (IncidentKind.CONTRADICTED, 2, [rule])


@pytest.mark.usefixtures("_quiet")
def test_a_second_payment_of_a_paid_order_is_shown(bill: Bill) -> None:
    order = commit_order(bill, state=Ours.PLACED)
    record_order(SAID, at=clock.now())
    record_order(replace(SAID, transaction_id="T2"), at=clock.now())
    order.refresh_from_db()
    assert order.transaction_id == "T1"
    assert PaymentIncident.objects.get().facts["transaction"] == "T2"


@pytest.mark.usefixtures("_quiet")
def test_a_settled_incident_that_goes_on_otherwise_is_open_again(bill: Bill) -> None:
    commit_order(bill, state=Ours.PLACED)
    record_order(replace(SAID, amount_fen=1), at=clock.now())
    row = PaymentIncident.objects.get()
    settle_incident(incident_id=row.pk, note="与微信客服核对", by=UserFactory(), at=clock.now())
    record_order(replace(SAID, amount_fen=2), at=clock.now())
    row.refresh_from_db()
    assert (row.settled_at, row.times) == (None, 2)
