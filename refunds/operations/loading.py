"""Policies of the hospital's own, written from a file."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from audit import operations as audit
from refunds.models import RefundPolicy
from refunds.rules.situations import Situation

Columns = Mapping[str, Any]
"""Of one policy, by the names of the table."""


@transaction.atomic
def load_policies(
    *, policies: Mapping[Situation, Columns], replace: bool, by: User | None, at: datetime
) -> int:
    """Write policies into the table, where they count instead of the shipped ones; all of them or none.

    Args:
        policies: columns by situation.
        replace: whether a row that is there is written over; otherwise it stays as it is.
        by: who loads them; None for the system.
        at: now.

    Returns:
        How many rows were written. What is there word for word is not written again.

    Raises:
        ValidationError: a column holds what it cannot.
    """
    held = {row.situation: row for row in RefundPolicy.objects.select_for_update()}
    return sum(
        _is_written(held.get(situation), columns, by=by, at=at)
        for situation, columns in policies.items()
        if replace or situation not in held
    )


def _is_written(held: RefundPolicy | None, columns: Columns, *, by: User | None, at: datetime) -> bool:
    row = held or RefundPolicy()
    if held and all(getattr(held, name) == value for name, value in columns.items()):
        return False
    for name, value in columns.items():
        setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as wrong:
        raise ValidationError({columns["situation"]: wrong.messages}) from wrong
    row.save()
    facts = {"situation": row.situation, "gives": row.gives, "source": row.source}
    audit.record("refunds.policy.written", on=row, by=by, at=at, facts=facts)
    return True
