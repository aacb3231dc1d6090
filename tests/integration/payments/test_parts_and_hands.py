"""Refunds in parts, the same key, and what two persons complete by hand; the channel itself is not needed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import User
from billing.models import Bill
from kernel import clock
from kernel.errors import DomainError
from payments.errors import DeskNotPossible, RefundNotPossible
from payments.events import RefundDone
from payments.models import Channel, PaymentOrder, Refund, Scene
from payments.operations.by_hand import confirm_by_hand, note_by_hand, withdraw_by_hand
from payments.operations.refunds import ask_again, request_refund
from payments.queries import amount_left
from payments.states import OrderState, RefundState
from tests.factories import billing as charged
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bill(transactional_db: None) -> Bill:
    """10.00 yuan; its orders are written straight into the table, so no books are looked at."""
    return charged.bill()


@pytest.fixture
def user(transactional_db: None) -> User:
    """Who acts."""
    return UserFactory()


@pytest.fixture
def order(bill: Bill) -> PaymentOrder:
    """10.00 yuan paid by Alipay."""
    now = clock.now()
    return PaymentOrder.objects.create(
        bill=bill, number="P1", channel=Channel.ALIPAY, scene=Scene.WAP, amount=Decimal("10.00"),
        description="诊费", expires_at=now + timedelta(minutes=15), created_at=now, state=OrderState.PAID,
        transaction_id="T1", paid_at=now,
    )  # fmt: skip


def give_back(order: PaymentOrder, amount: str | None, key: str = "") -> Refund:
    return request_refund(
        order_id=order.pk, reason="退药", by=None, at=clock.now(), key=key,
        amount=None if amount is None else Decimal(amount),
    )  # fmt: skip


def failed(refund: Refund) -> Refund:
    Refund.objects.filter(pk=refund.pk).update(state=RefundState.FAILED, failure="NOT_ENOUGH")
    refund.refresh_from_db()
    return refund


def rules(error: pytest.ExceptionInfo[DomainError]) -> list[str]:
    return [broken.rule for broken in error.value.violations]


@pytest.mark.parametrize(
    ("amount", "rule"),
    [("10.01", "PY-11"), ("0.00", "PY-01"), ("-1.00", "PY-01"), ("1.005", "PY-01")],
)
def test_an_impossible_amount_is_refused_by_its_rule(order: PaymentOrder, amount: str, rule: str) -> None:
    with pytest.raises(RefundNotPossible) as refused:
        give_back(order, amount)
    assert rules(refused) == [rule]
    assert not Refund.objects.exists()


def test_parts_together_are_never_more_than_was_paid(order: PaymentOrder) -> None:
    give_back(order, "6.00", "a")
    with pytest.raises(RefundNotPossible) as refused:
        give_back(order, "4.01", "b")
    assert rules(refused) == ["PY-11"]
    assert give_back(order, None, "c").amount == Decimal("4.00")
    assert amount_left(order) == 0


def test_the_same_key_is_the_same_refund_and_never_another_amount(order: PaymentOrder) -> None:
    first = give_back(order, "6.00", "a")
    assert give_back(order, "6.00", "a") == first
    assert give_back(order, None, "a") == first
    with pytest.raises(RefundNotPossible) as refused:
        give_back(order, "1.00", "a")
    assert rules(refused) == ["PY-12"]


def test_a_refund_asked_for_anew_keeps_its_key_and_is_asked_for_once(order: PaymentOrder, user: User) -> None:
    first = failed(give_back(order, "6.00", "a"))
    anew = ask_again(refund_id=first.pk, by=user, at=clock.now())
    assert anew is not None
    assert (anew.key, anew.amount, anew.replaces) == ("a", Decimal("6.00"), first)
    assert anew.number != first.number
    assert ask_again(refund_id=first.pk, by=user, at=clock.now()) is None
    assert give_back(order, "6.00", "a") == anew


def test_a_failed_refund_frees_its_amount_for_others_and_then_cannot_be_asked_for_anew(
    order: PaymentOrder, user: User
) -> None:
    first = failed(give_back(order, "6.00", "a"))
    give_back(order, "5.00", "b")
    assert ask_again(refund_id=first.pk, by=user, at=clock.now()) is None
    with pytest.raises(DeskNotPossible) as refused:
        note_by_hand(refund_id=first.pk, reference="W123", by=user, at=clock.now())
    assert rules(refused) == ["PY-11"]


def test_what_one_person_notes_by_hand_a_second_one_confirms(
    order: PaymentOrder, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    refund = failed(give_back(order, "6.00"))
    heard: list[object] = []
    monkeypatch.setattr("payments.operations.by_hand.events.publish", heard.append)
    note_by_hand(refund_id=refund.pk, reference="W123", by=user, at=clock.now())
    assert amount_left(order) == Decimal("4.00"), "it counts as gone from now on"
    assert ask_again(refund_id=refund.pk, by=user, at=clock.now()) is None

    with pytest.raises(DeskNotPossible) as refused:
        confirm_by_hand(refund_id=refund.pk, by=user, at=clock.now())
    assert rules(refused) == ["PY-14"]

    other = UserFactory()
    for _time in range(2):
        done = confirm_by_hand(refund_id=refund.pk, by=other, at=clock.now())
    assert (done.state, done.hand_confirmed_by) == (RefundState.DONE, other)
    assert heard == [RefundDone(refund.pk)]


def test_a_note_may_be_withdrawn_and_the_refund_asked_for_anew(order: PaymentOrder, user: User) -> None:
    refund = failed(give_back(order, "6.00"))
    note_by_hand(refund_id=refund.pk, reference="W123", by=user, at=clock.now())
    withdraw_by_hand(refund_id=refund.pk, by=user, at=clock.now())
    with pytest.raises(DeskNotPossible):
        confirm_by_hand(refund_id=refund.pk, by=UserFactory(), at=clock.now())
    assert ask_again(refund_id=refund.pk, by=user, at=clock.now()) is not None


def test_only_a_failed_refund_is_completed_by_hand_and_with_a_number(order: PaymentOrder, user: User) -> None:
    refund = give_back(order, "6.00")
    with pytest.raises(DeskNotPossible) as under_way:
        note_by_hand(refund_id=refund.pk, reference="W123", by=user, at=clock.now())
    failed(refund)
    with pytest.raises(DeskNotPossible) as without_number:
        note_by_hand(refund_id=refund.pk, reference="  ", by=user, at=clock.now())
    assert rules(under_way)[0] == rules(without_number)[0] == "PY-13"


def test_two_who_give_back_at_once_never_give_more_than_was_paid(order: PaymentOrder) -> None:
    start = Barrier(2)

    def ask(key: str) -> str:
        try:
            start.wait()
            return give_back(order, "6.00", key).key
        except RefundNotPossible as refused:
            return refused.violations[0].rule
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        said = sorted(both.map(ask, ("a", "b")))

    assert said[0] == "PY-11"
    assert Refund.objects.count() == 1
