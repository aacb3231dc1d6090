"""The policy of a situation: a row of the hospital's own, or the one that is shipped."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from refunds.models import RefundPolicy
from refunds.rules.situations import PolicyFacts, Situation

FILE = Path(__file__).resolve().parents[1] / "catalogue" / "policies.yaml"


@cache
def shipped() -> dict[Situation, dict[str, Any]]:
    """The columns of every shipped policy, by situation, in the order of the file."""
    return policies_in(FILE)


def policies_in(path: Path) -> dict[Situation, dict[str, Any]]:
    """The columns of every policy in a file like the shipped one, by situation, in its order.

    Raises:
        ValueError: a situation that is not known.
        KeyError: a policy without what every policy says.
    """
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {Situation(row["situation"]): _columns(row) for row in rows}


def _columns(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "situation": row["situation"],
        "gives": row["gives"],
        "is_automatic": row.get("automatic", False),
        "always_second_person": row.get("second_person", False),
        "source": row["source"],
        "grade": row["grade"],
        "note": row.get("note", ""),
    }


def policy_for(situation: Situation) -> PolicyFacts:
    """What goes back in a situation; one query."""
    row = RefundPolicy.objects.filter(situation=situation).first()
    return (row or RefundPolicy(**shipped()[situation])).facts()


def policies() -> list[RefundPolicy]:
    """The policy of every situation, in the order of the file; a row that is not saved is the shipped one."""
    own = {row.situation: row for row in RefundPolicy.objects.all()}
    return [own.get(situation) or RefundPolicy(**columns) for situation, columns in shipped().items()]
