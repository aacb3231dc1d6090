"""Load the drug catalogue from reviewed files."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from accounts.models import User
from audit import operations as audit
from prescriptions.models import Drug
from pricing.models import PriceItem

CATALOGUE = Path(__file__).resolve().parents[1] / "catalogue"

_SOURCES = {
    "KB": "药品知识库（公开资料），使用前须药师对照说明书核对",
    "G": "通用药学知识，使用前须药师对照说明书核对",
}


def drugs_in_files(folder: Path = CATALOGUE) -> list[dict[str, Any]]:
    """Every drug of every file, in the order of the files."""
    return [drug for path in sorted(folder.glob("*.yaml")) for drug in yaml.safe_load(path.read_text())]


@transaction.atomic
def load_catalogue(
    *, drugs: Iterable[Mapping[str, Any]], stock: Mapping[str, int], by: User | None, at: datetime
) -> int:
    """Add drugs that are not there yet and join drugs to price items of the same code; returns how many were added.

    What is there stays as somebody may have edited it. ``stock`` maps a code to packs at the beginning.
    """
    items = {item.code: item for item in PriceItem.objects.filter(drug__isnull=True)}
    added = 0
    for facts in drugs:
        drug, is_new = Drug.objects.get_or_create(code=facts["code"], defaults=_columns(facts, stock))
        if drug.item_id is None and drug.code in items:
            drug.item = items[drug.code]
            drug.save(update_fields=["item"])
        if is_new:
            added += 1
            audit.record("prescriptions.drug.added", on=drug, by=by, at=at)
    return added


def _columns(facts: Mapping[str, Any], stock: Mapping[str, int]) -> dict[str, Any]:
    usual, highest = facts["usual"], facts["highest"]
    drug = Drug(
        code=facts["code"],
        generic_name=facts["name"],
        generic_name_en=facts["name_en"],
    )
    drug.renew_search_key()
    return {
        "generic_name": drug.generic_name,
        "generic_name_en": drug.generic_name_en,
        "search_key": drug.search_key,
        "ingredients": facts["ingredients"],
        "class_code": facts["class"],
        "form": facts["form"],
        "strength": facts["strength"],
        "dose_per_unit": Decimal(facts["dose_per_unit"]),
        "dose_unit": facts["dose_unit"],
        "unit": facts["unit"],
        "units_per_pack": facts["units_per_pack"],
        "pack": facts["pack"],
        "route": facts["route"],
        "is_divisible": facts.get("is_divisible", False),
        "usual_dose": Decimal(usual["dose"]),
        "usual_frequency": usual["frequency"],
        "usual_timing": usual.get("timing", ""),
        "max_dose": Decimal(highest["dose"]) if "dose" in highest else None,
        "max_dose_days": highest.get("days", 1),
        "dose_source": _SOURCES[highest["grade"]],
        "dose_grade": highest["grade"],
        "special_class": facts.get("special_class", ""),
        "is_cold_chain": facts.get("is_cold_chain", False),
        "allows_long_term": facts.get("allows_long_term", True),
        "for_men_only": facts.get("for_men_only", False),
        "stock": stock.get(facts["code"], 0),
    }
