"""Claims as the insurance office looks for them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from audit.models import AuditEntry
from insurance.models import Claim, GatewayMessage, InboundMessage
from insurance.queries.dashboard import OPEN, UNKNOWN
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
        found = found.filter(_named(words.strip())).distinct()
    if state:
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


def claims_for_a_person() -> int:
    """How many claims wait for a person."""
    return Claim.objects.filter(needs_person_since__isnull=False).count()


def counts() -> dict[str, int]:
    """How many claims each way of showing them has."""
    every = Claim.objects
    return {
        "": every.count(),
        PERSON: claims_for_a_person(),
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


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a claim: an act recorded here, a message of ours, or a call from outside."""

    at: datetime
    act: AuditEntry | None = None
    message: GatewayMessage | None = None
    call: InboundMessage | None = None


def story(claim: Claim) -> list[Event]:
    """Everything that happened to a claim, oldest first; the visit's messages are part of it.

    Three statements, whatever its length. The texts of messages hold personal data and are not read here.
    """
    acts = AuditEntry.objects.filter(subject_type=claim._meta.label_lower, subject_id=str(claim.pk))
    events = [Event(act.at, act=act) for act in acts.select_related("by")]
    of_claim = Q(claim=claim) | Q(registration=claim.registration_id, claim__isnull=True)
    told = GatewayMessage.objects.filter(of_claim).defer("request_text", "reply_text")
    events += [Event(message.written_at, message=message) for message in told]
    events += [Event(call.received_at, call=call) for call in claim.inbound_messages.defer("body")]
    return sorted(events, key=lambda event: event.at)


def message_of(claim: Claim, msgid: str) -> GatewayMessage | None:
    """One message about a claim or its visit; None when it is about something else."""
    of_claim = Q(claim=claim) | Q(registration=claim.registration_id, claim__isnull=True)
    return GatewayMessage.objects.filter(of_claim, msgid=msgid).first()
