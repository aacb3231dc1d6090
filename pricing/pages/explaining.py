"""Why one unit costs what it costs: the quote itself, in the person's language."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kernel import presentation
from kernel.errors import Violation
from pricing.models import PriceItem
from pricing.pages.amounts import yuan
from pricing.pages.drawing import History, histories, scope_of
from pricing.pages.words import Document, document_of, period_in_words, title_in_words
from pricing.queries import quote_for
from pricing.queries.published import history_of
from pricing.rules import PricingRefused, QuotedLine, ServiceLine, Step
from pricing.rules.codes import EXPERT_OUTPATIENT
from registry.models import Institution


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step in the page's language."""

    text: str
    note: str
    amount: str
    """The first as it is, the others as steps of a sum."""


@dataclass(frozen=True, slots=True)
class Why:
    """A priced line with its reasons, or the reason why there is no price."""

    item: PriceItem
    institution: Institution
    on: date
    is_today: bool
    line: QuotedLine | None = None
    amount: str = ""
    """Of one unit, with every decimal that counts."""
    steps: tuple[ShownStep, ...] = ()
    title: str = ""
    """Title of the doctor in words."""
    offline_amount: Decimal | None = None
    """Yuan that a visit to the same doctor's clinic would cost."""
    document: Document | None = None
    period: str = ""
    histories: tuple[History, ...] = ()
    refusal: Violation | None = None


def why(
    item: PriceItem, institution: Institution, *, on: date, today: date, title: str | None, age: int | None
) -> Why:
    """Explain one unit; three queries, five with the comparison to the doctor's clinic."""
    try:
        line = _line(item.code, institution, on, title, age)
    except PricingRefused as refusal:
        return Why(item, institution, on, on == today, refusal=refusal.violations[0])
    history = history_of(line.price_id, institution)
    price = next(each for each in history if each.price_id == line.price_id)
    same_scope = [each for each in history if scope_of(each) == scope_of(price)]
    return Why(
        item,
        institution,
        on,
        on == today,
        line=line,
        amount=yuan(line.unit_price),
        steps=tuple(_shown(step, is_first=number == 0) for number, step in enumerate(line.steps)),
        title=title_in_words(title),
        offline_amount=_offline_amount(item, institution, on, title),
        document=document_of(price),
        period=period_in_words(price, on),
        histories=histories(same_scope, on),
    )


def _line(code: str, institution: Institution, on: date, title: str | None, age: int | None) -> QuotedLine:
    asked = [ServiceLine("1", code, Decimal(1))]
    return quote_for(
        lines=asked, institution=institution, service_on=on, practitioner_title=title, patient_age=age
    ).lines[0]


def _offline_amount(item: PriceItem, institution: Institution, on: date, title: str | None) -> Decimal | None:
    """What the same doctor's clinic costs, where that differs by title; None where it is not known."""
    if item.priced_as_id is None or title is None:
        return None
    try:
        return _line(EXPERT_OUTPATIENT, institution, on, title, None).amount
    except PricingRefused:
        return None


def _shown(step: Step, *, is_first: bool) -> ShownStep:
    amount = yuan(step.amount) if is_first else f"{'−' if step.amount < 0 else '+'} {yuan(abs(step.amount))}"
    if presentation.is_chinese():
        return ShownStep(step.text, step.note, amount)
    return ShownStep(step.text_en, step.note_en, amount)
