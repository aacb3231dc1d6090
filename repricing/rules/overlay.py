"""Facts as they would be with proposed prices in force."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from pricing.rules.facts import PriceFact, TariffFacts


def with_proposals(
    facts: TariffFacts, proposed: Iterable[PriceFact], replaced: frozenset[int] = frozenset()
) -> TariffFacts:
    """The facts with the proposed prices in the place of those of the same scope, whatever the day.

    ``replaced`` are ids of price rows that go as well. Where a scope is proposed more than once, the one that begins
    last holds: it is what the revision leaves in the end.
    """
    last = _last_of_each_scope(proposed)
    prices = {code: _kept(rows, last, replaced) for code, rows in facts.prices.items()}
    for price in last:
        always = replace(price, begin=date.min, end=None)
        prices[price.item_code] = (*prices.get(price.item_code, ()), always)
    return replace(facts, prices=prices)


def _last_of_each_scope(proposed: Iterable[PriceFact]) -> list[PriceFact]:
    kept: list[PriceFact] = []
    for price in sorted(proposed, key=lambda each: each.begin, reverse=True):
        if not any(same_scope(price, later) for later in kept):
            kept.append(price)
    return kept


def _kept(
    rows: tuple[PriceFact, ...], proposed: list[PriceFact], replaced: frozenset[int]
) -> tuple[PriceFact, ...]:
    return tuple(
        row
        for row in rows
        if row.price_id not in replaced and not any(same_scope(row, price) for price in proposed)
    )


def same_scope(one: PriceFact, other: PriceFact) -> bool:
    """Whether both set a price of one item for the same case; ages that overlap are the same."""
    return _scope(one) == _scope(other) and _ages_overlap(one, other)


def _scope(price: PriceFact) -> tuple[object, ...]:
    return (
        price.item_code,
        price.region_code,
        price.institution_id,
        price.institution_level,
        price.institution_grade,
        price.price_zone,
        price.ownership,
        price.department,
        price.condition,
        price.title,
    )


def _ages_overlap(one: PriceFact, other: PriceFact) -> bool:
    youngest = max(one.age_from or 0, other.age_from or 0)
    oldest = min((age for age in (one.age_to, other.age_to) if age is not None), default=youngest)
    return youngest <= oldest
