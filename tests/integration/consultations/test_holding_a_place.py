"""Two people can never get the same place."""

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from consultations.errors import AlreadyBooked, NotReceiving, PlaceTaken
from consultations.models import Place, Revisit, Slot
from consultations.operations import cancel, hold_place, release_lapsed_holds
from kernel.errors import NotFoundForYou, RulesBroken
from registry.models import Patient, Practitioner
from tests.factories import consultations as factories
from tests.factories.registry import GuardianshipFactory, PatientFactory

pytestmark = pytest.mark.django_db


def test_a_free_place_is_held_for_fifteen_minutes(
    slot: Slot, patient: Patient, user: User, now: datetime
) -> None:
    revisit = hold_place(slot_id=slot.pk, patient_id=patient.pk, by=user, at=now)
    assert revisit.place.held_until == now + timedelta(minutes=15)
    assert revisit.state == "preparing"


def test_holding_the_same_slot_again_gives_the_same_visit(
    slot: Slot, patient: Patient, user: User, now: datetime
) -> None:
    first = hold_place(slot_id=slot.pk, patient_id=patient.pk, by=user, at=now)
    again = hold_place(slot_id=slot.pk, patient_id=patient.pk, by=user, at=now)
    assert first.pk == again.pk
    assert Revisit.objects.count() == 1


def test_who_comes_second_is_told_the_next_free_places(
    slot: Slot, doctor: Practitioner, patient: Patient, user: User, now: datetime
) -> None:
    later = factories.slot(doctor, starts_at=now + timedelta(hours=1))
    hold_place(slot_id=slot.pk, patient_id=patient.pk, by=user, at=now)
    other = GuardianshipFactory()
    with pytest.raises(PlaceTaken) as refusal:
        hold_place(slot_id=slot.pk, patient_id=other.patient.pk, by=other.user, at=now)
    assert [free.pk for free in refusal.value.next_free] == [later.pk]


def test_a_patient_has_one_visit_with_a_doctor_on_a_day(
    slot: Slot, doctor: Practitioner, patient: Patient, user: User, now: datetime
) -> None:
    hold_place(slot_id=slot.pk, patient_id=patient.pk, by=user, at=now)
    second = factories.slot(doctor, starts_at=slot.starts_at + timedelta(seconds=1))
    with pytest.raises(AlreadyBooked):
        hold_place(slot_id=second.pk, patient_id=patient.pk, by=user, at=now)


def test_nobody_books_for_a_patient_who_is_not_hers(slot: Slot, user: User, now: datetime) -> None:
    with pytest.raises(NotFoundForYou):
        hold_place(slot_id=slot.pk, patient_id=PatientFactory().pk, by=user, at=now)


def test_a_slot_that_is_over_cannot_be_booked(
    slot: Slot, patient: Patient, user: User, now: datetime
) -> None:
    with pytest.raises(NotReceiving):
        hold_place(slot_id=slot.pk, patient_id=patient.pk, by=user, at=slot.ends_at)


def test_q_01_a_doctor_with_two_years_of_practice_does_not_receive(
    slot: Slot, doctor: Practitioner, patient: Patient, user: User, now: datetime
) -> None:
    doctor.practising_since = (now - timedelta(days=800)).date()
    doctor.save()
    with pytest.raises(NotReceiving) as refusal:
        hold_place(slot_id=slot.pk, patient_id=patient.pk, by=user, at=now)
    assert [item.rule for item in refusal.value.violations] == ["Q-01"]


def test_v_10_and_c_02_are_checked_when_the_place_is_taken(slot: Slot, user: User, now: datetime) -> None:
    child = PatientFactory(born_on=(now - timedelta(days=5 * 365)).date(), verified_at=None)
    GuardianshipFactory(user=user, patient=child, relation="child")
    with pytest.raises(RulesBroken) as refusal:
        hold_place(slot_id=slot.pk, patient_id=child.pk, by=user, at=now)
    assert {item.rule for item in refusal.value.violations} == {"C-02", "V-10"}
    assert Place.objects.get(slot=slot).revisit is None


def test_a_place_that_is_not_paid_in_time_is_free_again(
    slot: Slot, patient: Patient, user: User, now: datetime
) -> None:
    revisit = hold_place(slot_id=slot.pk, patient_id=patient.pk, by=user, at=now)
    release_lapsed_holds(at=now + timedelta(minutes=15))
    revisit.refresh_from_db()
    assert revisit.state == "preparing", "the fifteenth minute is not over at its first moment"
    release_lapsed_holds(at=now + timedelta(minutes=15, seconds=1))
    revisit.refresh_from_db()
    assert revisit.state == "cancelled"
    assert Place.objects.get(slot=slot).revisit is None


def test_a_cancelled_place_is_free_again(slot: Slot, patient: Patient, user: User, now: datetime) -> None:
    revisit = hold_place(slot_id=slot.pk, patient_id=patient.pk, by=user, at=now)
    cancel(revisit_id=revisit.pk, by=user, at=now)
    cancel(revisit_id=revisit.pk, by=user, at=now)
    assert Place.objects.get(slot=slot).revisit is None
