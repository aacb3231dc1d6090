"""EP-01, EP-02, EP-11 to EP-17: when packs may go out, and which may come back."""

from dataclasses import replace
from datetime import date

import pytest

from prescriptions.rules.packs import LinePacks, ep01_out_of_circulation, ep17_return, pack_findings

ONE, TWO = "81234560000000000001", "81234560000000000002"
TODAY = date(2026, 11, 20)
WHOLE = LinePacks(1, 2, (ONE, TWO), "20260901", date(2026, 9, 1), date(2028, 8, 31))


def broken(*lines: LinePacks, sold: frozenset[str] = frozenset(), is_required: bool = False) -> list[str]:
    """Numbers of the rules that say something."""
    found = pack_findings(lines, sold=sold, on=TODAY, is_required=is_required)
    return [finding.rule for finding in found]


def test_a_code_for_each_pack_with_lot_and_day_is_right() -> None:
    assert broken(WHOLE, is_required=True) == []


@pytest.mark.parametrize(
    ("line", "rules"),
    [
        (replace(WHOLE, codes=(ONE, TWO[:-1])), ["EP-11"]),
        (replace(WHOLE, codes=(ONE, TWO[:-1] + "a")), ["EP-11"]),
        (replace(WHOLE, codes=(ONE, ONE)), ["EP-12"]),
        (replace(WHOLE, codes=(ONE,)), ["EP-14"]),
        (replace(WHOLE, packs=1), ["EP-14"]),
        (replace(WHOLE, lot_number=" "), ["EP-15"]),
        (replace(WHOLE, made_on=None), ["EP-15"]),
        (replace(WHOLE, made_on=date(2028, 8, 31)), ["EP-15"]),
        (replace(WHOLE, expires_on=TODAY), ["EP-16"]),
    ],
)
def test_each_fault_is_named_by_its_rule(line: LinePacks, rules: list[str]) -> None:
    assert broken(line) == rules


def test_the_same_code_on_two_lines_is_there_twice() -> None:
    other = replace(WHOLE, number=2, packs=1, codes=(TWO,))

    assert broken(WHOLE, other) == ["EP-12", "EP-12"]


def test_a_pack_that_was_sold_is_not_sold_again() -> None:
    assert broken(WHOLE, sold=frozenset({TWO})) == ["EP-13"]


def test_without_scanners_a_line_may_have_no_codes_and_with_them_none_is_missing() -> None:
    nothing = LinePacks(1, 2, ())

    assert broken(nothing) == []
    assert broken(nothing, is_required=True) == ["EP-14"]


def test_every_fault_is_named_at_once() -> None:
    line = LinePacks(1, 1, (ONE[:-1], ONE[:-1]), "", None, TODAY)

    assert set(broken(line)) == {"EP-11", "EP-12", "EP-14", "EP-15", "EP-16"}


@pytest.mark.parametrize(
    ("wanted", "reason", "count"), [((ONE,), "包装破损", 0), ((), "x", 1), ((TWO,), "x", 1), ((ONE,), " ", 1)]
)
def test_only_what_is_out_comes_back_with_a_reason(wanted: tuple[str, ...], reason: str, count: int) -> None:
    assert len(list(ep17_return(wanted, frozenset({ONE}), reason))) == count


@pytest.mark.parametrize(
    ("is_open", "is_taken", "rules"),
    [(False, False, []), (True, False, ["EP-01"]), (False, True, ["EP-02"])],
)
def test_another_pharmacy_comes_first(is_open: bool, is_taken: bool, rules: list[str]) -> None:
    found = ep01_out_of_circulation(is_open=is_open, is_taken=is_taken)

    assert [finding.rule for finding in found] == rules
