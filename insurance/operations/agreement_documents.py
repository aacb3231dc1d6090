"""Papers of an agreement, taken in as the papers of patients are."""

from datetime import datetime
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.models import User
from audit import operations as audit
from encounters import uploads
from insurance.models import Agreement, AgreementDocument


def add_document(
    *, agreement_id: int, title: str, upload: uploads.Upload, by: User, at: datetime
) -> AgreementDocument:
    """Look into a file and keep what is clean of it; the same file twice is kept once.

    Raises:
        UploadRefused: it is no clean PDF, JPEG or PNG of at most ten megabytes.
    """
    # Outside the transaction: reading a large picture takes a second, and nothing is locked meanwhile.
    clean = uploads.accept(upload)
    with transaction.atomic():
        agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement_id)
        there = agreement.documents.filter(sha256=clean.sha256).first()
        return there or _kept(agreement, title, clean, _plain(upload.name, clean.extension), by, at)


def _kept(
    agreement: Agreement, title: str, clean: uploads.CleanFile, name: str, by: User, at: datetime
) -> AgreementDocument:
    document = AgreementDocument(
        agreement=agreement, title=title, original_name=name, content_type=clean.content_type,
        extension=clean.extension, size=len(clean.content), sha256=clean.sha256, uploaded_by=by, uploaded_at=at,
    )  # fmt: skip
    document.file.save(name, ContentFile(clean.content), save=False)
    try:
        document.save()
        facts = {"title": title, "sha256": clean.sha256}
        audit.record("insurance.agreement.document_added", on=agreement, by=by, at=at, facts=facts)
    except BaseException:
        document.file.delete(save=False)
        raise
    return document


def _plain(name: str | None, extension: str) -> str:
    """The last part of the name without control characters, at most 200 characters."""
    last = PurePath((name or "").replace("\\", "/")).name
    return "".join(sign for sign in last if sign.isprintable())[-200:] or f"file.{extension}"
