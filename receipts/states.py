"""What kinds of receipts there are, and which documents a person gets of each."""

from enum import StrEnum


class ReceiptKind(StrEnum):
    """What a numbered receipt says."""

    RECEIPT = "receipt"
    """Money was received for a bill."""
    REFUND = "refund"
    """Money went back: the red one, which takes the receipt before it out of force."""


class Document(StrEnum):
    """A paper that is printed from a receipt; the value is the name of its file."""

    ITEMISED_LIST = "list"
    BILL = "bill"
    RECEIPT = "receipt"
    PAYMENT = "payment"
    REFUND = "refund"


class Paper(StrEnum):
    """ISO 216; A5 lies on its side, the way receipts are printed."""

    A4 = "A4"
    A5 = "A5"


class Language(StrEnum):
    """In which language a document is printed."""

    CHINESE = "zh"
    ENGLISH = "en"


def documents_of(kind: ReceiptKind | str, *, is_paid_in_cash: bool) -> tuple[Document, ...]:
    """What a person gets of a receipt, in the order of the list; a payment is certified when she paid something."""
    if kind == ReceiptKind.REFUND:
        return (Document.REFUND,)
    papers = (Document.RECEIPT, Document.BILL, Document.ITEMISED_LIST)
    return (*papers, Document.PAYMENT) if is_paid_in_cash else papers
