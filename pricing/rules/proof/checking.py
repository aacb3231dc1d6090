"""The checks: item by item, visit by visit, document by document."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from kernel.period import Period
from pricing.rules.facts import DEMONSTRATION, ItemFact, PriceFact, QuoteContext
from pricing.rules.kinds import ItemKind
from pricing.rules.proof.findings import Finding, FindingKind, Severity, finding
from pricing.rules.publishing import band_violations, item_violations
from pricing.rules.publishing.hanging import row_violations
from pricing.rules.publishing.limits import limit_violations
from pricing.rules.publishing.revisits import revisit_violations
from pricing.rules.scope import Scope, scope_of


@dataclass(frozen=True, slots=True)
class DocumentSource:
    """Where a document was found."""

    number: str
    region_code: str
    evidence_grade: str
    source_key: str
    found_at: str


def findings_of_documents(documents: Iterable[DocumentSource]) -> Iterator[Finding]:
    """Every real document says where it was found."""
    for document in documents:
        is_real = document.evidence_grade != DEMONSTRATION
        if not document.found_at or (is_real and not document.source_key):
            message = _("The document %(number)s does not say where it was found.")
            yield finding(
                FindingKind.SOURCE_MISSING,
                Severity.WRONG,
                message % {"number": document.number},
                region_code=document.region_code,
            )


def findings_of_item(
    item: ItemFact,
    prices: Sequence[PriceFact],
    items: Mapping[str, ItemFact],
    institutions: Mapping[int, QuoteContext],
    *,
    on: date,
) -> Iterator[Finding]:
    """Everything about one item.

    Args:
        item: whose prices they are.
        prices: all that are known now, of any day.
        items: by code, with those that the item and its prices name.
        institutions: circumstances of those with prices of their own, by id.
        on: the day on which a trial counts as expired.
    """
    for violation in item_violations(item, items):
        yield _told(FindingKind.ITEM, violation, item.code, item.region_code)
    if not prices and item.priced_as is None and item.kind is not ItemKind.EXTENSION:
        message = _("No document sets a price of %(name)s (%(code)s).")
        shown = {"name": item.name, "code": item.code}
        yield finding(
            FindingKind.NO_PRICE,
            Severity.INFORMATION,
            message % shown,
            item_code=item.code,
            region_code=item.region_code,
        )
    yield from _of_rows(prices, items)
    for violation in limit_violations(prices, (), institutions):
        region = prices[int(violation.field)].region_code
        yield _told(FindingKind.BEYOND_LIMIT, violation, item.code, region)
    yield from _in_time(item, prices, on)


def findings_of_visits(
    prices: Sequence[PriceFact], items: Mapping[str, ItemFact], institutions: Mapping[int, QuoteContext]
) -> Iterator[Finding]:
    """Online re-diagnosis and the ordinary outpatient visit cost the same; all prices of both."""
    for violation in revisit_violations(prices, items, (), institutions):
        row = prices[int(violation.field)]
        yield _told(FindingKind.REVISIT_UNEQUAL, violation, row.item_code, row.region_code)


def _of_rows(prices: Iterable[PriceFact], items: Mapping[str, ItemFact]) -> Iterator[Finding]:
    for price in prices:
        for violation in band_violations(price):
            yield _told(FindingKind.BANDS, violation, price.item_code, price.region_code)
        for violation in row_violations(price, items):
            yield _told(FindingKind.ITEM, violation, price.item_code, price.region_code)


def _told(kind: FindingKind, violation: Violation, item_code: str, region_code: str) -> Finding:
    return finding(kind, Severity.WRONG, violation.message, item_code=item_code, region_code=region_code)


def _in_time(item: ItemFact, prices: Sequence[PriceFact], on: date) -> Iterator[Finding]:
    """Gaps, overlaps and ended trials of each scope."""
    scopes: defaultdict[tuple[Scope, int | None, int | None], list[PriceFact]] = defaultdict(list)
    for price in prices:
        scopes[scope_of(price), price.age_from, price.age_to].append(price)
    for rows in scopes.values():
        rows.sort(key=lambda row: row.begin)
        for before, after in pairwise(rows):
            yield from _between(item, before, after)
        last = rows[-1]
        if last.is_trial and last.end is not None and last.end <= on:
            message = _("The trial price of %(name)s (%(code)s) ended on %(day)s, and no price follows.")
            shown = {"name": item.name, "code": item.code, "day": last.end.isoformat()}
            yield _of_days(
                FindingKind.TRIAL_EXPIRED, Severity.NOTICE, last, message % shown, Period(last.end)
            )


def _between(item: ItemFact, before: PriceFact, after: PriceFact) -> Iterator[Finding]:
    shown = {"name": item.name, "code": item.code}
    if before.end is not None and before.end < after.begin:
        days = Period(before.end, after.begin)
        message = _("No price of %(name)s (%(code)s) holds from %(begin)s until %(end)s.")
        shown |= {"begin": days.begin.isoformat(), "end": after.begin.isoformat()}
        yield _of_days(FindingKind.GAP, Severity.WRONG, after, message % shown, days)
    elif before.end is None or before.end > after.begin:
        message = _("Two prices of %(name)s (%(code)s) hold from %(begin)s on: %(one)s, %(other)s.")
        shown |= {
            "begin": after.begin.isoformat(),
            "one": before.document_number,
            "other": after.document_number,
        }
        yield _of_days(FindingKind.OVERLAP, Severity.WRONG, after, message % shown, Period(after.begin))


def _of_days(kind: FindingKind, severity: Severity, price: PriceFact, message: str, days: Period) -> Finding:
    return finding(
        kind, severity, message, item_code=price.item_code, region_code=price.region_code, days=days
    )
