"""Who may see which visit, what is free, and how the queue stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, F, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from consultations.models import ChatMessage, ReadMark, Revisit, Slot
from consultations.rules import NOTICES, USUAL_MINUTES, DoctorFacts, cancelled_when, estimated_minutes
from consultations.states import RevisitState
from kernel import clock
from kernel.errors import DomainError, NotFoundForYou
from kernel.presentation import clock_time
from pricing.queries import quote_for
from pricing.rules import Quote, ServiceLine
from pricing.rules.codes import ONLINE_REVISIT
from refunds.queries.policies import policy_for
from refunds.rules.situations import Gives
from registry.models import Department, Practitioner
from registry.models.practitioners import Profession, QualificationKind
from registry.queries import patients_of

LIVE = (RevisitState.PREPARING, RevisitState.WAITING, RevisitState.IN_PROGRESS)
IN_QUEUE = (RevisitState.WAITING, RevisitState.IN_PROGRESS)
AVERAGE_OF = timedelta(days=1)


def _visits() -> QuerySet[Revisit]:
    """Revisits with everything that pages show of them."""
    return Revisit.objects.select_related(
        "encounter__patient",
        "encounter__practitioner__user",
        "encounter__practitioner__institution",
        "encounter__practitioner__department",
        "encounter__department",
        "encounter__institution",
        "encounter__known_disease",
        "encounter__coverage",
        "slot",
        "bill__checkout",
    )


def visits_of(user: User) -> QuerySet[Revisit]:
    """Visits of the patients she may act for, newest first."""
    mine = Q(encounter__patient__in=patients_of(user).order_by())
    return _visits().filter(mine).order_by("-slot__starts_at", "-pk")


def visit_for(user: User, number: str) -> Revisit:
    """One of her patients' visits.

    Raises:
        NotFoundForYou: there is none with this number, or it is not hers.
    """
    found = visits_of(user).filter(encounter__number=number).first()
    if found is None:
        raise NotFoundForYou
    return found


def visit_of_doctor(user: User, number: str) -> Revisit:
    """A visit that this doctor holds.

    Raises:
        NotFoundForYou: there is none with this number, or it is another doctor's.
    """
    mine = _visits().filter(encounter__practitioner__user=user, encounter__practitioner__is_active=True)
    found = mine.filter(encounter__number=number).exclude(state=RevisitState.PREPARING).first()
    if found is None:
        raise NotFoundForYou
    return found


def visit_of_participant(user: User, number: str) -> tuple[Revisit, bool]:
    """The visit, and whether the user is its doctor.

    Raises:
        NotFoundForYou: the user takes no part in it.
    """
    try:
        return visit_of_doctor(user, number), True
    except NotFoundForYou:
        return visit_for(user, number), False


def open_departments() -> QuerySet[Department]:
    """Departments that receive online, each with its doctors that may, best title first."""
    return (
        Department.objects.filter(is_open_online=True, practitioners__in=receiving_doctors())
        .distinct()
        .select_related("institution")
        .prefetch_related(Prefetch("practitioners", queryset=receiving_doctors(), to_attr="doctors"))
    )


def receiving_doctors() -> QuerySet[Practitioner]:
    """Active doctors of open departments."""
    return (
        Practitioner.objects.filter(
            profession=Profession.DOCTOR, is_active=True, department__is_open_online=True, user__isnull=False
        )
        .select_related("department", "institution")
        .order_by("title", "pk")
    )


def doctor_facts(practitioner: Practitioner, on: date) -> DoctorFacts:
    """What the receiving rules look at."""
    certified = practitioner.qualifications.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=on),
        kind=QualificationKind.PRACTICE,
        valid_from__lte=on,
        verified_at__isnull=False,
    )
    return DoctorFacts(
        is_doctor=practitioner.profession == Profession.DOCTOR,
        is_active=practitioner.is_active,
        independent_years=practitioner.independent_years_on(on),
        department_open=practitioner.department.is_open_online,
        practice_certified=certified.exists(),
    )


def slots_of(practitioner: Practitioner, *, begin: datetime, end: datetime) -> QuerySet[Slot]:
    """Slots that end in ``[begin, end)``, earliest first, with ``free`` places counted."""
    return (
        Slot.objects.filter(
            practitioner=practitioner, is_cancelled=False, ends_at__gt=begin, starts_at__lt=end
        )
        .annotate(free=Count("places", filter=Q(places__revisit__isnull=True)))
        .order_by("starts_at")
    )


def next_free(practitioner: Practitioner, *, at: datetime, most: int = 3) -> list[Slot]:
    """The next slots with a free place, earliest first; may be empty."""
    with_places = slots_of(practitioner, begin=at, end=at + timedelta(days=14)).filter(
        places__revisit__isnull=True
    )
    return list(with_places.distinct()[:most])


def first_free_of(practitioners: Sequence[Practitioner], *, at: datetime) -> dict[int, Slot]:
    """Practitioner id -> her next slot with a free place; one statement for all."""
    free = (
        Slot.objects.filter(
            practitioner__in=practitioners, is_cancelled=False, ends_at__gt=at, places__revisit__isnull=True
        )
        .order_by("practitioner_id", "starts_at")
        .distinct("practitioner_id")
    )
    return {slot.practitioner_id: slot for slot in free}


def queue_of(practitioner: Practitioner, day: date) -> list[Revisit]:
    """Who waits or is being seen, in the order of being called; a constant number of statements."""
    waits = Q(state=RevisitState.WAITING, encounter__service_on=day)
    # A visit that goes on past midnight is still hers.
    queue = _visits().filter(waits | Q(state=RevisitState.IN_PROGRESS), encounter__practitioner=practitioner)
    return list(queue.order_by("slot__starts_at", "admitted_at", "pk"))


def seen_on(practitioner: Practitioner, day: date) -> list[Revisit]:
    """Visits of the day that have ended after they began or were stopped, latest first."""
    ended = [RevisitState.COMPLETED, RevisitState.STOPPED]
    seen = _visits().filter(encounter__practitioner=practitioner, encounter__service_on=day, state__in=ended)
    return list(seen.order_by("-ended_at"))


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """How a waiting visit stands."""

    ahead: int
    """Visits before hers, the one being seen included."""
    minutes: int
    """Estimated minutes until her turn."""


def queue_place(revisit: Revisit, *, at: datetime) -> QueuePlace | None:
    """Her place while she waits; None otherwise."""
    if revisit.state != RevisitState.WAITING:
        return None
    encounter = revisit.encounter
    order = [visit.pk for visit in queue_of(encounter.practitioner, encounter.service_on)]
    ahead = order.index(revisit.pk) if revisit.pk in order else 0
    minutes = estimated_minutes(
        ahead, average_minutes(encounter.practitioner, at=at), revisit.slot.starts_at - at
    )
    return QueuePlace(ahead, minutes)


def average_minutes(practitioner: Practitioner, *, at: datetime) -> int:
    """Average length in whole minutes of this doctor's visits of the last day, at least 1."""
    done = Revisit.objects.filter(
        encounter__practitioner=practitioner,
        state=RevisitState.COMPLETED,
        ended_at__gt=at - AVERAGE_OF,
        encounter__begun_at__isnull=False,
    )
    average = done.aggregate(length=Avg(F("ended_at") - F("encounter__begun_at")))["length"]
    return max(1, round(average.total_seconds() / 60)) if average else USUAL_MINUTES


