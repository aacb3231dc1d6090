"""Handing in, and what the second person says."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from audit.models import AuditEntry
from kernel.errors import refuse_if_any
from pricing.errors import RevisionRefused
from pricing.models import Price, PriceRevision, ProposedPrice
from pricing.operations.revising.checking import violations_of
from pricing.operations.revising.locking import back_to_draft, locked
from pricing.operations.revising.pointing import point
from pricing.queries.revisions import known_prices, prices_by_key, rows_of, seal_of
from pricing.queries.texts import scope_key
from pricing.rules.revising import seen_violations, two_persons_violations
from pricing.states import REVISION, RevisionEvent

CHANGES = (
    "pricing.revision.created", "pricing.revision.described", "pricing.revision.row_put",
    "pricing.revision.row_dropped", "pricing.revision.copied", "pricing.revision.imported",
)  # fmt: skip
"""Acts after which a person no longer judges the revision."""


@transaction.atomic
def submit(*, revision_id: int, by: User | None, at: datetime) -> PriceRevision:
    """Hand it to a second person; each row notes the price that it replaces as known now.

    Raises:
        IllegalTransition: it is no draft.
        RevisionRefused: rules are broken; ``violations`` name every row.
    """
    revision = locked(revision_id)
    after = REVISION.after(revision.state, RevisionEvent.SUBMIT)
    rows = list(rows_of(revision))
    known = list(known_prices(row.item_id for row in rows))
    refuse_if_any(violations_of(revision, rows, known=known, at=at), RevisionRefused)
    _note_replaced(rows, known)
    revision.state, revision.submitted_at = after, at
    revision.save(update_fields=["state", "submitted_at"])
    facts = {"rows": len(rows), "seal": seal_of(rows)}
    audit.record("pricing.revision.submitted", on=revision, by=by, at=at, facts=facts)
    return revision


def _note_replaced(rows: Sequence[ProposedPrice], known: Sequence[Price]) -> None:
    by_key = prices_by_key(known)
    changed: dict[int, int | None] = {}
    for row in rows:
        held = [price for price in by_key.get(scope_key(row), []) if row.effective.lower in price.effective]
        replaces_id = held[0].pk if held else None
        if row.replaces_id != replaces_id:
            row.replaces_id = replaces_id
            changed[row.pk] = replaces_id
    point("replaces", changed)


@transaction.atomic
def return_to_draft(*, revision_id: int, note: str, by: User | None, at: datetime) -> PriceRevision:
    """Give it back with what is to be put right.

    Raises:
        IllegalTransition: it is neither submitted nor reviewed.
    """
    revision = locked(revision_id)
    back_to_draft(revision)
    revision.review_note = note
    revision.save(update_fields=["review_note"])
    audit.record("pricing.revision.returned", on=revision, by=by, at=at, facts={"note": note})
    return revision


@transaction.atomic
def approve(
    *, revision_id: int, note: str = "", seen: str = "", by: User | None, at: datetime
) -> PriceRevision:
    """Agree, as a second person; ``seen`` is the seal of the rows that she saw (``queries.seal_of``).

    Raises:
        IllegalTransition: it is not submitted.
        RevisionRefused: she has a hand in the rows, they are others than she saw, or rules are broken by now.
    """
    revision = locked(revision_id)
    after = REVISION.after(revision.state, RevisionEvent.APPROVE)
    rows = list(rows_of(revision))
    refuse_if_any(two_persons_violations(has_changed=has_changed(revision, by)), RevisionRefused)
    refuse_if_any(seen_violations(seen=seen, is_now=seal_of(rows)), RevisionRefused)
    refuse_if_any(violations_of(revision, rows, is_submitted=True, at=at), RevisionRefused)
    revision.state, revision.review_note = after, note
    revision.reviewed_by, revision.reviewed_at = by, at
    revision.save(update_fields=["state", "review_note", "reviewed_by", "reviewed_at"])
    facts = {"note": note, "rows": len(rows), "seal": seal_of(rows)}
    audit.record("pricing.revision.approved", on=revision, by=by, at=at, facts=facts)
    return revision


def has_changed(revision: PriceRevision, user: User | None) -> bool:
    """Whether somebody drafted the revision or changed any of its rows; nobody at all is not a second person."""
    if user is None or revision.drafted_by_id == user.pk:
        return True
    acts = AuditEntry.objects.filter(
        subject_type=PriceRevision._meta.label_lower, subject_id=str(revision.pk), action__in=CHANGES
    )
    return acts.filter(by=user).exists()
