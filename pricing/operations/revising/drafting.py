"""A revision begins, is described, and may be given up."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from kernel.clock import day_of
from pricing.models import PriceRevision
from pricing.operations.revising.locking import locked, locked_for_change
from pricing.operations.turns import take_turn
from pricing.states import REVISION, RevisionEvent

_DESCRIBED = ("title", "note", "document_id", "reaches_back")


@transaction.atomic
def create_revision(
    *,
    title: str,
    document_id: int,
    institution_id: int | None = None,
    reaches_back: bool = False,
    note: str = "",
    by: User | None,
    at: datetime,
) -> PriceRevision:
    """Begin a draft without rows; it gets the day's next number.

    ``institution_id`` is of the institution whose own prices these are; None for the prices of a regulator.
    """
    revision = PriceRevision(
        number=_next_number(at),
        title=title,
        document_id=document_id,
        institution_id=institution_id,
        reaches_back=reaches_back,
        note=note,
        drafted_by=by,
        drafted_at=at,
    )
    revision.save(force_insert=True)
    audit.record("pricing.revision.created", on=revision, by=by, at=at, facts=_described(revision, ()))
    return revision


@transaction.atomic
def change_revision(
    *, revision_id: int, title: str, document_id: int, reaches_back: bool, note: str, by: User | None, at: datetime
) -> PriceRevision:  # fmt: skip
    """Describe it anew; what was submitted or reviewed goes back to draft.

    Raises:
        IllegalTransition: it is published, superseded or abandoned.
    """
    revision = locked_for_change(revision_id, by=by, at=at)
    before = _described(revision, ())
    revision.title, revision.document_id = title, document_id
    revision.reaches_back, revision.note = reaches_back, note
    changed = [name for name in _DESCRIBED if before[name] != getattr(revision, name)]
    if changed:
        revision.save(update_fields=[name.removesuffix("_id") for name in changed])
        facts = {
            "before": {name: before[name] for name in changed},
            "after": _described(revision, changed),
        }
        audit.record("pricing.revision.described", on=revision, by=by, at=at, facts=facts)
    return revision


@transaction.atomic
def abandon(*, revision_id: int, note: str = "", by: User | None, at: datetime) -> PriceRevision:
    """Give it up; it stays in the list, and its rows can be copied.

    Raises:
        IllegalTransition: it is published, superseded or abandoned already.
    """
    revision = locked(revision_id)
    revision.state = REVISION.after(revision.state, RevisionEvent.ABANDON)
    revision.save(update_fields=["state"])
    audit.record("pricing.revision.abandoned", on=revision, by=by, at=at, facts={"note": note})
    return revision


def _described(revision: PriceRevision, names: Sequence[str]) -> dict[str, object]:
    return {name: getattr(revision, name) for name in names or _DESCRIBED}


def _next_number(at: datetime) -> str:
    """``TJ20261201-001``: the day and the next number of it; two people at once get two numbers."""
    take_turn("pricing.revision.number")
    begin = f"TJ{day_of(at):%Y%m%d}-"
    last = PriceRevision.objects.filter(number__startswith=begin).order_by("-number").first()
    return f"{begin}{int(last.number.removeprefix(begin)) + 1 if last else 1:03}"
