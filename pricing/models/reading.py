"""Rows read straight into facts: no model instance is made for a quote."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from pricing.rules.facts import Band, ItemFact, PriceFact
from pricing.rules.kinds import AmountKind, BandAxis, ItemKind, Service

ITEM_COLUMNS: Mapping[str, str] = {
    "code": "code",
    "name": "name",
    "name_en": "name_en",
    "unit": "unit",
    "unit_en": "unit_en",
    "specification": "specification",
    "specification_en": "specification_en",
    "quantity_decimals": "quantity_decimals",
    "insurance_code": "insurance_code",
    "charge_type": "charge_type",
    "priced_as": "priced_as__code",
    "region_code": "region_code",
    "is_demonstration": "is_demonstration",
    "kind": "kind",
    "main_code": "main_item__code",
    "service": "service",
    "category": "category",
}
"""Field of ``ItemFact`` -> column."""

PRICE_COLUMNS: Mapping[str, str] = {
    "item_code": "item__code",
    "amount": "amount",
    "region_code": "region_code",
    "institution_id": "institution_id",
    "institution_level": "institution_level",
    "title": "title",
    "insurance_class": "insurance_class",
    "self_pay_rate": "self_pay_rate",
    "effective": "effective",
    "price_id": "pk",
    "document_id": "document_id",
    "document_number": "document__number",
    "document_title": "document__title",
    "document_title_en": "document__title_en",
    "document_issuer": "document__issuer",
    "document_issuer_en": "document__issuer_en",
    "evidence_grade": "document__evidence",
    "kind": "kind",
    "minimum": "minimum_amount",
    "maximum": "maximum_amount",
    "rate": "rate",
    "maximum_rate": "maximum_rate",
    "base_code": "base_item__code",
    "included_quantity": "included_quantity",
    "further_amount": "further_amount",
    "further_rate": "further_rate",
    "band_axis": "band_axis",
    "bands": "bands",
    "cap_amount": "cap_amount",
    "period_cap_amount": "period_cap_amount",
    "period_cap_days": "period_cap_days",
    "price_zone": "price_zone",
    "institution_grade": "institution_grade",
    "ownership": "ownership",
    "department": "department",
    "condition": "condition",
    "age_from": "age_from",
    "age_to": "age_to",
    "fund_amount": "fund_amount",
    "takes_surcharges": "takes_surcharges",
    "is_trial": "is_trial",
}
"""Field of ``PriceFact`` -> column; the period stands for ``begin`` and ``end``."""


def item_facts(rows: "QuerySet[Any]") -> dict[int, ItemFact]:
    """Facts of price items by primary key."""
    read = rows.values_list("pk", *ITEM_COLUMNS.values())
    return {pk: item_fact(dict(zip(ITEM_COLUMNS, said, strict=True))) for pk, *said in read}


def price_facts(rows: "QuerySet[Any]") -> list[PriceFact]:
    """Facts of prices, in the order of the rows."""
    read = rows.values_list(*PRICE_COLUMNS.values())
    return [price_fact(dict(zip(PRICE_COLUMNS, said, strict=True))) for said in read]


def item_fact(said: dict[str, Any]) -> ItemFact:
    """From the values of ``ITEM_COLUMNS``."""
    said["kind"] = ItemKind(said["kind"])
    said["service"] = Service(said["service"]) if said["service"] else None
    return ItemFact(**said)


def price_fact(said: dict[str, Any]) -> PriceFact:
    """From the values of ``PRICE_COLUMNS``."""
    effective = said.pop("effective")
    said["begin"], said["end"] = effective.lower, effective.upper
    said["title"] = said["title"] or None
    said["kind"] = AmountKind(said["kind"])
    said["band_axis"] = BandAxis(said["band_axis"]) if said["band_axis"] else None
    said["bands"] = bands_from_json(said["bands"])
    return PriceFact(**said)


def value_at(row: Any, column: str) -> Any:
    """The value of a column named as in a query, of an instance whose foreign rows were selected."""
    for name in column.split("__"):
        if row is None:
            return None
        row = getattr(row, name)
    return row


def bands_from_json(rows: Iterable[dict[str, str]]) -> tuple[Band, ...]:
    """Bands as the rules know them; every number is text in the column."""
    return tuple(
        Band(
            amount=Decimal(row["amount"]),
            above=Decimal(row["above"]) if row.get("above") else None,
            up_to=Decimal(row["up_to"]) if row.get("up_to") else None,
            key=row.get("key", ""),
        )
        for row in rows
    )


def bands_as_json(bands: Iterable[Band]) -> list[dict[str, str]]:
    """The other way round: only what is said."""
    rows: list[dict[str, str]] = []
    for band in bands:
        said = {"above": band.above, "up_to": band.up_to, "amount": band.amount}
        row = {name: f"{value:f}" for name, value in said.items() if value is not None}
        rows.append({"key": band.key, **row} if band.key else row)
    return rows
