"""Load the diagnosis codes from the reviewed file."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from accounts.models import User
from audit import operations as audit
from encounters.models import DiagnosisCode

FILE = Path(__file__).resolve().parents[1] / "catalogue" / "diagnoses.yaml"


def diagnoses_in_file(path: Path = FILE) -> list[dict[str, Any]]:
    """The columns of every disease, in the order of the file."""
    groups = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [_columns(group, disease) for group in groups for disease in group["diseases"]]


def _columns(group: Mapping[str, Any], disease: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "clinical_code": disease["code"],
        "name": disease["name"],
        "name_en": disease["name_en"],
        "insurance_code": disease.get("insurance", disease["code"]),
        "insurance_name": disease.get("insurance_name", disease["name"]),
        "aliases": disease.get("aliases", ""),
        "group": group["group"],
        "group_en": group["group_en"],
        "is_open_online": group.get("open", True),
    }


@transaction.atomic
def load_diagnoses(*, diagnoses: Iterable[Mapping[str, Any]], by: User | None, at: datetime) -> int:
    """Add the diseases that are not there yet; returns how many. What somebody has edited stays."""
    there = set(DiagnosisCode.objects.values_list("clinical_code", "name"))
    added = 0
    for columns in diagnoses:
        if (columns["clinical_code"], columns["name"]) in there:
            continue
        code = DiagnosisCode(**columns)
        code.renew_pinyin()
        code.save(force_insert=True)
        audit.record("encounters.diagnosis_added", on=code, by=by, at=at)
        added += 1
    return added
