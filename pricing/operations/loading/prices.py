"""Prices of a file, checked against what is known and written at once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation, refuse_if_any
from pricing.models import Price, TariffDocument
from pricing.models.reading import bands_as_json
from pricing.operations.loading.copying import copy_rows
from pricing.operations.loading.items import KnownItems
from pricing.operations.loading.refusals import TariffRefused
from pricing.queries.beside import beside, same_scopes
from pricing.rules.facts import DEMONSTRATION, PriceFact
from pricing.rules.lookup import regions_around
from pricing.rules.publishing import publishing_violations
from pricing.rules.scope import Scope, overlap, scope_of
from pricing.rules.tariff_file import TariffFile
from registry.models import Institution


def load_prices(file: TariffFile, document: TariffDocument, items: KnownItems, at: datetime) -> None:
    """Record the prices.

    Raises:
        TariffRefused: an institution is not known, another document already sets a price, or a rule of
            publishing is broken; every row is told.
    """
    rows = _with_institutions(file)
    refuse_if_any(_overlaps(file, rows, items), TariffRefused)
    around = beside(rows, items.facts)
    found = publishing_violations(rows, around.items, around.others, institutions=around.institutions)
    refuse_if_any((_at_row(file, each) for each in found), TariffRefused)
    copy_rows(Price, (_columns(row, document, items.ids, at) for row in rows))


def _with_institutions(file: TariffFile) -> list[PriceFact]:
    """The rows as they will be, in the order of the file; an own price holds where its institution is."""
    codes = {price.institution_code for price in file.prices} - {""}
    if not codes:
        return [price.fact for price in file.prices]
    known = {found.code: found for found in Institution.objects.filter(code__in=codes)}
    refuse_if_any(_institution_faults(file, known), TariffRefused)
    return [
        replace(
            price.fact,
            institution_id=known[price.institution_code].pk,
            region_code=known[price.institution_code].region_code,
        )
        if price.institution_code
        else price.fact
        for price in file.prices
    ]


def _institution_faults(file: TariffFile, known: Mapping[str, Institution]) -> Iterator[Violation]:
    for price in file.prices:
        found = known.get(price.institution_code)
        if price.institution_code and found is None:
            message = _("There is no institution with the code %(code)s.")
            yield file.fault(price.path, message % {"code": price.institution_code})
        elif found is not None:
            if price.fact.region_code not in regions_around(found.region_code):
                elsewhere = _("The institution %(code)s is not in this region.") % {"code": found.code}
                yield file.fault(price.path, elsewhere)
            if found.is_demonstration is not (price.fact.evidence_grade == DEMONSTRATION):
                yield file.fault(price.path, _("Invented and real documents are never mixed."))


def _overlaps(file: TariffFile, rows: Sequence[PriceFact], items: KnownItems) -> Iterator[Violation]:
    """PR-16: one price for a scope on a day, whichever document sets it.

    Source: our rule: what cannot be traced to one document is not charged.
    """
    known: defaultdict[Scope, list[PriceFact]] = defaultdict(list)
    for other in same_scopes([row for row in rows if row.item_code not in items.new]):
        known[scope_of(other)].append(other)
    for price, row in zip(file.prices, rows, strict=True):
        for other in known.get(scope_of(row), ()) if known else ():
            if overlap(row, other):
                shown = {"number": other.document_number, "day": other.begin.isoformat()}
                message = _("The document %(number)s already sets a price from %(day)s for the same scope.")
                yield file.fault(price.path, message % shown)


def _at_row(file: TariffFile, violation: Violation) -> Violation:
    """The same violation, told with file, line and column."""
    told = file.fault(file.prices[int(violation.field)].path, violation.message)
    return replace(violation, message=told.message, field="")


def _columns(
    fact: PriceFact, document: TariffDocument, ids: Mapping[str, int], at: datetime
) -> dict[str, Any]:
    return {
        "item_id": ids[fact.item_code],
        "document_id": document.pk,
        "effective": DateRange(fact.begin, fact.end),
        "recorded_at": at,
        **columns_of(fact, ids),
    }


def columns_of(fact: PriceFact, ids: Mapping[str, int]) -> dict[str, Any]:
    """``SCOPE`` and ``TERMS`` of the row; ``ids`` are those of the items by code."""
    return {
        "region_code": fact.region_code,
        "institution_id": fact.institution_id,
        "institution_level": fact.institution_level,
        "institution_grade": fact.institution_grade,
        "price_zone": fact.price_zone,
        "ownership": fact.ownership,
        "department": fact.department,
        "condition": fact.condition,
        "title": fact.title or "",
        "age_from": fact.age_from,
        "age_to": fact.age_to,
        "kind": fact.kind,
        "amount": fact.amount,
        "minimum_amount": fact.minimum,
        "maximum_amount": fact.maximum,
        "rate": fact.rate,
        "maximum_rate": fact.maximum_rate,
        "base_item_id": ids[fact.base_code] if fact.base_code else None,
        "included_quantity": fact.included_quantity,
        "further_amount": fact.further_amount,
        "further_rate": fact.further_rate,
        "band_axis": fact.band_axis or "",
        "bands": bands_as_json(fact.bands),
        "cap_amount": fact.cap_amount,
        "period_cap_amount": fact.period_cap_amount,
        "period_cap_days": fact.period_cap_days,
        "takes_surcharges": fact.takes_surcharges,
        "insurance_class": fact.insurance_class,
        "self_pay_rate": fact.self_pay_rate,
        "fund_amount": fact.fund_amount,
        "is_trial": fact.is_trial,
    }
