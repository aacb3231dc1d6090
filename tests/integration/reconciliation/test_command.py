"""``manage.py reconcile_day`` says how a day stands, also by its exit code."""

from collections.abc import Callable, Sequence
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import reconciliation as made

pytestmark = pytest.mark.django_db
DAY = made.DAY.isoformat()


def _run(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("reconcile_day", "--day", DAY, *arguments, stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()


def test_a_balanced_day_ends_with_zero_and_names_every_source(
    played: made.Insurer, bill_of: Callable[[Sequence[str]], None]
) -> None:
    claim = made.claim()
    made.settlement(claim)
    order = made.order(claim.bill)
    bill_of([f"2026-11-20 12:00:00,{order.transaction_id},{order.number},SUCCESS,0,0,,诊查费,1.00,0.00"])

    code, said = _run()

    assert code == 0
    assert [line.split()[1] for line in said.splitlines()] == ["alipay", "books", "channel", "insurer"]
    assert said.count("balanced") == 4


def test_open_differences_end_with_one_and_a_missing_statement_with_two(
    played: made.Insurer, bill_of: Callable[[Sequence[str]], None]
) -> None:
    played.rows = [made.stated(made.settlement(), "2")]
    assert _run("--source", "insurer")[0] == 1

    played.silent = "3201: ReadTimeout"
    code, said = _run("--source", "insurer")
    assert (code, "3201: ReadTimeout" in said) == (2, True)


def test_a_day_to_come_and_an_unknown_institution_are_refused() -> None:
    with pytest.raises(CommandError, match="not begun"):
        call_command("reconcile_day", "--day", "2099-01-01")
    with pytest.raises(CommandError):
        call_command("reconcile_day", "--day", DAY, "--institution", "H99999999999")
