"""The prices an institution shows to everyone: the rows that bill, for every scope they are set for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from pricing.models import ItemSuccession, PolicyOpening, Price, PriceItem
from pricing.queries.quoting import context_of
from pricing.queries.reach import within_reach
from pricing.rules import QuoteContext, ServiceLine
from pricing.rules.codes import ORDINARY_OUTPATIENT
from pricing.rules.facts import PriceFact
from pricing.rules.kinds import CLOSED_UNTIL_OPENED, AmountKind, ItemKind, Service
from pricing.rules.lookup import holds, most_specific, regions_around
from registry.models import Institution

_ASKS_FOR_OWN = {AmountKind.RANGE, AmountKind.SELF_SET}
Scope = tuple[str | None, str, str, int | None, int | None]


@dataclass(frozen=True, slots=True)
class PublishedPrice:
    """A line of an institution's price list: an item and the one price that holds for a scope on the day."""

    item: PriceItem
    price: PriceFact
    basis: PriceItem | None = None
    """The item at whose price this one is charged; None for its own."""
    limit: PriceFact | None = None
    """The regulator's row, where ``price`` is the institution's own."""
    is_charged: bool = True
    """False where the institution must publish an amount of its own first, and has not."""
    base: PriceItem | None = None
    """What a rate is of, where the row names it."""
    recorded_at: datetime | None = None
    """Since when the row is known."""

    @property
    def is_charged_as_other(self) -> bool:
        """The item has no price of its own."""
        return self.basis is not None


@dataclass(frozen=True, slots=True)
class PostedItem:
    """An item of the list with every price that holds for it; none where no number is known."""

    item: PriceItem
    prices: tuple[PublishedPrice, ...]


def published_prices(
    institution: Institution, on: date, items: QuerySet[PriceItem] | None = None
) -> list[PublishedPrice]:
    """What the institution charges on a day, ordered by category and code, scopes apart; two queries.

    Only what a quote would charge is listed: items without a price in force, with two, or with one that the
    institution has not published yet, are left out. ``items`` narrows ``listed_items`` and has its relations
    selected.
    """
    context = context_of(institution, on)
    chosen = still_charged(context, listed_items(context)) if items is None else items
    posted = posted_items(context, chosen.order_by("category", "code"))
    return [price for each in posted for price in each.prices if price.is_charged]


def posted_items(context: QuoteContext, items: Iterable[PriceItem]) -> list[PostedItem]:
    """Every item given, in its order, with what holds for it on the context's day; one query for all prices.

    The items have ``priced_as`` and ``main_item`` selected.
    """
    chosen = list(items)
    rows = _rows(context, chosen)
    return [PostedItem(item, tuple(prices_of(item, rows, context))) for item in chosen]


def listed_items(context: QuoteContext) -> QuerySet[PriceItem]:
    """The items that stand on a list covering the institution, whether or not they have a price."""
    listed = PriceItem.objects.filter(region_code__in=regions_around(context.region_code))
    if not context.is_demonstration:
        listed = listed.filter(is_demonstration=False)
    return listed.select_related("priced_as", "main_item")


def still_charged(context: QuoteContext, items: QuerySet[PriceItem]) -> QuerySet[PriceItem]:
    """Without items that are abolished here, and without those of services that no document has opened."""
    around = regions_around(context.region_code)
    abolished = ItemSuccession.objects.filter(
        item=OuterRef("pk"),
        region_code__in=around,
        from_on__lte=context.service_on,
        document__is_demonstration=context.is_demonstration,
    )
    opened = PolicyOpening.objects.filter(
        service=OuterRef("service"),
        region_code__in=around,
        effective__contains=context.service_on,
        document__is_demonstration=context.is_demonstration,
    )
    return items.filter(~Exists(abolished), ~Q(service__in=CLOSED_UNTIL_OPENED) | Exists(opened))


def price_history(item: PriceItem, institution: Institution) -> list[PriceFact]:
    """Every price of the item within the institution's reach, past and to come, oldest first; one query.

    For an item charged like another, the history of that other.
    """
    reach = within_reach(context_of(institution, date.min)).filter(item=basis_id_of(item))
    return [price.facts() for price in reach.order_by("effective", "title", "pk")]


def history_of(price_id: int, institution: Institution) -> list[PriceFact]:
    """Every price within reach of the item that a price row belongs to, oldest first; one query."""
    reach = within_reach(context_of(institution, date.min)).filter(item__prices=price_id)
    return [price.facts() for price in reach.order_by("effective", "title", "pk")]


