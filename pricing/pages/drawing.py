"""Earlier prices on a line of time: widths in percent, to scale as far as the words under them fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from kernel import presentation
from pricing.pages.words import period_in_words
from pricing.rules.facts import PriceFact
from pricing.rules.wording import TITLES, exact_yuan

_NARROWEST = 26  # percent of the line: "2025-07 起" still fits on a phone
_MOST = 3
_GAP = Decimal("0.6")  # percent


@dataclass(frozen=True, slots=True)
class Span:
    """One price on the line; ``x`` and ``width`` in percent."""

    x: str
    width: str
    amount: Decimal
    begins: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class History:
    """The latest amounts for one title, oldest first."""

    title: str
    spans: tuple[Span, ...]
    words: str
    """The same in words, for who does not see the drawing."""
    has_earlier: bool
    """There are older prices than are drawn."""


def histories(prices: Sequence[PriceFact], on: date) -> tuple[History, ...]:
    """A line for each title, the general one first; ``prices`` are ordered by their first day."""
    titles = sorted({price.title or "" for price in prices})
    return tuple(
        _history(title, [each for each in prices if (each.title or "") == title], on) for title in titles
    )


def _history(title: str, prices: list[PriceFact], on: date) -> History:
    drawn = prices[-_MOST:]
    words = "; ".join(
        f"{presentation.money(exact_yuan(each.amount))} {period_in_words(each, on)}" for each in drawn
    )
    return History(title_in_words(title), _spans(drawn, on), words, has_earlier=len(prices) > len(drawn))


def title_in_words(code: str | None) -> str:
    """A title of a practitioner in the page's language; empty for none."""
    if not code:
        return ""
    chinese, english = TITLES.get(code, (code, code))
    return chinese if presentation.is_chinese() else english


def _spans(prices: list[PriceFact], on: date) -> tuple[Span, ...]:
    widths = _widths([_months(price, on) for price in prices])
    spans, x = [], Decimal(0)
    for price, width in zip(prices, widths, strict=True):
        is_now = price.begin <= on and (price.end is None or on < price.end)
        begins = _("from %(month)s") % {"month": f"{price.begin:%Y-%m}"}
        spans.append(Span(f"{x:.2f}", f"{width - _GAP:.2f}", exact_yuan(price.amount), begins, is_now))
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
