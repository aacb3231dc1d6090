"""From the priced visit to its end, and the money's way back."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from audit.operations import first_break
from billing.models import Bill
from checkout.states import CheckoutState
from consultations import operations
from consultations.errors import NotFinished, StepsMissing
from consultations.models import Decision, Place, Slot
from consultations.operations.visits import call_off
from consultations.queries import QueuePlace, average_minutes, day_bounds, queue_of, queue_place
from kernel import clock, events
from kernel.errors import DomainError, NotFoundForYou
from kernel.models import OutboxJob
from kernel.workflow import IllegalTransition
from payments.events import OrderClosed
from payments.models import PaymentOrder, Refund
from registry.models import Practitioner
from tests.factories import consultations as factories
from tests.factories.consultations import Booking, booking, channel_says_paid, channel_says_refunded
from tests.factories.encounters import another_doctor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def now() -> datetime:
    """A quarter past noon today, so that the day does not end under the test."""
    begin, _end = day_bounds(clock.day_of(clock.now()))
    return begin + timedelta(hours=12, minutes=15)


@pytest.fixture
def slot(doctor: Practitioner, now: datetime) -> Slot:
    """An hour that began fifteen minutes ago, with four places."""
    return factories.slot(doctor, starts_at=now - timedelta(minutes=15), places=4, minutes=60)


@pytest.fixture
def held(slot: Slot, now: datetime) -> Booking:
    """A held place."""
    return booking(slot, at=now)


@pytest.fixture
def waiting(held: Booking) -> Booking:
    """A paid visit."""
    return held.prepare().price().pay()


def notices(visit: Booking) -> list[str]:
    """What the system has said in the conversation."""
    return list(visit.now().messages.filter(kind="notice").values_list("text", flat=True))


def texts_sent() -> list[str]:
    """Templates of the text messages that will be sent."""
    jobs = OutboxJob.objects.filter(task_name="accounts.send_text").order_by("pk")
    return [job.arguments["template"] for job in jobs]


# --- Pricing ----------------------------------------------------------------------------------------


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


# --- Into the queue ---------------------------------------------------------------------------------


def test_a_paid_visit_waits_and_its_place_is_hers_for_good(waiting: Booking) -> None:
    assert waiting.now().state == "waiting"
    place = Place.objects.get(revisit=waiting.revisit)
    assert place.held_until is None
    assert notices(waiting) == ["admitted"]


def test_a_payment_reported_twice_admits_once(held: Booking) -> None:
    order = held.prepare().price().open_order()
    channel_says_paid(order)
    channel_says_paid(order)
    assert notices(held) == ["admitted"]
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
    assert "money_back" in notices(late)
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


# --- The queue --------------------------------------------------------------------------------------


def test_the_queue_goes_by_slot_then_by_payment(doctor: Practitioner, slot: Slot, now: datetime) -> None:
    later = factories.slot(doctor, starts_at=now + timedelta(minutes=15), places=4)
    third = booking(later, at=now).prepare().price().pay()
    first = booking(slot, at=now).prepare().price().pay()
    second = booking(slot, at=now).prepare().price().pay()
    booking(slot, at=now)
    queue = [visit.pk for visit in queue_of(doctor, clock.day_of(now))]
    assert queue == [first.revisit.pk, second.revisit.pk, third.revisit.pk]
    # 10 minutes a visit while the day is young; never before the slot begins.
    assert queue_place(first.now(), at=now) == QueuePlace(0, 0)
    assert queue_place(second.now(), at=now) == QueuePlace(1, 10)
    assert queue_place(third.now(), at=now) == QueuePlace(2, 20)
    assert queue_place(third.now(), at=now - timedelta(minutes=10)) == QueuePlace(2, 25)


def test_the_estimate_is_the_average_of_the_visits_that_have_ended(
    doctor: Practitioner, slot: Slot, now: datetime
) -> None:
    for minutes in (6, 9):
        visit = booking(slot, at=now).prepare().price().pay().begin().decide().sign()
        visit.complete(at=now + timedelta(minutes=minutes))
    # (6 + 9) / 2 = 7.5, rounded half to even
    assert average_minutes(doctor, at=now + timedelta(minutes=10)) == 8
    assert average_minutes(doctor, at=now + timedelta(days=2)) == 10


def test_who_is_being_seen_counts_as_one_ahead(slot: Slot, now: datetime) -> None:
    first = booking(slot, at=now).prepare().price().pay().begin()
    second = booking(slot, at=now).prepare().price().pay()
    assert queue_place(first.now(), at=now) is None
    assert queue_place(second.now(), at=now) == QueuePlace(1, 10)


def test_a_visit_that_goes_on_past_midnight_stays_in_the_queue(doctor: Practitioner, now: datetime) -> None:
    _begin, midnight = day_bounds(clock.day_of(now))
    last = factories.slot(doctor, starts_at=midnight - timedelta(minutes=30))
    visit = booking(last, at=now).prepare().price().pay().begin()
    tomorrow = clock.day_of(midnight)
    assert [found.pk for found in queue_of(doctor, tomorrow)] == [visit.revisit.pk]


# --- The doctor -------------------------------------------------------------------------------------


def test_the_doctor_begins_once(waiting: Booking) -> None:
    waiting.begin().begin()
    assert waiting.now().state == "in_progress"
    assert waiting.now().encounter.begun_at == waiting.at
    assert notices(waiting) == ["admitted", "begun"]
    assert texts_sent() == ["visit_begun"]


def test_a_visit_that_is_not_paid_cannot_be_begun(held: Booking) -> None:
    with pytest.raises(NotFoundForYou):
        held.begin()


def test_another_doctor_neither_begins_nor_stops_it(waiting: Booking, now: datetime) -> None:
    other = another_doctor().user
    assert other is not None
    with pytest.raises(NotFoundForYou):
        operations.begin_visit(revisit_id=waiting.revisit.pk, by=other, at=now)
    with pytest.raises(NotFoundForYou):
        operations.stop_visit(revisit_id=waiting.revisit.pk, code="other", reason="", by=other, at=now)


def test_v_05_yes_clears_the_visit_for_prescribing_once(waiting: Booking) -> None:
    waiting.begin().decide().decide()
    assert waiting.now().encounter.cleared_at == waiting.at
    assert notices(waiting).count("confirmed") == 1
    with pytest.raises(DomainError):
        waiting.decide(Decision.NOT_REVISIT)


def test_v_05_no_stops_the_visit_and_the_money_goes_back(waiting: Booking) -> None:
    waiting.begin().decide(Decision.NOT_REVISIT)
    visit = waiting.now()
    assert (visit.state, visit.stop_code) == ("stopped", "not_revisit")
    assert visit.encounter.cleared_at is None
    assert waiting.checkout.state == CheckoutState.REFUNDING


def test_a_decision_needs_a_visit_that_has_begun(waiting: Booking) -> None:
    with pytest.raises(DomainError):
        waiting.decide()


@pytest.mark.parametrize("begun", [False, True], ids=["waiting", "in progress"])
def test_v_06_the_doctor_stops_a_visit_and_the_money_goes_back_once(
    waiting: Booking, now: datetime, *, begun: bool
) -> None:
    if begun:
        waiting.begin()
    for _time in range(2):
        operations.stop_visit(
            revisit_id=waiting.revisit.pk,
            code="needs_examination",
            reason="请先做心电图。",
            by=waiting.doctor,
            at=now,
        )
    visit = waiting.now()
    assert (visit.state, visit.stop_code, visit.stop_reason) == (
        "stopped",
        "needs_examination",
        "请先做心电图。",
    )
    assert visit.encounter.ended_at == now
    assert Refund.objects.count() == 1
    channel_says_refunded(visit)
    assert waiting.checkout.state == CheckoutState.REFUNDED
    assert notices(waiting)[-2:] == ["stopped", "money_back"]
    assert texts_sent()[-2:] == ["visit_stopped", "money_back"]


def test_stopping_needs_a_reason_of_the_list(waiting: Booking, now: datetime) -> None:
    with pytest.raises(DomainError) as refusal:
        operations.stop_visit(
            revisit_id=waiting.revisit.pk, code="tired", reason="", by=waiting.doctor, at=now
        )
    assert refusal.value.field == "code"
    assert waiting.now().state == "waiting"


def test_a_visit_is_finished_after_decision_and_signed_record_only(waiting: Booking) -> None:
    waiting.begin()
    with pytest.raises(NotFinished):
        waiting.complete()
    waiting.decide()
    with pytest.raises(NotFinished):
        waiting.complete()
    waiting.sign().complete().complete()
    visit = waiting.now()
    assert (visit.state, visit.ended_at) == ("completed", waiting.at)
    assert notices(waiting) == ["admitted", "begun", "confirmed", "finished"]
    assert first_break(visit) is None


def test_a_finished_visit_cannot_be_stopped(waiting: Booking, now: datetime) -> None:
    waiting.begin().decide().sign().complete()
    with pytest.raises(IllegalTransition):
        operations.stop_visit(
            revisit_id=waiting.revisit.pk, code="other", reason="", by=waiting.doctor, at=now
        )
    assert not Refund.objects.exists()


# --- Other ends -------------------------------------------------------------------------------------


def test_she_cancels_before_it_begins_and_gets_her_money_back_once(waiting: Booking, now: datetime) -> None:
    for _time in range(2):
        operations.cancel(revisit_id=waiting.revisit.pk, by=waiting.user, at=now)
    assert (waiting.now().state, waiting.now().stop_code) == ("cancelled", "cancelled")
    assert not Place.objects.filter(revisit=waiting.revisit).exists()
    assert Refund.objects.count() == 1


def test_she_cannot_cancel_once_the_doctor_has_begun(waiting: Booking, now: datetime) -> None:
    waiting.begin()
    with pytest.raises(IllegalTransition):
        operations.cancel(revisit_id=waiting.revisit.pk, by=waiting.user, at=now)
    assert not Refund.objects.exists()


def test_a_stranger_cannot_cancel(waiting: Booking, now: datetime) -> None:
    with pytest.raises(NotFoundForYou):
        operations.cancel(revisit_id=waiting.revisit.pk, by=factories.GuardianshipFactory().user, at=now)


def test_whom_no_doctor_has_received_by_midnight_gets_her_money_back(waiting: Booking, now: datetime) -> None:
    _begin, midnight = day_bounds(clock.day_of(now))
    assert operations.close_missed(at=midnight - timedelta(seconds=1)) == 0
    assert operations.close_missed(at=midnight) == 1
    assert operations.close_missed(at=midnight) == 0
    assert (waiting.now().state, waiting.now().stop_code) == ("missed", "doctor_away")
    assert waiting.checkout.state == CheckoutState.REFUNDING
    assert "visit_missed" in texts_sent()


def test_a_hospital_may_give_the_money_back_sooner(waiting: Booking, settings: Any) -> None:
    settings.REVISIT_MISSED_AFTER_MINUTES = 30
    ends = waiting.now().slot.ends_at
    assert operations.close_missed(at=ends + timedelta(minutes=29)) == 0
    assert operations.close_missed(at=ends + timedelta(minutes=30)) == 1


def test_a_visit_under_way_is_never_missed(waiting: Booking, now: datetime) -> None:
    waiting.begin()
    assert operations.close_missed(at=now + timedelta(days=1)) == 0
    call_off(revisit_id=waiting.revisit.pk, by=None, at=now)
    assert waiting.now().state == "in_progress"


def test_a_cancelled_slot_sends_everybody_home_with_their_money(
    slot: Slot, waiting: Booking, now: datetime
) -> None:
    preparing = booking(slot, at=now).prepare().price()
    begun = booking(slot, at=now).prepare().price().pay().begin()
    for _time in range(2):
        operations.cancel_slot(slot_id=slot.pk, by=waiting.doctor, at=now)
    assert waiting.now().state == "missed"
    assert preparing.now().state == "cancelled"
    assert preparing.checkout.state == CheckoutState.CLOSED
    assert begun.now().state == "in_progress"
    assert Refund.objects.count() == 1
    assert not slot.places.filter(revisit__isnull=True, slot__is_cancelled=False).exists()


def test_a_cancelled_slot_is_not_opened_again(slot: Slot, doctor: Practitioner, now: datetime) -> None:
    assert doctor.user is not None
    operations.cancel_slot(slot_id=slot.pk, by=doctor.user, at=now)
    operations.open_slots(at=now)
    with pytest.raises(DomainError):
        booking(slot, at=now)


def test_an_outer_rollback_sends_nothing(
    waiting: Booking, now: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    class OuterFailure(Exception):
        """Whoever called has failed."""

    jobs = set(OutboxJob.objects.values_list("pk", flat=True))
    with django_capture_on_commit_callbacks() as callbacks:
        with pytest.raises(OuterFailure), transaction.atomic():
            operations.stop_visit(
                revisit_id=waiting.revisit.pk, code="other", reason="", by=waiting.doctor, at=now
            )
            raise OuterFailure
        assert waiting.now().state == "waiting"
    assert set(OutboxJob.objects.values_list("pk", flat=True)) == jobs
    assert not callbacks


def test_the_queue_takes_as_many_statements_for_one_as_for_three(
    doctor: Practitioner, now: datetime, django_assert_num_queries: Any
) -> None:
    slot = factories.slot(doctor, starts_at=now - timedelta(minutes=5), places=3)

    def everything_shown() -> list[tuple[str, ...]]:
        return [
            (
                visit.encounter.patient.name,
                visit.encounter.department.name,
                str(visit.encounter.known_disease),
            )
            for visit in queue_of(doctor, clock.day_of(now))
        ]

    booking(slot, at=now).prepare().price().pay()
    with django_assert_num_queries(1):
        assert len(everything_shown()) == 1
    for _more in range(2):
        booking(slot, at=now).prepare().price().pay()
    with django_assert_num_queries(1):
        assert len(everything_shown()) == 3
