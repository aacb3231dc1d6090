"""What the price list and its entries show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from django.utils import timezone

from pricing.models import Category, ItemSuccession, PriceItem
from pricing.pages.amounts import Amount, amount_of, scope_in_words
from pricing.pages.words import Document, class_in_words, documents_of, period_in_words
from pricing.queries import ClosedService, PublishedPrice
from pricing.queries.published import PostedItem
from pricing.rules.facts import DEMONSTRATION, PriceFact
from pricing.rules.kinds import AmountKind, BandAxis, ItemKind
from pricing.rules.wording import plain
from registry.models import Institution

_HANGING = (ItemKind.SURCHARGE, ItemKind.REDUCTION)


@dataclass(frozen=True, slots=True)
class Row:
    """What an item costs, for one scope or for all."""

    item: PriceItem
    title: str
    """For whom, in words; empty for everybody."""
    amount: Amount
    insurance_class: str
    self_pay_percent: str
    """What the person pays before the fund, in percent; empty when it is nothing or not known."""
    period: str
    known_since: date | None
    document_number: str
    is_demonstration: bool
    is_trial: bool
    is_charged: bool
    why: str
    """Query of the page that explains it, without the day; empty where one unit alone cannot be explained."""
    is_explained: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of the list with everything it costs, or why it costs nothing that we know."""

    item: PriceItem
    rows: tuple[Row, ...]
    basis: PriceItem | None
    succession: ItemSuccession | None
    is_closed: bool
    hangs: bool
    """Shown under its main item."""

    @property
    def is_demonstration(self) -> bool:
        """Whether all of it is invented."""
        return self.item.is_demonstration or any(row.is_demonstration for row in self.rows)


@dataclass(frozen=True, slots=True)
class Section:
    """One category of the list."""

    title: str
    entries: tuple[Entry, ...]
    is_demonstration: bool


@dataclass(frozen=True, slots=True)
class PriceList:
    """One page of the list of an institution on a day."""

    institution: Institution
    on: date
    is_today: bool
    count: int
    """Items on all pages."""
    sections: tuple[Section, ...]
    documents: tuple[Document, ...]


def price_list(
    posted: Sequence[PostedItem],
    institution: Institution,
    *,
    on: date,
    today: date,
    count: int,
    abolished: Mapping[int, ItemSuccession],
    closed: Sequence[ClosedService],
) -> PriceList:
    """Sections in the order given, and every document the page rests on."""
    entries = entries_of(posted, on, abolished, closed)
    sections = [
        _section(Category(category), tuple(group))
        for category, group in groupby(entries, key=lambda entry: entry.item.category)
    ]
    documents = documents_of(price.price for each in posted for price in each.prices)
    return PriceList(institution, on, on == today, count, tuple(sections), documents)


def entries_of(
    posted: Sequence[PostedItem],
    on: date,
    abolished: Mapping[int, ItemSuccession],
    closed: Sequence[ClosedService],
) -> list[Entry]:
    """An entry for each item; what hangs on a main item that stands before it says so."""
    seen: set[int] = set()
    services = {each.service for each in closed}
    entries = []
    for each in posted:
        seen.add(each.item.pk)
        entries.append(
            Entry(
                item=each.item,
                rows=tuple(row_of(price, on) for price in each.prices),
                basis=each.prices[0].basis if each.prices else None,
                succession=abolished.get(each.item.pk),
                is_closed=each.item.service in services,
                hangs=each.item.main_item_id in seen,
            )
        )
    return entries


def _section(category: Category, entries: tuple[Entry, ...]) -> Section:
    return Section(str(category.label), entries, all(entry.is_demonstration for entry in entries))


def row_of(published: PublishedPrice, on: date) -> Row:
    """One price of an item, in words."""
    price = published.price
    return Row(
        item=published.item,
        title=scope_in_words(price),
        amount=amount_of(published),
        insurance_class=class_in_words(price),
        self_pay_percent=plain(price.self_pay_rate * 100) if price.self_pay_rate else "",
        period=period_in_words(price, on),
        known_since=timezone.localtime(published.recorded_at).date() if published.recorded_at else None,
        document_number=price.document_number,
        is_demonstration=price.evidence_grade == DEMONSTRATION,
        is_trial=price.is_trial,
        is_charged=published.is_charged,
        why=_case_of(price),
        is_explained=_is_explained(published),
    )


def _case_of(price: PriceFact) -> str:
    """The case that the price is for, as the page of reasons takes it."""
    age = price.age_from if price.age_from is not None else price.age_to
    told = {"title": price.title, "age": age}
    return urlencode({name: value for name, value in told.items() if value is not None})


def _is_explained(published: PublishedPrice) -> bool:
    """Whether one unit by itself has a price: it hangs on nothing, is measured by nothing, depends on nothing."""
    price = published.price
    by_measure = price.kind is AmountKind.TIERED and price.band_axis is not BandAxis.COUNT
    by_case = bool(price.condition or price.department)
    is_open = price.kind in (AmountKind.SELF_SET, AmountKind.RANGE)
    hangs = published.item.kind in _HANGING
    return published.is_charged and not (by_measure or by_case or is_open or hangs)
