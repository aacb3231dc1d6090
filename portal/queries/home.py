"""What the first page of a patient needs; the number of statements does not grow with the rows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from accounts.models import User
from checkout.models import Checkout
from checkout.states import CheckoutState
from consultations.models import Revisit
from consultations.states import RevisitState
from encounters.models import FirstVisitProof
from registry.queries import patients_of

LIVE = (RevisitState.IN_PROGRESS, RevisitState.WAITING, RevisitState.PREPARING)
UNPAID = (CheckoutState.DECLINED, CheckoutState.READY, CheckoutState.PAYING)
UNDER_WAY = (CheckoutState.SETTLING, CheckoutState.REVERSING, CheckoutState.REFUNDING)
NEWS_DAYS = 14
EXPIRY_NOTICE_DAYS = 14
MOST_ROWS = 5


@dataclass(frozen=True, slots=True)
class ExpiringProof:
    """A proof that soon will not do any more; ``last_day`` is the last day on which it does."""

    proof: FirstVisitProof
    last_day: date


def live_visits(user: User) -> list[Revisit]:
    """Her patients' visits that have not ended: under way first, then by state and time."""
    order = Case(
        *(When(state=state, then=Value(place)) for place, state in enumerate(LIVE)),
        output_field=IntegerField(),
    )
    return list(_visits(user).filter(state__in=LIVE).order_by(order, "slot__starts_at", "pk")[:MOST_ROWS])


def open_money(user: User) -> list[Checkout]:
    """Bills that want her, or that are on their way, the most urgent first."""
    rows = Checkout.objects.filter(
        bill__encounter__patient__in=patients_of(user).order_by(), state__in=(*UNPAID, *UNDER_WAY)
    )
    rows = rows.select_related("bill__encounter__patient", "bill__encounter__practitioner")
    return list(rows.order_by("pay_by", "pk")[:MOST_ROWS])


def news_visits(user: User, at: datetime) -> list[Revisit]:
    """Visits that ended otherwise than she meant, lately, the newest first."""
    ended = _visits(user).filter(ended_at__gte=at - timedelta(days=NEWS_DAYS))
    return list(
        ended.filter(state__in=(RevisitState.STOPPED, RevisitState.MISSED)).order_by("-ended_at")[:MOST_ROWS]
    )


def news_refunds(user: User, at: datetime) -> list[Checkout]:
    """Money that came back lately, the newest first."""
    back = Checkout.objects.filter(
        bill__encounter__patient__in=patients_of(user).order_by(),
        state=CheckoutState.REFUNDED,
        ended_at__gte=at - timedelta(days=NEWS_DAYS),
    )
    return list(back.select_related("bill").order_by("-ended_at")[:MOST_ROWS])


def expiring_proofs(user: User, *, on: date, window_days: int) -> list[ExpiringProof]:
    """Proofs whose window ends within two weeks and that no newer one of the same disease replaces."""
    oldest = on - timedelta(days=window_days)
    proofs = (
        FirstVisitProof.objects.filter(
            Q(encounter__patient__in=patients_of(user).order_by()), diagnosed_on__gte=oldest
        )
        .select_related("disease", "encounter__patient")
        .order_by("-diagnosed_on", "-pk")
    )
    newest: dict[tuple[int, str], FirstVisitProof] = {}
    for proof in proofs:
        newest.setdefault((proof.encounter.patient_id, proof.disease.category), proof)
    ends = [
        ExpiringProof(proof, proof.diagnosed_on + timedelta(days=window_days)) for proof in newest.values()
    ]
    return [end for end in ends if end.last_day <= on + timedelta(days=EXPIRY_NOTICE_DAYS)]


def _visits(user: User) -> QuerySet[Revisit]:
    mine = Revisit.objects.filter(encounter__patient__in=patients_of(user).order_by())
    return mine.select_related(
        "slot", "place", "bill", "encounter__patient", "encounter__practitioner", "encounter__department"
    )
