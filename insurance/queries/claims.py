"""Claims as the insurance office sees them: what waits for a person, and the course of one claim."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet

from accounts.models import User
from audit.models import AuditEntry
from insurance.models import Claim, GatewayMessage, InboundMessage
from insurance.states import UNKNOWN


def claims_for_a_person() -> int:
    """How many claims wait for a person."""
    return Claim.objects.filter(needs_person_since__isnull=False).count()


def claims_waiting_for_a_person(*, taken_by: User | None = None) -> QuerySet[Claim]:
    """Claims that wait for a person, the longest waiting first; of ``taken_by`` only those she looks after.

    One query with bill, patient and whoever looks after it; may be empty.
    """
    rows = _for_screens().filter(needs_person_since__isnull=False).order_by("needs_person_since", "pk")
    return rows.filter(taken_by=taken_by) if taken_by else rows


def claims_of_unknown_outcome() -> QuerySet[Claim]:
    """Claims whose outcome is not known, the oldest first; may be empty."""
    return _for_screens().filter(state__in=UNKNOWN).order_by("unknown_since", "pk")


def _for_screens() -> QuerySet[Claim]:
    return Claim.objects.select_related(
        "bill", "taken_by", "registration__encounter__patient", "registration__encounter__institution"
    )


class EntryKind(StrEnum):
    """Where an entry of the course comes from."""

    MESSAGE = "message"
    """Ours to the insurer, with what came of it."""
    INBOUND = "inbound"
    """The insurer's or the mobile payment centre's to us."""
    ACT = "act"
    """A step of the claim, by somebody or by the system."""


@dataclass(frozen=True)
class CourseEntry:
    """One moment in the course of a claim.

    ``what`` is the number of the transaction, the kind of the call, or the name of the act; ``outcome`` the state of a
    message or the verdict on a call; ``said`` what went wrong, in the insurer's words, or the reason somebody gave.
    """

    at: datetime
    kind: EntryKind
    what: str
    outcome: str = ""
    said: str = ""
    number: str = ""
    attempts: int = 0
    by: User | None = None


def timeline_of(claim: Claim) -> list[CourseEntry]:
    """Everything that happened to a claim, oldest first, from the message journal and the record of acts.

    Three queries, whatever its length; the texts of messages hold personal data and are not read here.
    """
    found = [*_messages(claim), *_inbound(claim), *_acts(claim)]
    return sorted(found, key=lambda entry: entry.at)


def _messages(claim: Claim) -> list[CourseEntry]:
    rows = GatewayMessage.objects.filter(claim=claim).defer("request_text", "reply_text")
    return [
        CourseEntry(
            at=row.written_at, kind=EntryKind.MESSAGE, what=row.transaction_code, outcome=row.state,
            said=row.error_text, number=row.msgid, attempts=row.attempts,
        )
        for row in rows
    ]  # fmt: skip


def _inbound(claim: Claim) -> list[CourseEntry]:
    rows = InboundMessage.objects.filter(claim=claim).defer("body")
    return [
        CourseEntry(
            at=row.received_at, kind=EntryKind.INBOUND, what=row.kind, outcome=row.verdict, said=row.reason
        )
        for row in rows
    ]


def _acts(claim: Claim) -> list[CourseEntry]:
    rows = AuditEntry.objects.filter(subject_type="insurance.claim", subject_id=str(claim.pk))
    return [
        CourseEntry(
            at=row.at, kind=EntryKind.ACT, what=row.action, said=str(row.facts.get("reason", "")), by=row.by
        )
        for row in rows.select_related("by")
    ]
