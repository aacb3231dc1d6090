"""Files of receipts, and what stands in them."""

import io
from typing import Any

from pypdf import PdfReader

from receipts.models import Receipt, ReceiptFile
from receipts.operations import issue_receipt, printed
from receipts.states import Document, Language, Paper
from tests.factories import receipts as making
from tests.factories.encounters import AT


def receipt_of(*prices: str, **bill: Any) -> Receipt:
    """The receipt of a new paid bill."""
    return issue_receipt(bill_id=making.paid_bill(*prices, **bill).pk, by=None, at=making.SETTLED_AT)


def file_of(
    receipt: Receipt,
    document: Document = Document.RECEIPT,
    paper: Paper = Paper.A4,
    language: Language = Language.CHINESE,
) -> ReceiptFile:
    """One of its documents."""
    return printed(receipt_id=receipt.pk, document=document, paper=paper, language=language, at=AT)


def bytes_of(kept: ReceiptFile) -> bytes:
    """As they were kept."""
    with kept.file.open("rb") as file:
        return bytes(file.read())


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def text_of(kept: ReceiptFile) -> str:
    """The text of all pages."""
    return "\n".join(pages_of(bytes_of(kept)))
