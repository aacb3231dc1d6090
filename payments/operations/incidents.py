"""What a person of the finance office must see of what channels, or others in their name, have said."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.models import User
from audit import operations as audit
from kernel import clock
from kernel.errors import refuse_if_any
from payments.errors import DeskNotPossible
from payments.models import IncidentKind, PaymentIncident, PaymentOrder
from payments.rules.refunds import note_violations


@transaction.atomic
def note_incident(
    kind: IncidentKind, *, channel: str, subject: str, facts: dict[str, Any], at: datetime,
    order: PaymentOrder | None = None,
) -> PaymentIncident:  # fmt: skip
    """One row for the same thing of the same day, which counts and is open again when it happens again."""
    row, is_new = PaymentIncident.objects.get_or_create(
        kind=kind, channel=channel, subject=subject[:64], on=clock.day_of(at),
        defaults={"order": order, "facts": facts, "first_at": at, "last_at": at},
    )  # fmt: skip
    if not is_new:
        PaymentIncident.objects.filter(pk=row.pk).update(
            times=F("times") + 1, last_at=at, facts=facts, settled_by=None, settled_at=None, note=""
        )
        row.refresh_from_db()
    return row


def is_said_again(order: PaymentOrder, subject: str, facts: dict[str, Any], *, at: datetime) -> bool:
    """Whether a contradiction is known word for word: it is counted, and what a person has settled stays settled.

    Our own questions bring it up again and again; only other words are news.
    """
    kind = IncidentKind.CONTRADICTED
    known = PaymentIncident.objects.filter(kind=kind, channel=order.channel, subject=subject[:64])
    last = known.order_by("-pk").first()
    if last is None or last.facts != facts:
        return False
    PaymentIncident.objects.filter(pk=last.pk).update(times=F("times") + 1, last_at=at)
    return True


@transaction.atomic
def settle_incident(*, incident_id: int, note: str, by: User, at: datetime) -> PaymentIncident:
    """A person has looked after it and says what was done; settling twice keeps the first word.

    Raises:
        DeskNotPossible: PY-15.
    """
    row = PaymentIncident.objects.select_for_update(of=("self",)).get(pk=incident_id)
    if row.settled_at:
        return row
    refuse_if_any(note_violations(note), DeskNotPossible)
    row.settled_by, row.settled_at, row.note = by, at, note.strip()[:200]
    row.save(update_fields=["settled_by", "settled_at", "note"])
    audit.record("payments.incident.settled", on=row, by=by, at=at, facts={"note": row.note})
    return row
