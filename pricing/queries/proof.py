"""What is not in order in the tariffs, as known now."""

from collections.abc import Collection, Iterator
from datetime import date
from functools import partial
from itertools import groupby

from django.db.models import Q, QuerySet

from pricing.models import Price, PriceItem, TariffDocument
from pricing.models.reading import item_facts, price_facts
from pricing.queries.quoting import context_of
from pricing.rules.facts import ItemFact, PriceFact, QuoteContext
from pricing.rules.proof import (
    DocumentSource,
    Finding,
    FindingKind,
    Severity,
    findings_of_documents,
    findings_of_item,
    findings_of_visits,
    in_both_languages,
)
from pricing.rules.publishing.revisits import is_ordinary, is_revisit
from registry.models import Institution

__all__ = ["Finding", "FindingKind", "Severity", "tariff_findings"]

_ITEMS_AT_ONCE = 2000


def tariff_findings(*, on: date, regions: Collection[str] | None = None) -> list[Finding]:
    """Gaps, overlaps, missing sources, unequal re-diagnoses, items without a price; documents first, then by item.

    Args:
        on: today; decides which trials have expired.
        regions: only documents, items and prices of these regions (GB/T 2260); None for all of them.

    Prices of any day are looked at. The number of queries grows with thousands of items, not with rows.
    """
    documents = _within(TariffDocument.objects.order_by("number"), regions)
    rows = documents.values_list("number", "region_code", "evidence", "source_key", "found_at")
    sources = [DocumentSource(*row) for row in rows]
    found = list(in_both_languages(partial(findings_of_documents, sources)))
    items = item_facts(PriceItem.objects.order_by("code"))
    by_code = {item.code: item for item in items.values()}
    institutions = _institutions()
    visits: list[PriceFact] = []
    for part in _parts(list(items)):
        for item, prices in _with_prices([(pk, items[pk]) for pk in part], regions):
            if is_ordinary(item) or is_revisit(item):
                visits.extend(prices)
            if prices or regions is None or item.region_code in regions:
                check = partial(findings_of_item, item, prices, by_code, institutions, on=on)
                found.extend(in_both_languages(check))
    return [*found, *in_both_languages(partial(findings_of_visits, visits, by_code, institutions))]


def _within(rows: QuerySet[TariffDocument], regions: Collection[str] | None) -> QuerySet[TariffDocument]:
    return rows if regions is None else rows.filter(region_code__in=regions)


def _institutions() -> dict[int, QuoteContext]:
    with_own = Q(pk__in=Price.objects.known().filter(institution__isnull=False).values("institution"))
    return {found.pk: context_of(found, date.min) for found in Institution.objects.filter(with_own)}


def _parts(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), _ITEMS_AT_ONCE):
        yield ids[start : start + _ITEMS_AT_ONCE]


def _with_prices(
    items: list[tuple[int, ItemFact]], regions: Collection[str] | None
) -> Iterator[tuple[ItemFact, list[PriceFact]]]:
    """Each item with its known prices, in the order of the items."""
    rows = Price.objects.known().filter(item__in=[pk for pk, _item in items])
    if regions is not None:
        rows = rows.filter(region_code__in=regions)
    facts = price_facts(rows.order_by("item__code", "effective", "pk"))
    by_code = {code: list(found) for code, found in groupby(facts, key=lambda fact: fact.item_code)}
    for _pk, item in items:
        yield item, by_code.get(item.code, [])
