"""From the priced visit into the queue, and money that comes too late."""

from datetime import datetime, timedelta

import pytest

from billing.models import Bill
from checkout.states import CheckoutState
from consultations import operations
from consultations.errors import StepsMissing
from consultations.models import Place, Slot
from kernel import events
from kernel.errors import NotFoundForYou
from kernel.models import OutboxJob
from payments.events import OrderClosed
from payments.models import PaymentOrder, Refund
from registry.models import Practitioner
from tests.factories import consultations as factories
from tests.factories.consultations import (
    Booking,
    booking,
    channel_says_paid,
    channel_says_refunded,
    texts_sent,
)

pytestmark = pytest.mark.django_db


def test_a_visit_is_priced_only_after_every_step(held: Booking) -> None:
    with pytest.raises(StepsMissing) as refusal:
        held.price()
    assert {item.rule for item in refusal.value.violations} == {"C-03", "V-02", "C-01"}
    with pytest.raises(StepsMissing) as refusal:
        held.describe().price()
    assert {item.rule for item in refusal.value.violations} == {"V-02", "C-01"}
    with pytest.raises(StepsMissing) as refusal:
        held.prove().price()
    assert {item.rule for item in refusal.value.violations} == {"C-01"}
    assert not Bill.objects.exists()


def test_pricing_twice_gives_the_same_bill_to_be_paid_until_the_hold_ends(
    held: Booking, now: datetime
) -> None:
    held.prepare().price().price()
    assert Bill.objects.count() == 1
    assert held.checkout.pay_by == now + timedelta(minutes=15)


def test_nobody_prices_the_visit_of_a_stranger(held: Booking, doctor: Practitioner, now: datetime) -> None:
    held.prepare()
    stranger = factories.GuardianshipFactory().user
    with pytest.raises(NotFoundForYou):
        operations.price_visit(revisit_id=held.revisit.pk, uses_insurance=False, by=stranger, at=now)


def test_a_paid_visit_waits_and_its_place_is_hers_for_good(waiting: Booking) -> None:
    assert waiting.now().state == "waiting"
    place = Place.objects.get(revisit=waiting.revisit)
    assert place.held_until is None
    assert waiting.notices() == ["admitted"]


def test_a_payment_reported_twice_admits_once(held: Booking) -> None:
    order = held.prepare().price().open_order()
    channel_says_paid(order)
    channel_says_paid(order)
    assert held.notices() == ["admitted"]
    assert not Refund.objects.exists()


def test_a_payment_in_the_last_moment_is_hers_while_nobody_else_has_the_place(
    held: Booking, now: datetime
) -> None:
    order = held.prepare().price().open_order()
    operations.release_lapsed_holds(at=now + timedelta(minutes=16))
    assert held.now().state == "preparing", "the channel has to say first whether she has paid"
    assert OutboxJob.objects.filter(task_name="payments.close_order").count() == 1
    channel_says_paid(order)
    assert held.now().state == "waiting"


def test_money_that_comes_after_the_place_went_to_somebody_else_goes_back(
    doctor: Practitioner, now: datetime
) -> None:
    only = factories.slot(doctor, starts_at=now - timedelta(minutes=5), places=1)
    late = booking(only, at=now).prepare().price()
    order = late.open_order()
    operations.release_lapsed_holds(at=now + timedelta(minutes=16))
    PaymentOrder.objects.filter(pk=order.pk).update(state="closed")
    events.publish(OrderClosed(order.pk))
    operations.release_lapsed_holds(at=now + timedelta(minutes=16))
    quick = booking(only, at=now + timedelta(minutes=17))
    channel_says_paid(order)
    assert late.now().state == "cancelled"
    assert late.checkout.state == CheckoutState.REFUNDING
    channel_says_refunded(late.revisit)
    assert late.checkout.state == CheckoutState.REFUNDED
    assert "money_back" in late.notices()
    assert "money_back" in texts_sent()
    assert Place.objects.get(slot=only).revisit_id == quick.revisit.pk


def test_a_lapsed_hold_counts_as_free_for_who_asks(doctor: Practitioner, now: datetime) -> None:
    only = factories.slot(doctor, starts_at=now - timedelta(minutes=5), places=1)
    slow = booking(only, at=now).prepare().price()
    quick = booking(only, at=now + timedelta(minutes=15, seconds=1))
    assert slow.now().state == "cancelled"
    assert slow.checkout.state == CheckoutState.CLOSED
    assert Place.objects.get(slot=only).revisit_id == quick.revisit.pk


def test_who_lapsed_may_book_the_same_time_again(slot: Slot, held: Booking, now: datetime) -> None:
    right = held.user.guardianships.get()
    again = booking(slot, at=now + timedelta(minutes=16), right=right)
    assert again.revisit.pk != held.revisit.pk
    assert held.now().stop_code == "unpaid"
