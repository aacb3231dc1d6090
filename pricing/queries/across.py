"""One item in every province and hospital where a number is known."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from pricing.models import Price, PriceItem
from pricing.queries.published import PublishedPrice, basis_id_of, prices_of
from pricing.queries.quoting import context_of
from pricing.rules import QuoteContext
from pricing.rules.facts import PriceFact
from pricing.rules.kinds import ItemKind
from pricing.rules.lookup import NATION, regions_around
from registry.models import Institution

_MOST_INSTITUTIONS = 50


@dataclass(frozen=True, slots=True)
class RegionPrice:
    """What a regulator sets for an item in a region."""

    item: PriceItem
    price: PriceFact


@dataclass(frozen=True, slots=True)
class InstitutionPrice:
    """What an institution charges for it."""

    institution: Institution
    published: PublishedPrice


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that is known of one item on a day."""

    items: tuple[PriceItem, ...]
    """The item, and those of other provinces that stand for the same service of the policy."""
    regions: tuple[RegionPrice, ...]
    """By region, real ones and invented ones."""
    institutions: tuple[InstitutionPrice, ...]


def comparison(item: PriceItem, on: date) -> Comparison:
    """The item where it has a price on the day; four queries whatever the number of rows."""
    items = _same_items(item)
    rows = _rows(items, on)
    regions = [
        RegionPrice(each, row.facts())
        for each in items
        for row in rows.get(basis_id_of(each), ())
        if row.institution_id is None and _is_of(each, row)
    ]
    unique = {each.price.price_id: each for each in reversed(regions)}
    ordered = sorted(unique.values(), key=lambda each: _order(each.price))
    return Comparison(tuple(items), tuple(ordered), tuple(_at_institutions(items, rows, on)))


def _same_items(item: PriceItem) -> list[PriceItem]:
    """The item first, then those that stand for the same service: provinces give it codes of their own."""
    same = Q(pk=item.pk)
    if item.service and item.kind == ItemKind.MAIN:
        same |= Q(service=item.service, kind=ItemKind.MAIN)
    found = PriceItem.objects.filter(same).select_related("priced_as", "main_item").order_by("code")
    return sorted(found, key=lambda each: each.pk != item.pk)


def _rows(items: Sequence[PriceItem], on: date) -> Mapping[int, Sequence[Price]]:
    wanted = {basis_id_of(item) for item in items} | {item.pk for item in items}
    found: defaultdict[int, list[Price]] = defaultdict(list)
    rows = Price.objects.in_force_on(on).filter(item__in=wanted)
    for row in rows.select_related("item", "base_item", "document").order_by("region_code", "pk"):
        found[row.item_id].append(row)
    return found


def _is_of(item: PriceItem, row: Price) -> bool:
    """Whether the row holds where the item stands on the list, and in the same world."""
    stands_there = item.region_code in regions_around(row.region_code) or row.region_code == NATION
    return stands_there and (row.document.is_demonstration or not item.is_demonstration)


def _order(price: PriceFact) -> tuple[object, ...]:
    scope = (price.institution_level or 0, price.title or "", price.condition, price.price_id)
    return price.evidence_grade == "D", price.region_code, *scope


def _at_institutions(
    items: Sequence[PriceItem], rows: Mapping[int, Sequence[Price]], on: date
) -> Iterable[InstitutionPrice]:
    for institution in Institution.objects.order_by("pk")[:_MOST_INSTITUTIONS]:
        context = context_of(institution, on)
        for item in items:
            if _is_listed(item, context):
                for published in prices_of(item, rows, context):
                    yield InstitutionPrice(institution, published)
                break


def _is_listed(item: PriceItem, context: QuoteContext) -> bool:
    here = item.region_code in regions_around(context.region_code)
    return here and (context.is_demonstration or not item.is_demonstration)
