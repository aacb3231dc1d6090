"""Earlier prices on a line of time: widths in percent, to scale as far as the words under them fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pricing.pages.amounts import amount_in_words, scope_in_words
from pricing.pages.regions import region_in_words
from pricing.pages.words import period_in_words
from pricing.rules.facts import PriceFact

_NARROWEST = 26  # percent of the line: "2025-07 起" still fits on a phone
_MOST = 3
_GAP = Decimal("0.6")  # percent


@dataclass(frozen=True, slots=True)
class Span:
    """One price on the line; ``x`` and ``width`` in percent."""

    x: str
    width: str
    amount: str
    begins: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class History:
    """The latest amounts for one scope, oldest first."""

    title: str
    spans: tuple[Span, ...]
    words: str
    """The same in words, for who does not see the drawing."""
    has_earlier: bool
    """There are older prices than are drawn."""


def histories(prices: Sequence[PriceFact], on: date) -> tuple[History, ...]:
    """A line for each scope, the general one first; ``prices`` are ordered by their first day."""
    by_scope: dict[tuple[object, ...], list[PriceFact]] = {}
    for price in prices:
        by_scope.setdefault(scope_of(price), []).append(price)
    several = len({_place(price) for price in prices}) > 1
    ordered = sorted(by_scope.values(), key=lambda found: (scope_in_words(found[0]), found[0].price_id))
    return tuple(_history(found, on, with_place=several) for found in ordered)


def _place(price: PriceFact) -> tuple[object, ...]:
    """Whose price it is."""
    return price.institution_id, price.region_code, price.institution_level, price.price_zone, price.ownership


def scope_of(price: PriceFact) -> tuple[object, ...]:
    """For whom a price is set; prices of one scope follow each other in time."""
    who = (price.title, price.department, price.condition, price.age_from, price.age_to)
    return *_place(price), price.institution_grade, *who


def _history(prices: list[PriceFact], on: date, *, with_place: bool) -> History:
    drawn = prices[-_MOST:]
    words = "; ".join(f"{amount_in_words(each).text} {period_in_words(each, on)}" for each in drawn)
    parts = [place_in_words(prices[0]) if with_place else "", scope_in_words(prices[0])]
    title = pgettext("between facts", ", ").join(part for part in parts if part)
    return History(title, _spans(drawn, on), words, has_earlier=len(prices) > len(drawn))


def place_in_words(price: PriceFact) -> str:
    """Where, or whose, a price is."""
    if price.institution_id is not None:
        return _("the hospital's own price")
    return region_in_words(price.region_code)


def _spans(prices: list[PriceFact], on: date) -> tuple[Span, ...]:
    widths = _widths([_months(price, on) for price in prices])
    spans, x = [], Decimal(0)
    for price, width in zip(prices, widths, strict=True):
        is_now = price.begin <= on and (price.end is None or on < price.end)
        begins = _("from %(month)s") % {"month": f"{price.begin:%Y-%m}"}
        spans.append(Span(f"{x:.2f}", f"{width - _GAP:.2f}", amount_in_words(price).text, begins, is_now))
        x += width
    return tuple(spans)


def _months(price: PriceFact, on: date) -> int:
    """Months the price has held until the day, or in all where it has ended; at least one."""
    end = price.end if price.end is not None else max(on, price.begin)
    return max(1, (end.year - price.begin.year) * 12 + end.month - price.begin.month)


def _widths(months: list[int]) -> list[Decimal]:
    """Percent for each; nobody below the narrowest, the rest shared to scale."""
    room = Decimal(100 - _NARROWEST * len(months))
    return [_NARROWEST + room * each / sum(months) for each in months]
