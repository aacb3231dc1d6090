"""One page of an institution's price list."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from pricing.models import ItemSuccession, PriceItem
from pricing.models.prices import PriceQuerySet
from pricing.queries.published import listed_items
from pricing.queries.reach import within_reach
from pricing.rules import QuoteContext
from pricing.rules.lookup import NATION, regions_around
from pricing.rules.search import search_term


def items_of_list(context: QuoteContext, *, category: str = "", typed: str = "") -> QuerySet[PriceItem]:
    """Items in the order of the list, what hangs on a main item right after it.

    Without a search, items of the national list that have no price here are left out; a search finds them all. The
    demonstration leaves out real items to which it gives no price.
    """
    items = listed_items(context)
    if context.is_demonstration:
        items = items.filter(Q(is_demonstration=True) | Q(_own_price(context)))
    if category:
        items = items.filter(category=category)
    if typed:
        items = items.filter(search_key__contains=search_term(typed))
    else:
        items = items.filter(~Q(region_code=NATION) | _has_price(context))
    return items.annotate(stands_at=Coalesce(F("main_item__code"), F("code"))).order_by(
        "category", "stands_at", F("main_item").asc(nulls_first=True), "kind", "code"
    )


def _in_force(context: QuoteContext) -> PriceQuerySet:
    return within_reach(context).select_related(None).filter(effective__contains=context.service_on)


def _own_price(context: QuoteContext) -> Exists:
    return Exists(_in_force(context).filter(item=OuterRef("pk")))


def _has_price(context: QuoteContext) -> Q:
    in_force = _in_force(context)
    charged_as = Exists(in_force.filter(item=OuterRef("priced_as")))
    of_main = Exists(in_force.filter(item=OuterRef("main_item")))
    return Q(_own_price(context)) | Q(charged_as) | (Q(main_item__isnull=False) & Q(of_main))


def abolished_on(context: QuoteContext, items: list[PriceItem]) -> dict[int, ItemSuccession]:
    """Successions that have begun, by item; one query. The narrowest region counts."""
    around = regions_around(context.region_code)
    found = ItemSuccession.objects.filter(
        item__in=items,
        region_code__in=around,
        from_on__lte=context.service_on,
        document__is_demonstration=context.is_demonstration,
    ).select_related("successor", "document")
    return {
        each.item_id: each
        for each in sorted(found, key=lambda each: around.index(each.region_code), reverse=True)
    }
