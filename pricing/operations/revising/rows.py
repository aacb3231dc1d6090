"""Rows of a revision: put in, changed, taken out, one or many at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from kernel.errors import refuse_if_any
from pricing.errors import RowRefused
from pricing.models import SCOPE, TERMS, PriceRevision, ProposedPrice
from pricing.operations.revising.locking import locked_for_change
from pricing.queries.revisions import rows_of
from pricing.queries.texts import scope_key, texts_of
from pricing.rules.revising import terms_violations

_ROWS_TO_AN_ENTRY = 500
_BATCH = 500
_COLUMNS = tuple(name.removesuffix("_id") for name in (*SCOPE, *TERMS))


@transaction.atomic
def put_row(*, revision_id: int, row: ProposedPrice, by: User | None, at: datetime) -> ProposedPrice:
    """Add a row, or say one that has a key anew; what was submitted or reviewed goes back to draft.

    Raises:
        RowRefused: it does not say what its kind of amount needs; ``violations`` name the columns.
        IllegalTransition: the revision is published, superseded or abandoned.
    """
    revision = locked_for_change(revision_id, by=by, at=at)
    refuse_if_any(terms_violations(terms_of(row)), RowRefused)
    before = rows_of(revision).filter(pk=row.pk).first() if row.pk else None
    row.pk, row.revision = (before.pk if before else None), revision
    row.save()
    change = _change(before, row)
    if change["before"] != change["after"]:
        audit.record("pricing.revision.row_put", on=revision, by=by, at=at, facts={"rows": [change]})
    return row


@transaction.atomic
def drop_row(*, revision_id: int, row_id: int, by: User | None, at: datetime) -> PriceRevision:
    """Take a row out; one that is out already changes nothing.

    Raises:
        IllegalTransition: the revision is published, superseded or abandoned.
    """
    revision = locked_for_change(revision_id, by=by, at=at)
    row = rows_of(revision).filter(pk=row_id).first()
    if row is not None:
        facts = {"rows": [_change(row, None)]}
        row.delete()
        audit.record("pricing.revision.row_dropped", on=revision, by=by, at=at, facts=facts)
    return revision


def put_rows(
    revision: PriceRevision,
    rows: Sequence[ProposedPrice],
    *,
    action: str,
    replace_all: bool = False,
    by: User | None,
    at: datetime,
    facts: dict[str, Any],
) -> int:
    """Put many unsaved rows into a locked draft; returns how many rows came, changed or went.

    A row of the same item, scope and first day takes the place of the present one; ``replace_all`` also drops the
    present rows that are not among them. ``facts`` go with every entry of the audit, 500 rows to each.
    """
    present = {_place(row): row for row in rows_of(revision)}
    wanted = {_place(row): row for row in rows}
    changes: list[dict[str, Any]] = []
    new = _taking_their_places(wanted, present, revision, changes)
    for key in present.keys() - wanted.keys() if replace_all else ():
        changes.append(_change(present[key], None))
        present[key].delete()
    ProposedPrice.objects.bulk_create(new, batch_size=_BATCH)
    for first in range(0, len(changes), _ROWS_TO_AN_ENTRY):
        entry = {**facts, "rows": changes[first : first + _ROWS_TO_AN_ENTRY]}
        audit.record(action, on=revision, by=by, at=at, facts=entry)
    return len(changes)


def _taking_their_places(
    wanted: dict[Any, ProposedPrice],
    present: dict[Any, ProposedPrice],
    revision: PriceRevision,
    changes: list[dict[str, Any]],
) -> list[ProposedPrice]:
    """The rows to create; those that take the place of another are saved here, and all are noted."""
    new: list[ProposedPrice] = []
    for key, row in wanted.items():
        before = present.get(key)
        change = _change(before, row)
        if change["before"] == change["after"]:
            continue
        row.revision = revision
        changes.append(change)
        if before is None:
            new.append(row)
        else:
            row.pk = before.pk
            row.save(force_update=True)
    return new


def terms_of(row: ProposedPrice) -> dict[str, Any]:
    """Its columns by name, as ``terms_violations`` wants them."""
    return {name: getattr(row, name) for name in _COLUMNS}


def _place(row: ProposedPrice) -> tuple[Any, ...]:
    return (*scope_key(row), row.effective.lower)


def _change(before: ProposedPrice | None, after: ProposedPrice | None) -> dict[str, Any]:
    return {
        "before": texts_of(before) if before is not None else None,
        "after": texts_of(after) if after is not None else None,
    }
