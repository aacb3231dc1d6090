"""The documents of a bill as the page lists them."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from receipts.models import Receipt
from receipts.operations.printing import documents_for
from receipts.states import Document, Language, Paper


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """One document and its file."""

    name: str
    told: str
    """What it is for."""
    url: str


@dataclass(frozen=True, slots=True)
class ListedReceipt:
    """A receipt with its documents."""

    receipt: Receipt
    badge: str
    word: str
    documents: tuple[ListedDocument, ...]


def listed(receipts: list[Receipt], paper: Paper, language: Language) -> list[ListedReceipt]:
    """Each receipt with its state in words and the addresses of its files."""
    return [_listed(receipt, paper, language) for receipt in receipts]


def _listed(receipt: Receipt, paper: Paper, language: Language) -> ListedReceipt:
    badge, word = state_words(receipt)
    query = urlencode({"paper": paper.value, "lang": language.value})
    documents = tuple(
        ListedDocument(*_words(document), f"{_address(receipt, document)}?{query}")
        for document in documents_for(receipt)
    )
    return ListedReceipt(receipt, badge, word, documents)


def state_words(receipt: Receipt) -> tuple[str, str]:
    """Badge of the vocabulary, and the word in it."""
    if not receipt.is_in_force:
        return "stopped", _("out of force")
    return ("done", _("refund certified")) if receipt.is_red else ("done", _("still valid"))


def _address(receipt: Receipt, document: Document) -> str:
    return reverse("receipts:document", kwargs={"number": receipt.number, "kind": document.value})


def _words(document: Document) -> tuple[str, str]:
    """Name, and what it is for."""
    return {
        Document.RECEIPT: (_("Electronic receipt"), _("Sums by kind of charge, and who paid")),
        Document.BILL: (_("Bill, and who pays it"), _("Every line with the part of each payer")),
        Document.ITEMISED_LIST: (
            _("Itemised list of charges"),
            _("Every line with its price and price document"),
        ),
        Document.PAYMENT: (_("Payment certificate"), _("What you paid through WeChat Pay or Alipay")),
        Document.REFUND: (_("Refund certificate"), _("What went back, and to whom")),
    }[document]
