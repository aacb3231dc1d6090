"""What the price list and the page of one item show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from pricing.models import Category, PriceItem
from pricing.pages.drawing import History, histories, title_in_words
from pricing.pages.words import Document, class_in_words, documents_of, period_in_words
from pricing.queries import PublishedPrice
from pricing.rules.facts import DEMONSTRATION, PriceFact
from pricing.rules.wording import exact_yuan
from registry.models import Institution


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the price list: one item, for one title or all."""

    item: PriceItem
    title: str
    """Title of the practitioner in words, empty for all."""
    title_code: str
    amount: Decimal
    """Yuan for one unit."""
    insurance_class: str
    self_pay_percent: str
    """What the person pays before the fund, in percent; empty when it is nothing or not known."""
    period: str
    document_number: str
    is_demonstration: bool
    is_charged_as_other: bool


@dataclass(frozen=True, slots=True)
class Section:
    """One category of the list."""

    title: str
    rows: tuple[Row, ...]
    is_demonstration: bool


@dataclass(frozen=True, slots=True)
class PriceList:
    """The list of one institution on one day."""

    institution: Institution
    on: date
    is_today: bool
    count: int
    sections: tuple[Section, ...]
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One item with what it costs on the day, and before."""

    item: PriceItem
    institution: Institution
    on: date
    is_today: bool
    rows: tuple[Row, ...]
    documents: tuple[Document, ...]
    histories: tuple[History, ...]


def price_list(
    published: Sequence[PublishedPrice], institution: Institution, on: date, today: date
) -> PriceList:
    """Sections in the order of the categories, and every document the list rests on."""
    order = list(Category)
    ordered = sorted(published, key=lambda each: order.index(Category(each.item.category)))
    sections = [
        _section(Category(category), list(group), on)
        for category, group in groupby(ordered, key=lambda each: each.item.category)
    ]
    documents = documents_of(each.price for each in ordered)
    return PriceList(institution, on, on == today, len(ordered), tuple(sections), documents)


def item_page(
    item: PriceItem,
    published: Sequence[PublishedPrice],
    history: Sequence[PriceFact],
    institution: Institution,
    on: date,
    today: date,
) -> ItemPage:
    """One item, its amounts by title, its documents and its history."""
    rows = tuple(_row(each, on) for each in published)
    documents = documents_of(each.price for each in published)
    return ItemPage(item, institution, on, on == today, rows, documents, histories(history, on))


def _section(category: Category, published: list[PublishedPrice], on: date) -> Section:
    rows = tuple(_row(each, on) for each in published)
    return Section(str(category.label), rows, all(row.is_demonstration for row in rows))


def _row(published: PublishedPrice, on: date) -> Row:
    price = published.price
    share = price.self_pay_rate * 100 if price.self_pay_rate else None
    return Row(
        item=published.item,
        title=title_in_words(price.title),
        title_code=price.title or "",
        amount=exact_yuan(price.amount),
        insurance_class=class_in_words(price),
        self_pay_percent=f"{share.normalize():f}" if share is not None else "",
        period=period_in_words(price, on),
        document_number=price.document_number,
        is_demonstration=price.evidence_grade == DEMONSTRATION,
        is_charged_as_other=published.is_charged_as_other,
    )
