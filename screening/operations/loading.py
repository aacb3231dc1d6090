"""Bring the rules that are shipped into the tables; what the office has changed stays."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import User
from audit import operations as audit
from screening.models import Grade, KnowledgeCode, KnowledgePoint, ScreeningRule
from screening.operations.changing import note_version
from screening.rules.facts import plain_name

CATALOGUE = Path(__file__).resolve().parents[1] / "catalogue"
DEMONSTRATION = CATALOGUE / "demonstration"
FIRST_DAY = date(2025, 1, 1)
"""ASSUMPTION: the first batches were published in 2025; a rule may name its own first day."""


def rows_in_files(folder: Path = CATALOGUE) -> list[dict[str, Any]]:
    """Every row of every file, in the order of the files."""
    return [row for path in sorted(folder.glob("*.yaml")) for row in yaml.safe_load(path.read_text("utf-8"))]


@transaction.atomic
def load_rules(*, rules: Iterable[Mapping[str, Any]], by: User | None, at: datetime) -> int:
    """Add rules that are not there yet, with the points they name; returns how many were added."""
    added = 0
    for facts in rules:
        rule, is_new = ScreeningRule.objects.get_or_create(number=facts["number"], defaults=_columns(facts))
        if not is_new:
            continue
        added += 1
        note_version(rule, at=at)
        for point in facts.get("points", ()):
            _put_point(rule, point, point["grade"])
        audit.record("screening.rule.added", on=rule, by=by, at=at)
    return added


@transaction.atomic
def load_demonstration(*, points: Iterable[Mapping[str, Any]]) -> int:
    """Add the invented points of the demonstration that are not there yet; returns how many were added."""
    rules = {rule.number: rule for rule in ScreeningRule.objects.all()}
    added = 0
    for point in points:
        rule = rules[point["rule"]]
        if not rule.points.filter(batch=point["batch"], number=point["number"]).exists():
            _put_point(rule, point, Grade.DEMONSTRATION)
            added += 1
    return added


def _columns(facts: Mapping[str, Any]) -> dict[str, Any]:
    names = (
        "kind",
        "name",
        "name_en",
        "explanation",
        "explanation_en",
        "source",
        "source_en",
        "grade",
        "effect",
    )
    return {name: facts[name] for name in names} | {
        "batch": facts.get("batch", ""),
        "is_only_insured": facts.get("is_only_insured", True),
        "same_as": facts.get("same_as", ""),
        "thresholds": facts.get("thresholds", {}),
        "effective": DateRange(facts.get("from", FIRST_DAY), facts.get("until")),
    }


def _put_point(rule: ScreeningRule, facts: Mapping[str, Any], grade: str) -> None:
    number = facts.get("quantity", facts.get("limit_number"))
    point = KnowledgePoint.objects.create(
        rule=rule, batch=facts.get("batch", ""), number=facts["number"], name=facts["name"], plain_name=plain_name(facts["name"]),
        logic=facts.get("logic", ""), basis=facts.get("basis", ""), limit=facts.get("limit", ""),
        limit_number=Decimal(number) if number else None, period_days=facts.get("days", 0),
        diagnosis_codes=facts.get("diagnosis_codes", []), grade=grade,
    )  # fmt: skip
    KnowledgeCode.objects.bulk_create(
        KnowledgeCode(point=point, code=code) for code in facts.get("codes", ())
    )
