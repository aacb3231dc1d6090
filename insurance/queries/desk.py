"""Claims as the insurance office looks for them."""

from datetime import datetime

from django.db.models import Q, QuerySet

from insurance.models import Claim
from insurance.queries.dashboard import OPEN, UNKNOWN
from insurance.states import ClaimState
from kernel.crypto import fingerprint

PERSON, UNKNOWN_ONLY, OPEN_ONLY = "person", "unknown", "open"


def claims(*, show: str = "", state: str = "", words: str = "") -> QuerySet[Claim]:
    """Newest first; those that wait for a person oldest first.

    ``words`` find a visit, a bill, a batch, one of the insurer's numbers, or an identity number in full.
    """
    found = Claim.objects.select_related(
        "bill", "registration__encounter__patient", "registration__encounter__institution", "taken_by"
    )
    if words:
        found = found.filter(_named(words.strip()))
    if state in ClaimState:
        found = found.filter(state=state)
    match show:
        case "person":
            return found.filter(needs_person_since__isnull=False).order_by("needs_person_since", "pk")
        case "unknown":
            return found.filter(state__in=UNKNOWN).order_by("unknown_since", "pk")
        case "open":
            return found.filter(state__in=OPEN).order_by("-pk")
    return found.order_by("-pk")


def _named(words: str) -> Q:
    return (
        Q(registration__encounter__number=words)
        | Q(registration__visit_number=words)
        | Q(registration__encounter__patient__id_fingerprint=fingerprint(words.upper()))
        | Q(registration__encounter__patient__name=words)
        | Q(bill__number=words)
        | Q(batch_number=words)
        | Q(settle_msgid=words)
        | Q(reverse_msgid=words)
        | Q(settlements__number=words)
    )


def counts() -> dict[str, int]:
    """How many claims each way of showing them has."""
    every = Claim.objects
    return {
        "": every.count(),
        PERSON: every.filter(needs_person_since__isnull=False).count(),
        UNKNOWN_ONLY: every.filter(state__in=UNKNOWN).count(),
        OPEN_ONLY: every.filter(state__in=OPEN).count(),
    }


def claim_with(batch_number: str) -> Claim | None:
    """One claim with what its page shows; None when there is none."""
    return (
        Claim.objects.select_related(
            "bill",
            "replaces",
            "taken_by",
            "registration__encounter__patient",
            "registration__encounter__institution",
            "registration__encounter__practitioner",
            "registration__coverage",
        )
        .filter(batch_number=batch_number)
        .first()
    )


def is_asked_about(claim: Claim, at: datetime) -> bool:
    """Whether the schedule asks again by itself."""
    return claim.next_ask_at is not None and claim.state in OPEN
