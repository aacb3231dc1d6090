"""Schedules and slots in the administration."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from consultations.models import Schedule, Slot
from kernel import clock
from registry.models import Practitioner
from tests.factories.accounts import administrator


@pytest.fixture
def desk(client: Client, db: None) -> Client:
    """The administrator's browser."""
    client.force_login(administrator(), backend="django.contrib.auth.backends.ModelBackend")
    return client


def schedule_form(doctor: Practitioner, now: datetime) -> dict[str, object]:
    """Every day of this weekday from nine to ten, two slots of three places."""
    today = clock.day_of(now)
    return {
        "practitioner": doctor.pk, "weekday": today.isoweekday(), "starts_at": "09:00", "ends_at": "10:00",
        "slot_minutes": 30, "places_per_slot": 3, "valid_from": today.isoformat(), "valid_until": "",
    }  # fmt: skip


@pytest.mark.parametrize("model", ["schedule", "slot"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_list_opens_in_both_languages(desk: Client, slot: Slot, model: str, language: str) -> None:
    desk.cookies["django_language"] = language

    assert desk.get(reverse(f"admin:consultations_{model}_changelist")).status_code == 200


def test_saving_a_schedule_opens_its_slots(desk: Client, doctor: Practitioner, now: datetime) -> None:
    saved = desk.post(reverse("admin:consultations_schedule_add"), schedule_form(doctor, now))

    assert saved.status_code == 302
    # Today, in one week and in two: two slots of three places each.
    assert Slot.objects.filter(practitioner=doctor).count() == 6
    assert Slot.objects.filter(places__isnull=False).count() == 18
    assert AuditEntry.objects.filter(action="consultations.schedule.made").exists()


def test_hours_that_run_backwards_are_refused_beside_the_form(
    desk: Client, doctor: Practitioner, now: datetime
) -> None:
    form = schedule_form(doctor, now) | {"ends_at": "08:00"}

    page = desk.post(reverse("admin:consultations_schedule_add"), form)

    assert page.status_code == 200
    assert not Schedule.objects.exists()


def test_a_cancelled_slot_can_be_booked_by_nobody(desk: Client, slot: Slot) -> None:
    chosen = {"action": "cancel", "_selected_action": [slot.pk]}

    desk.post(reverse("admin:consultations_slot_changelist"), chosen)

    slot.refresh_from_db()
    assert slot.is_cancelled
    assert AuditEntry.objects.filter(action="consultations.slot.cancelled").count() == 1


def test_a_slot_itself_is_only_looked_at(desk: Client, slot: Slot) -> None:
    address = reverse("admin:consultations_slot_change", args=[slot.pk])

    desk.post(address, {"ends_at_0": "2030-01-01", "ends_at_1": "10:00"})

    before = slot.ends_at
    slot.refresh_from_db()
    assert slot.ends_at == before
    assert slot.ends_at - slot.starts_at == timedelta(minutes=30)
