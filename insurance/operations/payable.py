"""Load what the insurance of each pooling area pays for from the reviewed file."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from accounts.models import User
from audit import operations as audit
from insurance.models import PayableRule

FILE = Path(__file__).resolve().parents[1] / "catalogue" / "payable.yaml"


def payable_rules_in_file(path: Path = FILE) -> list[dict[str, Any]]:
    """The columns of every rule, in the order of the file."""
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return rows


@transaction.atomic
def load_payable_rules(*, rules: Iterable[Mapping[str, Any]], by: User | None, at: datetime) -> int:
    """Add the rules that are not there yet; returns how many. What somebody has edited stays.

    Raises:
        ValidationError: a column holds what it cannot hold; nothing is added.
    """
    there = set(PayableRule.objects.values_list("pooling_area", "service", "valid_from"))
    added = 0
    for columns in rules:
        rule = PayableRule(**columns)
        if (rule.pooling_area, rule.service, rule.valid_from) in there:
            continue
        rule.full_clean()
        rule.save(force_insert=True)
        audit.record("insurance.payable_rule.added", on=rule, by=by, at=at)
        added += 1
    return added
