"""Facts for the quote, and the prices an institution shows to everyone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, QuerySet

from pricing.models import Price, PriceItem
from pricing.models.prices import PriceQuerySet
from pricing.rules import Quote, QuoteContext, ServiceLine, TariffFacts, quote
from pricing.rules.facts import PriceFact
from pricing.rules.lookup import holds, most_specific, regions_around
from registry.models import Institution


def quote_for(
    *,
    lines: Sequence[ServiceLine],
    institution: Institution,
    service_on: date,
    practitioner_title: str | None = None,
    patient_age: int | None = None,
) -> Quote:
    """Price lines at an institution on a day; two queries whatever the number of lines.

    ``practitioner_title`` is a code of ``registry.models.practitioners.Title``; ``patient_age`` is in whole
    years on the day of the service.

    Raises:
        ItemUnknown, PriceNotFound, TwoPricesInForce, QuantityNotChargeable: see ``pricing.rules.quote``.
    """
    context = replace(
        context_of(institution, service_on), practitioner_title=practitioner_title, patient_age=patient_age
    )
    return quote(lines, context, tariff_facts(lines, context))


def context_of(institution: Institution, service_on: date) -> QuoteContext:
    """Where and when, without a practitioner or a patient."""
    return QuoteContext(
        service_on=service_on,
        region_code=institution.region_code,
        institution_id=institution.pk,
        institution_level=institution.level,
        ownership=institution.ownership,
        is_demonstration=institution.is_demonstration,
    )


def tariff_facts(lines: Sequence[ServiceLine], context: QuoteContext) -> TariffFacts:
    """Items of the lines, the items they are charged like, and the prices in force: two queries."""
    items = list(
        PriceItem.objects.filter(code__in={line.item_code for line in lines}).select_related(
            "main_item", "priced_as__priced_as", "priced_as__main_item"
        )
    )
    bases = [item.priced_as for item in items if item.priced_as is not None]
    prices = _within_reach(context).filter(item__in={item.pk for item in (*items, *bases)})
    return TariffFacts.of(
        [*(basis.facts() for basis in bases), *(item.facts() for item in items)],
        [price.facts() for price in prices.in_force_on(context.service_on)],
    )


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
    for price in _within_reach(context).filter(item__in=ids).in_force_on(on):
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
    reach = _within_reach(context_of(institution, date.min)).filter(item=item.priced_as_id or item.pk)
    return [price.facts() for price in reach.order_by("effective", "title", "pk")]


def _within_reach(context: QuoteContext) -> PriceQuerySet:
    """Prices of any day whose scope may cover the institution, with item and document."""
    own_or_common = Q(institution=context.institution_id) | Q(institution__isnull=True)
    level = Q(institution_level=context.institution_level) | Q(institution_level__isnull=True)
    return (
        Price.objects.known()
        .filter(own_or_common, level, region_code__in=regions_around(context.region_code))
        .filter(document__is_demonstration=context.is_demonstration)
        .select_related("item", "base_item", "document")
    )