def known_rows(item: PriceItem, institution: Institution, most: int) -> list[Price]:
    """What was ever recorded for the item within reach, retracted rows too, latest first; one query."""
    context = context_of(institution, date.min)
    own_or_common = Q(institution=institution) | Q(institution__isnull=True)
    level = Q(institution_level=institution.level) | Q(institution_level__isnull=True)
    rows = Price.objects.filter(
        own_or_common,
        level,
        item=basis_id_of(item),
        region_code__in=regions_around(context.region_code),
        document__is_demonstration=context.is_demonstration,
    )
    return list(
        rows.select_related("item", "base_item", "document").order_by("-recorded_at", "-effective", "pk")[
            :most
        ]
    )


def basis_id_of(item: PriceItem) -> int:
    """Primary key of the item whose rows set the price."""
    if item.kind == ItemKind.EXTENSION and item.main_item_id is not None:
        return item.main_item_id
    return item.priced_as_id or item.pk


def _rows(context: QuoteContext, items: Sequence[PriceItem]) -> Mapping[int, Sequence[Price]]:
    """Rows in force by item; with those of the ordinary consultation where an online re-diagnosis needs them."""
    wanted = Q(item__in={basis_id_of(item) for item in items} | {item.pk for item in items})
    if any(item.service == Service.ONLINE_REVISIT for item in items):
        wanted |= Q(item__code=ORDINARY_OUTPATIENT)
    found: defaultdict[int, list[Price]] = defaultdict(list)
    for row in within_reach(context).filter(wanted, effective__contains=context.service_on):
        found[row.item_id].append(row)
    return found


def prices_of(
    item: PriceItem, rows: Mapping[int, Sequence[Price]], context: QuoteContext
) -> Iterable[PublishedPrice]:
    """What holds for an item in circumstances, of rows that are known, by item; they may be of any place and day."""
    basis = _basis_of(item, rows)
    known = rows.get(item.pk if basis is None else basis.pk, ())
    facts = {row.pk: row.facts() for row in known}
    ordered = sorted(facts.values(), key=lambda price: (price.title or "", price.condition, price.price_id))
    whatever_title = basis is not None and item.kind != ItemKind.EXTENSION
    seen = dict.fromkeys(_scope(price) for price in ordered if not (whatever_title and price.title))
    by_id = {row.pk: row for row in known}
    for scope in seen:
        published = _for_scope(item, facts.values(), scope, context)
        if published is not None:
            row = by_id[published.price.price_id]
            yield replace(published, basis=basis, base=row.base_item, recorded_at=row.recorded_at)


def _basis_of(item: PriceItem, rows: Mapping[int, Sequence[Price]]) -> PriceItem | None:
    """As the quote does it: see ``pricing.rules.quoting``."""
    if item.kind == ItemKind.EXTENSION:
        return item.main_item
    if item.priced_as is not None:
        return item.priced_as
    if item.service == Service.ONLINE_REVISIT:
        for known in rows.values():
            if known[0].item.code == ORDINARY_OUTPATIENT:
                return known[0].item
    return None


def _scope(price: PriceFact) -> Scope:
    return price.title, price.department, price.condition, price.age_from, price.age_to


def _for_scope(
    item: PriceItem, prices: Iterable[PriceFact], scope: Scope, context: QuoteContext
) -> PublishedPrice | None:
    """The row that a quote for this scope would charge; None where it is set for a wider one, or not clear."""
    title, department, condition, age_from, age_to = scope
    case = replace(context, department=department, patient_age=age_to if age_from is None else age_from)
    line = ServiceLine("", item.code, Decimal(1), condition=condition)
    holding = [price for price in prices if holds(price, case, title, line=line)]
    own = most_specific([price for price in holding if price.institution_id is not None], case)
    common = most_specific([price for price in holding if price.institution_id is None], case)
    if len(own) > 1 or len(common) > 1 or not (own or common):
        return None
    chosen = own[0] if own else common[0]
    if _scope(chosen) != scope:
        return None
    limit = common[0] if own and common else None
    return PublishedPrice(item, chosen, limit=limit, is_charged=bool(own) or not _is_open(chosen, context))


def _is_open(price: PriceFact, context: QuoteContext) -> bool:
    """Whether the regulator leaves the amount to the institution, which has published none."""
    if price.kind is AmountKind.CEILING:
        return not context.ceiling_is_charged
    return price.kind in _ASKS_FOR_OWN
