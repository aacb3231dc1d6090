"""What the page of one item shows: amounts, documents, history, and what binds it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from pricing.models import ChargeRule, Price, PriceItem
from pricing.pages.amounts import amount_in_words, scope_in_words
from pricing.pages.drawing import History, histories, place_in_words
from pricing.pages.presenters import Entry
from pricing.pages.words import Document, documents_of, period_in_words
from pricing.queries import PublishedPrice
from pricing.rules.facts import DEMONSTRATION, PriceFact
from registry.models import Institution


@dataclass(frozen=True, slots=True)
class KnownRow:
    """One row as it was recorded: which days it speaks of, and from when to when it was what we knew."""

    amount: str
    scope: str
    period: str
    document_number: str
    evidence_grade: str
    known_from: date
    known_until: date | None


@dataclass(frozen=True, slots=True)
class BindingRule:
    """A rule between lines that names the item."""

    text: str
    text_en: str
    kind: str
    source: str
    is_demonstration: bool


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One item with what it costs on the day, and before."""

    entry: Entry
    institution: Institution
    on: date
    is_today: bool
    documents: tuple[Document, ...]
    histories: tuple[History, ...]
    hanging: tuple[Entry, ...]
    """What may be added to it, taken off, or charged in its place."""
    known: tuple[KnownRow, ...]
    rules: tuple[BindingRule, ...]

    @property
    def item(self) -> PriceItem:
        """The item itself."""
        return self.entry.item


def item_page(
    entry: Entry,
    institution: Institution,
    *,
    published: Sequence[PublishedPrice],
    history: Sequence[PriceFact],
    hanging: Sequence[Entry],
    known: Sequence[Price],
    rules: Sequence[ChargeRule],
    on: date,
    today: date,
) -> ItemPage:
    """Everything the page shows."""
    return ItemPage(
        entry=entry,
        institution=institution,
        on=on,
        is_today=on == today,
        documents=documents_of(_papers(published)),
        histories=histories(history, on),
        hanging=tuple(hanging),
        known=tuple(_known(row, on) for row in known),
        rules=tuple(_rule(rule) for rule in rules),
    )


def _papers(published: Iterable[PublishedPrice]) -> Iterable[PriceFact]:
    for each in published:
        yield each.price
        if each.limit is not None:
            yield each.limit


def _known(row: Price, on: date) -> KnownRow:
    fact = row.facts()
    scope = ", ".join(part for part in (place_in_words(fact), scope_in_words(fact)) if part)
    retracted = row.retracted_at
    return KnownRow(
        amount=amount_in_words(fact).text,
        scope=scope,
        period=period_in_words(fact, on),
        document_number=fact.document_number,
        evidence_grade=fact.evidence_grade,
        known_from=timezone.localtime(row.recorded_at).date(),
        known_until=timezone.localtime(retracted).date() if retracted else None,
    )


def _rule(rule: ChargeRule) -> BindingRule:
    return BindingRule(
        text=rule.text,
        text_en=rule.text_en,
        kind=rule.get_kind_display(),
        source=" ".join(filter(None, (rule.document.number, rule.place))),
        is_demonstration=rule.document.evidence == DEMONSTRATION,
    )
