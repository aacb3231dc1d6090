"""The worked tables of the documentation are what the program gives."""

from decimal import Decimal
from pathlib import Path

from billing.rules import Parts
from kernel.money import to_yuan
from repricing.rules.shares import parts_of

_PAGE = Path(__file__).resolve().parents[3] / "docs" / "algorithms" / "simulation-and-corrections.md"


def _table(heading: str) -> list[list[str]]:
    """Cells below a heading, without the head of the table."""
    below = _PAGE.read_text(encoding="utf-8").split(heading, 1)[1].split("\n#", 1)[0]
    rows = [line.strip("| \n").split(" | ") for line in below.splitlines() if line.startswith("|")]
    return rows[2:]


def test_the_estimate_of_who_would_pay() -> None:
    rows = [[Decimal(cell) for cell in row] for row in _table("### Who would pay: an estimate")]

    for charged, fund, account, cash, proposed, *then in rows:
        paid = Parts(fund, account, cash)
        assert paid.total == charged
        assert parts_of(proposed, paid) == Parts(*then)
    assert len(rows) == 4


def test_the_worked_simulation() -> None:
    rows = [[Decimal(cell) for cell in row[1:]] for row in _table("### A worked simulation")]

    for quantity, price, charged, proposed_price, proposed, difference in rows:
        assert to_yuan(price * quantity) == charged
        assert to_yuan(proposed_price * quantity) == proposed
        assert proposed - charged == difference
    assert len(rows) == 4


def test_the_worked_correction_and_its_correction() -> None:
    rows = [[Decimal(cell) for cell in row] for row in _table("### A worked correction, and its correction")]
    standing = Parts(Decimal("7.00"), Decimal("2.00"), Decimal("1.00"))

    for right, stands, difference, fund, account, cash, afterwards in rows:
        assert standing.total == stands
        parts = parts_of(right - stands, standing)
        assert (parts.total, parts) == (difference, Parts(fund, account, cash))
        standing = standing + parts
        assert standing.total == afterwards
    assert len(rows) == 3
