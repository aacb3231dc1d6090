"""Open slots from schedules, and take them back."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import operations as audit
from consultations.models import Place, Schedule, Slot
from consultations.rules import slot_periods
from kernel import clock

DAYS_AHEAD = 14
LAST_MINUTE = time(23, 59)


@transaction.atomic
def open_slots(*, at: datetime, days: int = DAYS_AHEAD) -> int:
    """Open the slots of every schedule for today and the days after; returns how many were new.

    May be repeated: a slot that exists stays as it is, also when its schedule has changed since.
    """
    today = clock.day_of(at)
    made = 0
    for offset in range(days + 1):
        day = today + timedelta(days=offset)
        schedules = Schedule.objects.filter(weekday=day.isoweekday(), valid_from__lte=day)
        for schedule in schedules.exclude(valid_until__lte=day):
            made += _open_day(schedule, day)
    return made


def _open_day(schedule: Schedule, day: date) -> int:
    """The slots of one schedule on one day, with their places."""
    periods = slot_periods(
        _moment(day, schedule.starts_at), _moment(day, schedule.ends_at), schedule.slot_minutes
    )
    wanted = [
        Slot(practitioner_id=schedule.practitioner_id, schedule=schedule, starts_at=begin, ends_at=end)
        for begin, end in periods
    ]
    Slot.objects.bulk_create(wanted, ignore_conflicts=True)
    empty = Slot.objects.filter(
        schedule=schedule,
        starts_at__in=[slot.starts_at for slot in wanted],
        places__isnull=True,
        is_cancelled=False,
    )
    places = [
        Place(slot=slot, number=number) for slot in empty for number in range(1, schedule.places_per_slot + 1)
    ]
    Place.objects.bulk_create(places, ignore_conflicts=True)
    return len(places)


def _moment(day: date, at: time) -> datetime:
    """A time of a day in Asia/Shanghai; 23:59 means midnight."""
    moment = timezone.make_aware(datetime.combine(day, at))
    return moment + timedelta(minutes=1) if at == LAST_MINUTE else moment


@transaction.atomic
def cancel_slot(*, slot_id: int, by: User, at: datetime) -> Slot:
    """The doctor does not receive in this slot: nobody can book it, and whoever has gets her money back.

    A visit that the doctor has begun goes on. Cancelling twice does it once.
    """
    from consultations.operations.visits import call_off  # noqa: PLC0415 - visits builds on schedules

    slot = Slot.objects.select_for_update().get(pk=slot_id)
    if slot.is_cancelled:
        return slot
    slot.is_cancelled = True
    slot.save(update_fields=["is_cancelled"])
    audit.record("consultations.slot.cancelled", on=slot, by=by, at=at)
    # Free places go: somebody who is just taking one either has it by now and is called off below, or finds none.
    slot.places.filter(revisit__isnull=True).delete()
    for revisit in slot.revisits.filter(state__in=["preparing", "waiting"]):
        call_off(revisit_id=revisit.pk, by=by, at=at)
    return slot
