"""The prices an institution shows to everyone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from pricing.models import PriceItem
from pricing.queries.quoting import context_of
from pricing.queries.reach import within_reach
from pricing.rules import QuoteContext
from pricing.rules.facts import PriceFact
from pricing.rules.lookup import holds, most_specific, regions_around
from registry.models import Institution


@dataclass(frozen=True, slots=True)
class PublishedPrice:
    """A line of an institution's price list: an item and the one price that holds for it on the day."""

    item: PriceItem
    price: PriceFact
    is_charged_as_other: bool
    """The item has no price of its own; the price is that of ``item.priced_as``."""


def published_prices(
    institution: Institution, on: date, items: QuerySet[PriceItem] | None = None
) -> list[PublishedPrice]:
    """What the institution charges on a day, ordered by category and code, titles apart; two queries.

    Only what a quote would charge is listed: items without a price in force, or with two, are left out.
    ``items`` narrows ``listed_items`` and has ``priced_as`` selected.
    """
    context = context_of(institution, on)
    chosen = list((listed_items(context) if items is None else items).order_by("category", "code"))
    ids = {item.priced_as_id or item.pk for item in chosen}
    by_item: dict[int, list[PriceFact]] = {}
    for price in within_reach(context).filter(item__in=ids).in_force_on(on):
        by_item.setdefault(price.item_id, []).append(price.facts())
    return [
        PublishedPrice(item, price, is_charged_as_other=item.priced_as_id is not None)
        for item in chosen
        for price in _one_for_each_title(by_item.get(item.priced_as_id or item.pk, []), item, context)
    ]


def listed_items(context: QuoteContext) -> QuerySet[PriceItem]:
    """The items that stand on a list covering the institution, whether or not they have a price."""
    listed = PriceItem.objects.filter(region_code__in=regions_around(context.region_code))
    if not context.is_demonstration:
        listed = listed.filter(is_demonstration=False)
    return listed.select_related("priced_as", "main_item")


def _one_for_each_title(
    prices: Iterable[PriceFact], item: PriceItem, context: QuoteContext
) -> list[PriceFact]:
    known = list(prices)
    titles = (
        [None]
        if item.priced_as_id
        else sorted({price.title for price in known}, key=lambda title: title or "")
    )
    chosen: list[PriceFact] = []
    for title in titles:
        best = most_specific([price for price in known if holds(price, context, title)], context)
        if len(best) == 1 and best[0].title == title:
            chosen.extend(best)
    return chosen


def price_history(item: PriceItem, institution: Institution) -> list[PriceFact]:
    """Every price of the item within the institution's reach, past and to come, oldest first; one query.

    For an item charged like another, the history of that other.
    """
    reach = within_reach(context_of(institution, date.min)).filter(item=item.priced_as_id or item.pk)
    return [price.facts() for price in reach.order_by("effective", "title", "pk")]
