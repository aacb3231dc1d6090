"""Papers of the diagnosis: taken in clean, given back by the authorised view only."""

from datetime import datetime
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import operations as audit
from encounters import uploads
from encounters.models import Encounter, ProofFile
from encounters.operations.access import locked_for_patient
from encounters.queries import encounter_for
from kernel.errors import NotFoundForYou


def add_proof_file(*, encounter_id: int, upload: uploads.Upload, by: User, at: datetime) -> ProofFile:
    """Look into a file and keep what is clean of it; the same file twice is kept once.

    Raises:
        UploadRefused: the file is not taken, or there are as many as are possible.
        EncounterFixed: the visit has begun.
        NotFoundForYou: the encounter is not of her patients.
    """
    encounter_for(by, encounter_id)
    # Outside the transaction: reading a large picture takes a second, and nothing is locked meanwhile.
    clean = uploads.accept(upload)
    with transaction.atomic():
        encounter = locked_for_patient(encounter_id, by)
        there = ProofFile.objects.filter(encounter=encounter, sha256=clean.sha256).first()
        return there or _kept(encounter, clean, _plain(upload.name, clean.extension), by, at)


def _kept(encounter: Encounter, clean: uploads.CleanFile, name: str, by: User, at: datetime) -> ProofFile:
    if ProofFile.objects.filter(encounter=encounter).count() >= uploads.MAX_FILES:
        text = _("There are %(count)d files already. Remove one before you add another.")
        raise uploads.UploadRefused(text % {"count": uploads.MAX_FILES})
    file = ProofFile(
        encounter=encounter,
        original_name=name,
        content_type=clean.content_type,
        extension=clean.extension,
        size=len(clean.content),
        sha256=clean.sha256,
        uploaded_by=by,
        uploaded_at=at,
    )
    file.file.save(name, ContentFile(clean.content), save=False)
    try:
        file.save()
        audit.record("encounters.paper_added", on=encounter, by=by, at=at, facts={"sha256": clean.sha256})
    except BaseException:
        file.file.delete(save=False)
        raise
    return file


@transaction.atomic
def remove_proof_file(*, encounter_id: int, file_id: int, by: User, at: datetime) -> None:
    """Take a paper back before the visit begins; the file goes when the transaction has held.

    Raises:
        EncounterFixed: the visit has begun.
        NotFoundForYou: the encounter is not of her patients, or the paper is of another one.
    """
    encounter = locked_for_patient(encounter_id, by)
    file = ProofFile.objects.filter(encounter=encounter, pk=file_id).first()
    if file is None:
        raise NotFoundForYou
    stored, storage = str(file.file.name), file.file.storage
    file.delete()
    audit.record("encounters.paper_removed", on=encounter, by=by, at=at, facts={"sha256": file.sha256})
    transaction.on_commit(lambda: storage.delete(stored), robust=True)


def _plain(name: str | None, extension: str) -> str:
    """The last part of the name without control characters, at most 200 characters."""
    last = PurePath((name or "").replace("\\", "/")).name
    return "".join(sign for sign in last if sign.isprintable())[-200:] or f"file.{extension}"