def messages_after(revisit: Revisit, number: int) -> list[ChatMessage]:
    """Messages with a higher number, in order; may be empty."""
    return list(revisit.messages.filter(number__gt=number).order_by("number"))


def read_by_other(revisit: Revisit, *, is_doctor: bool) -> int:
    """Number of the last message that the other side has read; 0 when none."""
    doctor_id = revisit.encounter.practitioner.user_id
    marks = ReadMark.objects.filter(revisit=revisit)
    of_doctor = Q(user=doctor_id)
    marks = marks.exclude(of_doctor) if is_doctor else marks.filter(of_doctor)
    return max(marks.values_list("number", flat=True), default=0)


def conversation(revisit: Revisit, *, after: int, is_doctor: bool) -> dict[str, Any]:
    """Messages after a number as pages and websockets send them, what the other side has read, whether it is open."""
    return {
        "items": [_item(revisit, message, is_doctor=is_doctor) for message in messages_after(revisit, after)],
        "read": read_by_other(revisit, is_doctor=is_doctor),
        "is_open": revisit.state in IN_QUEUE,
    }


def _item(revisit: Revisit, message: ChatMessage, *, is_doctor: bool) -> dict[str, Any]:
    """One message for the page."""
    picture = ""
    if message.picture:
        picture = reverse("consultations:picture", args=[revisit.encounter.number, message.number])
    return {
        "number": message.number,
        "client_key": str(message.client_key),
        "kind": message.kind,
        "mine": message.author_id is not None and message.is_from_doctor == is_doctor,
        "text": str(NOTICES.get(message.text, "")) if message.kind == "notice" else message.text,
        "picture": picture,
        "time": clock_time(message.sent_at),
    }


def fee_of(doctor: Practitioner, on: date) -> Quote | None:
    """The fee of a visit on a day; None when no price is in force then."""
    try:
        return quote_for(
            lines=[ServiceLine("consultation", ONLINE_REVISIT, Decimal(1))],
            institution=doctor.institution,
            service_on=on,
            practitioner_title=doctor.title,
        )
    except DomainError:
        return None


def day_bounds(on: date) -> tuple[datetime, datetime]:
    """Midnight and the midnight after, in Asia/Shanghai; half-open."""
    begin = timezone.make_aware(datetime.combine(on, time.min))
    return begin, begin + timedelta(days=1)


def end_of_day(moment: datetime) -> datetime:
    """Midnight after a moment in Asia/Shanghai."""
    local = timezone.localtime(moment)
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def today() -> date:
    """The day in Asia/Shanghai; pages only."""
    return clock.day_of(clock.now())


def cancelling_gives_back(revisit: Revisit, *, at: datetime) -> bool:
    """Whether what she paid goes back when she cancels now; one query."""
    situation = cancelled_when(revisit.slot.starts_at, revisit.slot.ends_at, at)
    return policy_for(situation).gives is not Gives.NOTHING
