"""What holds beside prices that are to be published."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from pricing.models import Price, PriceItem
from pricing.models.prices import PriceQuerySet
from pricing.models.reading import item_facts, price_facts
from pricing.queries.quoting import context_of
from pricing.rules.codes import ORDINARY_OUTPATIENT
from pricing.rules.facts import ItemFact, PriceFact, QuoteContext
from pricing.rules.kinds import Service
from pricing.rules.lookup import NATION
from pricing.rules.publishing.revisits import is_ordinary, is_revisit
from registry.models import Institution


@dataclass(frozen=True)
class Beside:
    """What ``pricing.rules.publishing.publishing_violations`` asks for besides the rows."""

    items: Mapping[str, ItemFact]
    others: Sequence[PriceFact]
    institutions: Mapping[int, QuoteContext]


def beside(
    rows: Sequence[PriceFact],
    known: Mapping[str, ItemFact] | None = None,
    *,
    without: Collection[int] = (),
) -> Beside:
    """Items, prices and institutions that decide whether the rows may be published; at most five queries.

    ``known`` has the items that the rows name, where the caller has them already; ``without`` are ids of the
    prices that the rows replace.
    """
    items = dict(known if known is not None else _items_of(rows))
    if not rows:
        return Beside(items, [], {})
    visits = _visits(rows, items)
    items.update({item.code: item for item in visits.values()})
    own = {row.item_code for row in rows if row.institution_id is not None}
    wanted = Q(item__in=list(visits)) | Q(item__code__in=own)
    others: list[PriceFact] = []
    if visits or own:
        others = price_facts(_around(rows).filter(wanted).exclude(pk__in=without))
    ids = {price.institution_id for price in (*rows, *others) if price.institution_id}
    institutions = Institution.objects.filter(pk__in=ids) if ids else ()
    return Beside(items, others, {found.pk: context_of(found, date.min) for found in institutions})


def same_scopes(rows: Sequence[PriceFact]) -> list[PriceFact]:
    """Known prices of the same items, regions and institutions, on some of the same days."""
    if not rows:
        return []
    codes = {row.item_code for row in rows}
    places = {row.region_code for row in rows}
    return price_facts(_during(rows).filter(item__code__in=codes, region_code__in=places))


def _items_of(rows: Iterable[PriceFact]) -> dict[str, ItemFact]:
    """The items of the rows, and those that they name; two queries."""
    wanted = {code for row in rows for code in (row.item_code, row.base_code) if code}
    found: dict[str, ItemFact] = {}
    while wanted:
        found |= {item.code: item for item in item_facts(PriceItem.objects.filter(code__in=wanted)).values()}
        named = {code for item in found.values() for code in (item.main_code, item.priced_as) if code}
        wanted = named - found.keys()
    return found


def _visits(rows: Sequence[PriceFact], items: Mapping[str, ItemFact]) -> dict[int, ItemFact]:
    """Ordinary visits and online re-diagnoses by primary key, where a row is of one of them."""
    if not any(is_ordinary(item) or is_revisit(item) for item in (items[row.item_code] for row in rows)):
        return {}
    ordinary = Q(code=ORDINARY_OUTPATIENT) | Q(insurance_code=ORDINARY_OUTPATIENT, service="")
    online = Q(service=Service.ONLINE_REVISIT)
    return item_facts(PriceItem.objects.filter(ordinary | online, priced_as__isnull=True))


def _during(rows: Sequence[PriceFact]) -> PriceQuerySet:
    """Prices known now that hold on some day from the first of the rows on to the last."""
    ends = [row.end for row in rows]
    last = None if None in ends else max(end for end in ends if end is not None)
    days = DateRange(min(row.begin for row in rows), last)
    return Price.objects.known().filter(effective__overlap=days)


def _around(rows: Sequence[PriceFact]) -> PriceQuerySet:
    """Of those, the prices of the same provinces and of the country."""
    provinces = {row.region_code[:2] for row in rows}
    places = Q(region_code=NATION)
    for province in sorted(provinces - {NATION[:2]}):
        places |= Q(region_code__startswith=province)
    return _during(rows) if NATION[:2] in provinces else _during(rows).filter(places)
