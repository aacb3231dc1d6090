"""What each document shows, in one language, as plain text for the typesetter."""

from typing import Any

from django.utils.translation import override

from receipts.models import Receipt
from receipts.queries.sheets.frame import frame
from receipts.queries.sheets.parts import BODIES
from receipts.rules.content import from_json
from receipts.states import Document, Language, Paper

_LANGUAGES = {Language.CHINESE: "zh-hans", Language.ENGLISH: "en"}

Sheet = dict[str, Any]


def sheet_of(
    receipt: Receipt, document: Document, paper: Paper, language: Language, *, verify_url: str
) -> Sheet:
    """Everything that stands on a document, as JSON values; no amount is worked out here that is not in the content.

    Args:
        receipt: with ``cancelled_by``.
        document: one that the receipt has.
        paper: A4 upright, A5 on its side: both are 210 mm wide.
        language: of everything but names that exist in Chinese only.
        verify_url: where its QR code leads.
    """
    content = from_json(receipt.content)
    with override(_LANGUAGES[language]):
        whole = frame(receipt, content, document, verify_url) | BODIES[document](content)
    return whole | {"language": language.value, "paper": paper.value.lower(), "is_flat": paper == Paper.A5}
