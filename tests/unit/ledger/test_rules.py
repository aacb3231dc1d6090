"""What makes the lines of a posting fit."""

import ast
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ledger.rules import AccountKind, EntryLine, Side, closing_violations, line_violations
from tests.factories.ledger import BILL, CONSULTATION, PAID, PATIENT, lines

ROOT = Path(__file__).resolve().parents[3]


def _broken(asked: list[EntryLine]) -> list[str]:
    return [violation.rule for violation in line_violations(asked)]


@pytest.mark.parametrize("asked", [BILL, PAID])
def test_lines_that_balance_fit(asked: list[EntryLine]) -> None:
    assert _broken(asked) == []


def test_lg_01_a_posting_has_lines() -> None:
    assert _broken([]) == ["LG-01"]


def test_lg_01_no_line_is_of_nothing() -> None:
    assert _broken([*BILL, *lines((PATIENT, "0.00"))]) == ["LG-01"]


def test_lg_02_three_decimals_are_refused_and_not_rounded() -> None:
    assert _broken(lines((PATIENT, "1.005"), (CONSULTATION, "-1.005"))) == ["LG-02"]


def test_lg_03_lines_that_differ_by_a_fen_are_refused() -> None:
    assert _broken(lines((PATIENT, "1.01"), (CONSULTATION, "-1.00"))) == ["LG-03"]


def test_every_broken_rule_is_said_at_once() -> None:
    assert _broken(lines((PATIENT, "0.001"))) == ["LG-01", "LG-02", "LG-03"]


@pytest.mark.parametrize(("day", "rules"), [(19, []), (20, ["LG-07"]), (21, ["LG-07"])])
def test_lg_07_only_a_day_that_has_ended_is_closed(day: int, rules: list[str]) -> None:
    found = closing_violations(day=date(2026, 11, day), today=date(2026, 11, 20))

    assert [violation.rule for violation in found] == rules


def test_what_is_owed_to_us_grows_by_debit_and_what_we_earn_or_owe_by_credit() -> None:
    debits = {kind for kind in AccountKind if kind.normal_side is Side.DEBIT}

    assert debits == {
        AccountKind.PATIENT_RECEIVABLE,
        AccountKind.INSURER_RECEIVABLE,
        AccountKind.CHANNEL_CLEARING,
        AccountKind.BANK,
        AccountKind.HOSPITAL_BORNE,
        AccountKind.CHANNEL_FEE,
        AccountKind.DIFFERENCES,
    }


def test_amounts_are_decimals() -> None:
    assert all(isinstance(line.amount, Decimal) for line in BILL)


def _logical_lines(path: Path) -> int:
    """Lines of code however they are wrapped: statements, without comments and docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    return sum(not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) for node in nodes)


def test_the_ledger_is_small_enough_to_be_our_own() -> None:
    modules = [
        path for path in (ROOT / "ledger").rglob("*.py") if not {"migrations", "management"} & set(path.parts)
    ]

    assert len(modules) > 8
    assert 200 < sum(map(_logical_lines, modules)) < 400
