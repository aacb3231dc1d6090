"""Write and check the record."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

from audit.models import AuditEntry


def record(
    action: str,
    *,
    on: models.Model,
    by: AbstractBaseUser | None,
    at: datetime,
    facts: dict[str, Any] | None = None,
    is_first: bool = False,
) -> AuditEntry:
    """Append an act to the chain of the record ``on``; ``by`` None means the system itself.

    The caller holds a lock on the record, so its chain grows in order. ``facts`` holds JSON values and
    no personal data in clear. ``is_first`` says that the record was made just now, so that nobody need look for what
    was said of it before; a chain has one first entry, or the database refuses.
    """
    subject = {"subject_type": on._meta.label_lower, "subject_id": str(on.pk)}
    sequence, previous_hash = (0, "") if is_first else _end_of(subject)
    entry = AuditEntry(
        action=action,
        **subject,
        facts=facts or {},
        by_id=by.pk if by else None,
        at=at,
        sequence=sequence + 1,
        previous_hash=previous_hash,
    )
    entry.entry_hash = hash_of(entry)
    entry.save(force_insert=True)
    return entry


def _end_of(subject: dict[str, str]) -> tuple[int, str]:
    """Sequence and hash of the last entry of a chain; 0 and nothing of one that has none."""
    entries = AuditEntry.objects.filter(**subject).order_by("-sequence")
    return entries.values_list("sequence", "entry_hash").first() or (0, "")


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 over the entry and the hash before it."""
    content = [
        entry.previous_hash,
        entry.sequence,
        entry.action,
        entry.subject_type,
        entry.subject_id,
        entry.facts,
        entry.by_id,
        entry.at.timestamp(),
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def first_break(on: models.Model) -> AuditEntry | None:
    """The first entry of the record's chain that does not fit what came before, or None."""
    previous = ""
    entries = AuditEntry.objects.filter(subject_type=on._meta.label_lower, subject_id=str(on.pk))
    for number, entry in enumerate(entries.order_by("sequence"), start=1):
        if entry.sequence != number or entry.previous_hash != previous or entry.entry_hash != hash_of(entry):
            return entry
        previous = entry.entry_hash
    return None
