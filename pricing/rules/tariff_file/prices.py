"""Rows of the section ``prices`` as facts."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from kernel.period import Period
from pricing.rules.facts import PriceFact
from pricing.rules.tariff_file.amounts import Written, number, terms_of
from pricing.rules.tariff_file.contents import TariffPrice
from pricing.rules.yaml_text import Path

CLASSES = {"甲": "01", "乙": "02", "丙": "03"}


def prices_of(row: Written, period: Period, path: Path, document: Written) -> Iterator[TariffPrice]:
    """The price of a row, or one for each region of its short form."""
    fact = PriceFact(
        item_code=row["item"],
        region_code=row.get("region", document["region"]),
        begin=period.begin,
        end=period.end,
        price_id=0,
        **_document(document),
        **_scope(row),
        **_insurance(row),
        **terms_of(row),
    )
    institution = row.get("institution", "")
    if "regions" not in row:
        yield TariffPrice(fact, institution, path)
    for region, amount in row.get("regions", {}).items():
        of_region = replace(fact, region_code=region, amount=Decimal(amount))
        yield TariffPrice(of_region, institution, (*path, "regions", region))


def _document(document: Written) -> dict[str, Any]:
    return {
        "document_id": 0,
        "document_number": document["number"],
        "document_title": document["title"],
        "document_title_en": document["title_en"],
        "document_issuer": document["issuer"],
        "document_issuer_en": document["issuer_en"],
        "evidence_grade": document["evidence"],
    }


def _scope(row: Written) -> dict[str, Any]:
    return {
        "institution_id": None,
        "institution_level": _whole(row, "level"),
        "institution_grade": row.get("grade", ""),
        "price_zone": row.get("zone", ""),
        "ownership": row.get("ownership", ""),
        "department": row.get("department", ""),
        "condition": row.get("condition", ""),
        "title": row.get("title"),
        "age_from": _whole(row, "age_from"),
        "age_to": _whole(row, "age_to"),
    }


def _insurance(row: Written) -> dict[str, Any]:
    return {
        "insurance_class": CLASSES[row["class"]] if "class" in row else "",
        "self_pay_rate": number(row, "self_pay_rate"),
    }


def _whole(row: Written, name: str) -> int | None:
    return int(row[name]) if name in row else None
