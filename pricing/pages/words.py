"""Days, classes and documents in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel import presentation
from pricing.models import InsuranceClass
from pricing.rules.facts import DEMONSTRATION, PriceFact
from pricing.rules.wording import TITLES


@dataclass(frozen=True, slots=True)
class Document:
    """What the plate shows of a document."""

    number: str
    title: str
    title_en: str
    issuer: str
    issuer_en: str
    is_demonstration: bool


def document_of(price: PriceFact) -> Document:
    """The document that sets the price."""
    return Document(
        price.document_number,
        price.document_title,
        price.document_title_en,
        price.document_issuer,
        price.document_issuer_en,
        price.evidence_grade == DEMONSTRATION,
    )


def documents_of(prices: Iterable[PriceFact]) -> tuple[Document, ...]:
    """Each document once, in the order of the prices."""
    return tuple(dict.fromkeys(document_of(price) for price in prices))


def period_in_words(price: PriceFact, on: date) -> str:
    """From which day, until which last day, and whether it holds on the day asked for."""
    begin = date_format(price.begin, "DATE_FORMAT")
    if price.end is not None:
        last = date_format(price.end - timedelta(days=1), "DATE_FORMAT")
        return _("from %(begin)s to %(last)s") % {"begin": begin, "last": last}
    if price.begin > on:
        return _("from %(begin)s on, not yet in force") % {"begin": begin}
    return _("from %(begin)s on, in force") % {"begin": begin}


def class_in_words(price: PriceFact) -> str:
    """甲, 乙 or 丙; empty when the document does not say."""
    shown = {
        InsuranceClass.A: pgettext("insurance class", "Class A"),
        InsuranceClass.B: pgettext("insurance class", "Class B"),
        InsuranceClass.C: pgettext("insurance class", "Class C"),
    }
    return shown[InsuranceClass(price.insurance_class)] if price.insurance_class else ""


def title_in_words(code: str | None) -> str:
    """A title of a practitioner in the page's language; empty for none."""
    if not code:
        return ""
    chinese, english = TITLES.get(code, (code, code))
    return chinese if presentation.is_chinese() else english
