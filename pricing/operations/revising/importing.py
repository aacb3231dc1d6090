"""A table of prices: received, read without changing anything, then taken as a whole or not at all."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation

from accounts.models import User
from audit import operations as audit
from kernel import jobs
from pricing.errors import ImportNotReady
from pricing.models import PriceImport
from pricing.operations.revising.import_rows import Proposal, Told, proposal_of
from pricing.operations.revising.locking import locked_for_change
from pricing.operations.revising.rows import put_rows
from pricing.rules.price_table import BY_KEY, TableRead, TableRow, read_table
from pricing.states import IMPORT, REVISION, ImportEvent, ImportState, RevisionEvent, RevisionState

AT_ONCE_BYTES = 100 * 1024
"""Smaller files are read while the person waits: well under a second."""
AT_ONCE_ROWS = 1000
_LONGEST_NAME = 200


@transaction.atomic
def receive_import(
    *, revision_id: int, file_name: str, content: bytes, by: User | None, at: datetime
) -> PriceImport:
    """Keep a file; a small one is read at once, a large one by the job ``pricing.read_price_import``.

    Nothing of the draft changes, not even its state.
    """
    received = PriceImport.objects.create(
        revision_id=revision_id,
        file_name=file_name[-_LONGEST_NAME:],
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=by,
        uploaded_at=at,
    )
    if len(content) <= AT_ONCE_BYTES:
        return read_import(import_id=received.pk, at=at)
    jobs.enqueue("pricing.read_price_import", import_id=received.pk)
    return received


def read_import(*, import_id: int, at: datetime) -> PriceImport:
    """Read it, check every row, and note all faults; once read it is not read again.

    How far it has come stands in ``done_rows``, which others see while it is read.
    """
    found = PriceImport.objects.select_related("revision__document", "revision__institution").get(
        pk=import_id
    )
    if found.state != ImportState.WAITING:
        return found

    def note(done: int, row_count: int | None) -> None:
        PriceImport.objects.filter(pk=import_id).update(done_rows=done, row_count=row_count)

    table = read_table(bytes(found.content), note)
    return _note_reading(found, table, proposal_of(found.revision, table, at=at), at)


@transaction.atomic
def _note_reading(found: PriceImport, table: TableRead, proposal: Proposal, at: datetime) -> PriceImport:
    fresh = PriceImport.objects.select_for_update().get(pk=found.pk)
    if fresh.state != ImportState.WAITING:
        return fresh
    event = ImportEvent.FIND_FAULTS if proposal.is_faulty else ImportEvent.READ_WELL
    fresh.state = IMPORT.after(fresh.state, event)
    fresh.rows = [[row.number, dict(row.texts)] for row in table.rows]
    fresh.done_rows = fresh.row_count = len(table.rows)
    fresh.faults = {code: _told(proposal, code) for code, _name in settings.LANGUAGES}
    fresh.content = b""  # what it said stands in the rows; the digest stays
    fresh.save()
    facts = {
        "file": fresh.file_name, "sha256": fresh.sha256, "rows": len(table.rows),
        "faults": len(next(iter(fresh.faults.values()), [])),
    }  # fmt: skip
    audit.record("pricing.import.read", on=fresh, by=fresh.uploaded_by, at=at, facts=facts)
    return fresh


def _told(proposal: Proposal, language: str) -> list[dict[str, str]]:
    """All faults in one language, in the order of the rows."""
    with translation.override(language):
        return [
            {"cell": cell, "column": _heading(key), "typed": typed, "said": str(said), "way_on": str(way_on)}
            for cell, key, typed, said, way_on in sorted(proposal.faults(), key=_in_reading_order)
        ]


def _in_reading_order(told: Told) -> tuple[int, int, str]:
    """The whole file first, then row by row from left to right."""
    letters = told[0].rstrip("0123456789")
    return int(told[0][len(letters) :] or 0), len(letters), letters


def _heading(key: str) -> str:
    return BY_KEY[key].heading if key in BY_KEY else ""


@transaction.atomic
def take_import(*, import_id: int, replace_all: bool = False, by: User | None, at: datetime) -> PriceImport:
    """Put all rows of a file without faults into the draft; taking it twice takes it once.

    A row of the same item, scope and first day takes the place of the present one; ``replace_all`` also drops all
    other rows of the draft. What was submitted or reviewed goes back to draft. Many rows are put by the job
    ``pricing.put_price_import``.

    Raises:
        ImportNotReady: it has faults, or has not been read.
        IllegalTransition: the revision is published, superseded or abandoned.
    """
    found = PriceImport.objects.select_for_update().get(pk=import_id)
    if found.state in {ImportState.TAKING, ImportState.TAKEN}:
        return found
    if not IMPORT.allows(found.state, ImportEvent.TAKE):
        raise ImportNotReady
    if found.revision.state != RevisionState.DRAFT:
        REVISION.after(found.revision.state, RevisionEvent.RETURN)
    found.state = IMPORT.after(found.state, ImportEvent.TAKE)
    found.save(update_fields=["state"])
    if len(found.rows) <= AT_ONCE_ROWS:
        return put_import(import_id=import_id, replace_all=replace_all, by=by, at=at)
    by_id = by.pk if by else None
    jobs.enqueue("pricing.put_price_import", import_id=import_id, replace_all=replace_all, by_id=by_id)
    return found


@transaction.atomic
def put_import(*, import_id: int, replace_all: bool, by: User | None, at: datetime) -> PriceImport:
    """Carry out what ``take_import`` promised; done once, it does nothing more.

    When the draft was published or given up meanwhile, or an item is no longer there, nothing is put and the file
    can be taken again.
    """
    found = PriceImport.objects.select_for_update().get(pk=import_id)
    if found.state != ImportState.TAKING:
        return found
    if not _may_change(found):
        found.state = IMPORT.after(found.state, ImportEvent.TURN_BACK)
        found.save(update_fields=["state"])
        return found
    revision = locked_for_change(found.revision_id, by=by, at=at)
    table = TableRead(rows=[TableRow(number, texts) for number, texts in found.rows])
    rows = proposal_of(revision, table, at=at, is_checked=True).rows
    facts = {"file": found.file_name, "sha256": found.sha256, "replace_all": replace_all}
    put_rows(
        revision, rows, action="pricing.revision.imported", replace_all=replace_all, by=by, at=at, facts=facts
    )
    found.state, found.taken_at = IMPORT.after(found.state, ImportEvent.ARRIVE), at
    found.save(update_fields=["state", "taken_at"])
    return found


def _may_change(found: PriceImport) -> bool:
    state = found.revision.state
    return state == RevisionState.DRAFT or REVISION.allows(state, RevisionEvent.RETURN)
