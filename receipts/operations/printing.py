"""Printing: each document once, signed, and kept as the file that was given out."""

import hashlib
import json
from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from kernel.errors import NotFoundForYou
from receipts.gateway.signing import sign
from receipts.gateway.typesetting import typeset
from receipts.models import Receipt, ReceiptFile
from receipts.queries.sheets import sheet_of
from receipts.rules.content import from_json
from receipts.states import Document, Language, Paper, documents_of


def printed(
    *, receipt_id: int, document: Document, paper: Paper, language: Language, at: datetime
) -> ReceiptFile:
    """The signed file of a document; made when it is first asked for, the same bytes ever after.

    A receipt that has come out of force since, or has been given its fiscal number, is printed anew; the files given out
    before stay.

    Raises:
        NotFoundForYou: the receipt has no such document.
        CannotSign: this installation has no key.
    """
    receipt = Receipt.objects.select_related("cancelled_by", "institution").get(pk=receipt_id)
    if document not in documents_for(receipt):
        raise NotFoundForYou
    edition = _edition(receipt, document, paper, language)
    known = ReceiptFile.objects.filter(receipt=receipt, edition=edition).first()
    if known is not None:
        return known
    sheet = sheet_of(receipt, document, paper, language, verify_url=verify_url(receipt))
    signed = sign(typeset(sheet, at=at), reason=receipt.number)
    return _kept(receipt, document, paper, language, edition, signed, at)


def documents_for(receipt: Receipt) -> tuple[Document, ...]:
    """The documents this receipt has."""
    content = from_json(receipt.content)
    return documents_of(receipt.kind, is_paid_in_cash=bool(content.movements))


def verify_url(receipt: Receipt) -> str:
    """Where its QR code leads."""
    path = reverse("receipts:verify", kwargs={"code": receipt.verification_code})
    return f"{settings.PUBLIC_BASE_URL}{path}"


def _edition(receipt: Receipt, document: Document, paper: Paper, language: Language) -> str:
    """What a file says, without how it says it: a better layout does not make the files of yesterday others."""
    cancelled = receipt.cancelled_by.number if receipt.cancelled_by else ""
    facts = [
        receipt.number, receipt.content_sha256, cancelled, receipt.fiscal_code, receipt.fiscal_number,
        receipt.fiscal_check_code, document, paper, language,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _kept(
    receipt: Receipt,
    document: Document,
    paper: Paper,
    language: Language,
    edition: str,
    signed: bytes,
    at: datetime,
) -> ReceiptFile:
    """File and row; of two who print at once, the second takes the file of the first."""
    row = ReceiptFile(
        receipt=receipt, document=document.value, paper=paper.value, language=language.value, edition=edition,
        sha256=hashlib.sha256(signed).hexdigest(), size=len(signed), made_at=at,
    )  # fmt: skip
    row.file.save("document.pdf", ContentFile(signed), save=False)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        row.file.delete(save=False)
        return ReceiptFile.objects.get(receipt=receipt, edition=edition)
    return row
