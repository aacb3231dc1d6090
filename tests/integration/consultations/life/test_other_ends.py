"""Visits that end without a doctor: cancelled, missed, taken off the schedule; and the money's way back."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from checkout.states import CheckoutState
from consultations import operations
from consultations.models import Place, Slot
from consultations.operations.visits import call_off
from consultations.queries import day_bounds
from kernel import clock
from kernel.errors import DomainError, NotFoundForYou
from kernel.models import OutboxJob
from kernel.workflow import IllegalTransition
from payments.models import Refund
from registry.models import Practitioner
from tests.factories import consultations as factories
from tests.factories.consultations import (
    Booking,
    booking,
    texts_sent,
)

pytestmark = pytest.mark.django_db


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
