"""What the doctor's workbench needs; the number of statements does not grow with the rows."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from consultations.models import Revisit
from consultations.states import RevisitState
from encounters.models import Encounter
from kernel import clock
from kernel.errors import NotFoundForYou
from prescriptions.models import Prescription
from prescriptions.queries import returned_to
from registry.models import Practitioner
from registry.queries import practitioner_of

PAST_VISITS = 5
MOST_FOUND = 20
ENDED = (RevisitState.COMPLETED, RevisitState.STOPPED)


@dataclass(frozen=True, slots=True)
class Board:
    """One doctor's day."""

    doctor: Practitioner
    now: list[Revisit]
    """Under way, the longest first."""
    waiting: list[Revisit]
    """In the order in which they are to be called."""
    returned: list[Prescription]
    seen: list[Revisit]
    """Ended today, the newest first."""

    @property
    def booked(self) -> int:
        """Everyone who has or had a place today."""
        return len(self.now) + len(self.waiting) + len(self.seen)


def waiting_count(doctor: Practitioner, on: date) -> int:
    """How many wait for the doctor on a day; one statement."""
    waits = Revisit.objects.filter(encounter__practitioner=doctor, encounter__service_on=on)
    return waits.filter(state=RevisitState.WAITING).count()


def board_of(doctor: Practitioner, *, at: datetime) -> Board:
    """The doctor's queue of today."""
    on = clock.day_of(at)
    begun = Q(state=RevisitState.IN_PROGRESS)
    waits = Q(state=RevisitState.WAITING, encounter__service_on=on)
    begin, end = day_bounds(on)
    ended = Q(state__in=ENDED, ended_at__gte=begin, ended_at__lt=end)
    rows = list(
        _joined(doctor)
        .filter(begun | waits | ended)
        .prefetch_related("encounter__prescriptions")
        .order_by("slot__starts_at", "admitted_at", "pk")
    )
    return Board(
        doctor=doctor,
        now=[row for row in rows if row.state == RevisitState.IN_PROGRESS],
        waiting=[row for row in rows if row.state == RevisitState.WAITING],
        returned=list(returned_to(doctor)),
        seen=sorted(
            (row for row in rows if row.state in ENDED), key=lambda row: row.ended_at or at, reverse=True
        ),
    )


def found_visits(doctor: Practitioner, text: str) -> list[Revisit]:
    """Visits of the doctor by visit number or name of the patient, any day, the newest first."""
    by = Q(encounter__number__iexact=text) | Q(encounter__patient__name__contains=text)
    found = _joined(doctor).filter(by).exclude(state__in=(RevisitState.PREPARING, RevisitState.CANCELLED))
    return list(found.order_by("-slot__starts_at", "-pk")[:MOST_FOUND])


def visit_of(user: User, number: str) -> Revisit:
    """One of the doctor's own visits, once its patient has paid; others' cannot be told from none.

    Raises:
        NotFoundForYou: there is none, it is another doctor's, or it is still being prepared.
    """
    doctor = practitioner_of(user)
    visits = _joined(doctor).filter(encounter__number=number).exclude(state=RevisitState.PREPARING)
    revisit = visits.select_related(
        "encounter__coverage",
        "encounter__proof__disease",
        "encounter__record",
        "encounter__institution",
        "encounter__consent",
    ).first()
    if revisit is None:
        raise NotFoundForYou
    return revisit


def past_visits(encounter: Encounter) -> list[Encounter]:
    """Earlier visits of the patient to this hospital that left a signed record, the newest first."""
    earlier = Encounter.objects.filter(
        patient=encounter.patient_id,
        institution=encounter.institution_id,
        record__signed_at__isnull=False,
    ).exclude(pk=encounter.pk)
    joined = earlier.select_related("practitioner", "department", "record")
    return list(
        joined.prefetch_related("record__diagnoses__code").order_by("-service_on", "-pk")[:PAST_VISITS]
    )


def day_bounds(on: date) -> tuple[datetime, datetime]:
    """Midnight and the midnight after, in the hospital's time zone; half-open."""
    begin = timezone.make_aware(datetime.combine(on, time.min))
    return begin, begin + timedelta(days=1)


def _joined(doctor: Practitioner) -> QuerySet[Revisit]:
    mine = Revisit.objects.filter(encounter__practitioner=doctor)
    return mine.select_related(
        "slot",
        "encounter__patient",
        "encounter__known_disease",
        "encounter__practitioner",
        "encounter__department",
    )
