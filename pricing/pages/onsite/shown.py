"""The price of the visit, or why there is none, in the page's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from kernel import presentation
from kernel.errors import Violation
from pricing.models import InsuranceClass
from pricing.pages.words import Document
from pricing.rules import PricingRefused, Quote, QuotedLine, Step
from pricing.rules.onsite.lines import REFERENCE
from pricing.rules.wording import plain


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step of the fee."""

    name: str
    note: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of the whole visit."""

    name: str
    note: str
    """How many at how much; empty for one."""
    amount: Decimal
    is_self_paid: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """What the visit costs, or what forbids a price."""

    fee: Decimal | None = None
    """Yuan, the on-site fee alone."""
    total: Decimal | None = None
    """Yuan, with everything that was added."""
    steps: tuple[ShownStep, ...] = ()
    lines: tuple[ShownLine, ...] = ()
    """Empty where only the fee was asked for."""
    document: Document | None = None
    others: tuple[Document, ...] = ()
    """Documents of the other lines."""
    is_demonstration: bool = False
    is_self_paid: bool = False
    """The insurance does not pay the on-site fee."""
    refusals: tuple[Violation, ...] = ()
    is_holiday_unknown: bool = False
    """The schedule asks for public holidays, and the hospital has entered none of that year."""


def visit_of(quote: Quote, *, is_holiday_unknown: bool) -> Visit:
    """The quote of a home visit for the page."""
    (fee,) = [line for line in quote.lines if line.reference == REFERENCE]
    others = [line for line in quote.lines if line is not fee]
    return Visit(
        fee=fee.amount,
        total=quote.total,
        steps=tuple(_step(step) for step in fee.steps),
        lines=tuple(_line(line) for line in quote.lines) if others else (),
        document=_document(fee),
        others=tuple(dict.fromkeys(_document(line) for line in others)),
        is_demonstration=fee.is_demonstration,
        is_self_paid=fee.insurance_class == InsuranceClass.C,
        is_holiday_unknown=is_holiday_unknown,
    )


def refused(refusal: PricingRefused) -> Visit:
    """Every reason once, in the order in which they were found."""
    return Visit(refusals=_once(refusal.violations))


def _once(violations: Sequence[Violation]) -> tuple[Violation, ...]:
    return tuple({str(violation.message): violation for violation in violations}.values())


def _step(step: Step) -> ShownStep:
    if presentation.is_chinese():
        return ShownStep(step.text, step.note, step.amount)
    return ShownStep(step.text_en, step.note_en, step.amount)


def _line(line: QuotedLine) -> ShownLine:
    unit = line.unit if presentation.is_chinese() else line.unit_en or line.unit
    name = line.name if presentation.is_chinese() else line.name_en or line.name
    quantity = line.asked_quantity or line.quantity
    note = ""
    if line.asked_quantity is not None:
        note = _("%(quantity)s %(unit)s") % {"quantity": plain(quantity), "unit": unit}
    elif quantity != 1:
        shown = {"quantity": plain(quantity), "unit": unit, "each": presentation.money(line.unit_price)}
        note = _("%(quantity)s %(unit)s at %(each)s") % shown
    return ShownLine(name, note, line.amount, is_self_paid=line.insurance_class == InsuranceClass.C)


def _document(line: QuotedLine) -> Document:
    return Document(
        line.document_number,
        line.document_title,
        line.document_title_en,
        line.document_issuer,
        line.document_issuer_en,
        line.is_demonstration,
    )
