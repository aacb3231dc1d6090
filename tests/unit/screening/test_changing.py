"""How a rule may be set, and when it takes two persons."""

from dataclasses import replace

import pytest

from screening.operations import rows_in_files
from screening.rules.changing import ChangeFacts, Setting, change_violations, needs_second_person, tidy
from screening.rules.kinds import Effect, Kind
from screening.rules.thresholds import THRESHOLDS_OF, thresholds_of

CHILD = Setting(True, Effect.WARN, {"most_years": "14"})


def wish(wanted: Setting, **fields) -> ChangeFacts:
    usual = ChangeFacts(
        wanted=wanted, kind=Kind.AGE, now=CHILD, shipped=CHILD, is_sourced=True, reason="已核对"
    )
    return replace(usual, **fields)


def child(years: str = "14", effect: Effect = Effect.WARN, *, is_on: bool = True) -> Setting:
    return Setting(is_on, effect, {"most_years": years})


@pytest.mark.parametrize(
    ("wanted", "is_sourced", "now", "needs"),
    [
        (child("15"), True, CHILD, True),  # an older child: the rule finds less than its document
        (child("15"), False, CHILD, False),  # no document says otherwise
        (child("13"), True, CHILD, False),  # stricter
        (child(effect=Effect.RECORD), True, CHILD, True),
        (child(effect=Effect.DENY), True, CHILD, False),
        (child(is_on=False), True, CHILD, True),
        (child(is_on=False), False, CHILD, False),
        (child("15"), True, child("16"), False),  # on the way back to its document
        (child("14"), True, child("10"), False),  # weaker than now, as the document says
        (child("15"), False, child(effect=Effect.DENY), True),  # a denial that stops less
        (child("14", Effect.RECORD), False, child(effect=Effect.DENY), True),
    ],
)
def test_less_than_the_document_or_than_a_denial_takes_two_persons(wanted, is_sourced, now, needs) -> None:
    assert needs_second_person(wish(wanted, is_sourced=is_sourced, now=now)) is needs


def test_a_window_that_grows_shorter_finds_less() -> None:
    now = Setting(True, Effect.WARN, {"most_orders": "3", "seconds": "60"})
    facts = {"kind": Kind.PACE, "now": now, "shipped": now}
    shorter, longer = (
        Setting(True, Effect.WARN, {"most_orders": "3", "seconds": text}) for text in ("59", "61")
    )
    assert needs_second_person(wish(shorter, **facts))
    assert not needs_second_person(wish(longer, **facts))


@pytest.mark.parametrize("typed", ["", " ", "-1", "0", "19", "14.5", "many", "１４", "9" * 30])
def test_a_threshold_is_a_whole_number_within_its_bounds(typed: str) -> None:
    (refused,) = change_violations(wish(tidy(Kind.AGE, child(typed))))
    assert (refused.rule, refused.field) == ("SC-06", "threshold_most_years")
    assert "1" in str(refused.message)
    assert "18" in str(refused.message)


@pytest.mark.parametrize("typed", [" 15 ", "015"])
def test_a_number_is_kept_plain(typed: str) -> None:
    assert tidy(Kind.AGE, child(typed)).thresholds == {"most_years": "15"}


def test_every_shipped_threshold_can_be_set_and_lies_within_its_bounds() -> None:
    for row in rows_in_files():
        known = {each.name: each for each in thresholds_of(Kind(row["kind"]))}
        assert set(known) == set(row.get("thresholds", {})), row["number"]
        for name, text in row.get("thresholds", {}).items():
            assert known[name].least <= int(text) <= known[name].most, row["number"]
    assert set(THRESHOLDS_OF) <= {Kind(row["kind"]) for row in rows_in_files()}
