"""Where a window begins and ends: half-open, in Asia/Shanghai, for every kind of rule.

Each case is an earlier charge and a line of this order, and whether they lie in one window; every kind of rule must see
it the same way.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from pricing.rules import QuoteContext, ServiceLine
from pricing.rules.facts import ChargedLine, ChargeRuleFact
from pricing.rules.kinds import RuleKind, Window
from tests.unit.pricing.builders import CONTEXT
from tests.unit.pricing.charge_rule_builders import asked, charged, refused, rule

VISIT = replace(CONTEXT, encounter="V1")
KINDS = list(RuleKind)


def seen_by(
    kind: RuleKind,
    window: Window,
    length: int | None,
    before: ChargedLine,
    line: ServiceLine,
    on: QuoteContext,
) -> bool:
    """Whether a rule of this kind finds line and earlier charge in one window."""
    found = refused([line], of_kind(kind, window, length), before=[before], context=on)
    return not found if kind is RuleKind.NEEDS_ANOTHER else bool(found)


def of_kind(kind: RuleKind, window: Window, length: int | None) -> ChargeRuleFact:
    """A rule that is broken (or kept, when it needs another) exactly when X and Y share a window."""
    sides: dict[RuleKind, dict[str, Any]] = {
        RuleKind.EXCLUSION: {"subjects": ("X",), "partners": ("Y",)},
        RuleKind.NEEDS_ANOTHER: {"subjects": ("X",), "partners": ("Y",)},
        RuleKind.SHARED_QUOTA: {"subjects": ("X", "Y"), "limit": "1"},
        RuleKind.DAILY_TOTAL: {"subjects": ("X", "Y"), "yuan": "19.99"},
        RuleKind.FREQUENCY: {"subjects": ("X",), "limit": "1"},
    }
    return rule(kind, window, length, **sides[kind])


def check(
    kind: RuleKind, window: Window, length: int | None, before: dict[str, Any], line: dict[str, Any]
) -> bool:
    code = "X" if kind is RuleKind.FREQUENCY else "Y"
    on = replace(VISIT, service_on=date.fromisoformat(line.pop("on", "2026-03-16")))
    return seen_by(kind, window, length, charged(code, **before), asked("X", **line), on)


Case = tuple[Window, int | None, dict[str, Any], dict[str, Any], bool]

CASES: dict[str, Case] = {
    "the same encounter": (Window.VISIT, None, {"encounter": "V1"}, {}, True),
    "the same encounter on another day": (
        Window.VISIT, None, {"encounter": "V1", "on": "2026-03-15"}, {}, True,
    ),
    "another encounter on the same day": (Window.VISIT, None, {"encounter": "V2"}, {}, False),
    "the same day": (Window.DAY, None, {}, {}, True),
    "the day before": (Window.DAY, None, {"on": "2026-03-15"}, {}, False),
    "the day after, already charged": (Window.DAY, None, {"on": "2026-03-17"}, {}, False),
    "a minute before and after midnight": (
        Window.DAY, None, {"at": "2026-03-15T23:59"}, {"at": "2026-03-16T00:00"}, False,
    ),
    "both ends of one day": (Window.DAY, None, {"at": "2026-03-16T00:00"}, {"at": "2026-03-16T23:59"}, True),
    "14 days later": (Window.DAYS, 15, {"on": "2026-03-02"}, {}, True),
    "15 days later": (Window.DAYS, 15, {"on": "2026-03-01"}, {}, False),
    "14 days earlier": (Window.DAYS, 15, {"on": "2026-03-30"}, {}, True),
    "15 days earlier": (Window.DAYS, 15, {"on": "2026-03-31"}, {}, False),
    "a window of one day is that day": (Window.DAYS, 1, {"on": "2026-03-15"}, {}, False),
    "28 February and 1 March of a leap year, 2 days": (
        Window.DAYS, 2, {"on": "2028-02-28"}, {"on": "2028-03-01"}, False,
    ),
    "29 February and 1 March of a leap year, 2 days": (
        Window.DAYS, 2, {"on": "2028-02-29"}, {"on": "2028-03-01"}, True,
    ),
    "28 February and 1 March of a common year, 2 days": (
        Window.DAYS, 2, {"on": "2027-02-28"}, {"on": "2027-03-01"}, True,
    ),
    "over the turn of the year": (Window.DAYS, 7, {"on": "2025-12-31"}, {"on": "2026-01-06"}, True),
    "seven days over the turn of the year": (
        Window.DAYS, 7, {"on": "2025-12-31"}, {"on": "2026-01-07"}, False,
    ),
    "the same clock hour": (Window.HOUR, None, {"at": "2026-03-16T10:00"}, {"at": "2026-03-16T10:59"}, True),
    "the next clock hour a minute later": (
        Window.HOUR, None, {"at": "2026-03-16T10:59"}, {"at": "2026-03-16T11:00"}, False,
    ),
    "the same clock hour of another day": (
        Window.HOUR, None, {"at": "2026-03-15T10:30"}, {"at": "2026-03-16T10:30"}, False,
    ),
    "the same clock hour, the moment of one not said": (
        Window.HOUR, None, {"on": "2026-03-16"}, {"at": "2026-03-16T23:59"}, True,
    ),
    "another day, the moment of one not said": (
        Window.HOUR, None, {"on": "2026-03-15"}, {"at": "2026-03-16T00:00"}, False,
    ),
    "exactly six hours later": (
        Window.HOURS, 6, {"at": "2026-03-16T10:00"}, {"at": "2026-03-16T16:00"}, False,
    ),
    "a minute less than six hours later": (
        Window.HOURS, 6, {"at": "2026-03-16T10:00"}, {"at": "2026-03-16T15:59"}, True,
    ),
    "exactly six hours earlier": (
        Window.HOURS, 6, {"at": "2026-03-16T16:00"}, {"at": "2026-03-16T10:00"}, False,
    ),
    "a second less than six hours earlier": (
        Window.HOURS, 6, {"at": "2026-03-16T15:59:59"}, {"at": "2026-03-16T10:00"}, True,
    ),
    "six hours over midnight": (
        Window.HOURS, 6, {"at": "2026-03-15T23:00"}, {"at": "2026-03-16T04:59"}, True,
    ),
    "120 minutes, not the calendar day": (
        Window.HOURS, 2, {"at": "2026-03-16T08:00"}, {"at": "2026-03-16T10:00"}, False,
    ),
    "hours asked for, neither moment said": (Window.HOURS, 6, {}, {}, True),
    "hours asked for, one moment said": (Window.HOURS, 6, {}, {"at": "2026-03-16T23:59"}, True),
    "hours asked for, the day before, neither said": (Window.HOURS, 6, {"on": "2026-03-15"}, {}, False),
    "hours asked for, the day before, one said": (
        Window.HOURS, 6, {"on": "2026-03-15"}, {"at": "2026-03-16T00:01"}, False,
    ),
    "48 hours, the day before, neither said": (Window.HOURS, 48, {"on": "2026-03-15"}, {}, True),
    "48 hours, two days before, neither said": (Window.HOURS, 48, {"on": "2026-03-14"}, {}, False),
    "the same course in another encounter": (Window.COURSE, None, {"course": "K"}, {"course": "K"}, True),
    "another course in the same encounter": (
        Window.COURSE, None, {"course": "K", "encounter": "V1"}, {"course": "L"}, False,
    ),
    "no course said, the same encounter": (Window.COURSE, None, {"encounter": "V1"}, {}, True),
    "no course said, another encounter": (Window.COURSE, None, {}, {}, False),
    "one says its course, the other only the encounter": (
        Window.COURSE, None, {"course": "K", "encounter": "V1"}, {}, True,
    ),
    "one says its course, the other another encounter": (Window.COURSE, None, {"course": "K"}, {}, False),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", CASES)
def test_lines_share_a_window(name: str, kind: RuleKind) -> None:
    window, length, before, line, shares = CASES[name]
    assert check(kind, window, length, dict(before), dict(line)) is shares


@pytest.mark.parametrize("kind", KINDS)
def test_a_day_is_that_of_shanghai_wherever_the_clock_hangs(kind: RuleKind) -> None:
    # 15:59 UTC is 23:59 in Shanghai, 16:00 UTC the midnight after.
    before = replace(
        charged("X" if kind is RuleKind.FREQUENCY else "Y", "2026-03-16"),
        performed_at=datetime(2026, 3, 16, 15, 59, tzinfo=UTC),
    )
    same = replace(asked("X"), performed_at=datetime(2026, 3, 15, 16, 0, tzinfo=UTC))
    after = replace(asked("X"), performed_at=datetime(2026, 3, 16, 16, 0, tzinfo=UTC))
    assert seen_by(kind, Window.DAY, None, before, same, VISIT)
    assert not seen_by(kind, Window.DAY, None, before, after, VISIT)


def test_an_order_without_an_encounter_is_one_visit_but_not_that_of_earlier_charges() -> None:
    together = of_kind(RuleKind.EXCLUSION, Window.VISIT, None)
    assert refused([asked("X", "1"), asked("Y", "2")], together) == [("PR-40", "1")]
    assert refused([asked("X")], together, before=[charged("Y", encounter="")]) == []


def test_a_sliding_quota_counts_what_lies_in_one_window_not_everything_nearby() -> None:
    # Charged on the 2nd and the 30th, asked on the 16th: any window of 15 days holds two of the three.
    twice = rule(RuleKind.FREQUENCY, Window.DAYS, 15, subjects=("X",), limit="2")
    before = [charged("X", "2026-03-02"), charged("X", "2026-03-30")]
    assert refused([asked("X")], twice, before=before) == []
    assert refused([asked("X")], twice, before=[*before, charged("X", "2026-03-03")]) == [("PR-41", "1")]


def test_a_line_that_says_only_its_day_is_counted_once_beside_others_far_apart() -> None:
    # At 01:00 and at 23:00, and once that day: whenever it was, no six hours hold all three.
    twice = rule(RuleKind.FREQUENCY, Window.HOURS, 6, subjects=("X",), limit="2")
    before = [charged("X", at="2026-03-16T01:00"), charged("X", at="2026-03-16T23:00")]
    assert refused([asked("X")], twice, before=before) == []
    assert refused([asked("X", quantity="2")], twice, before=before) == [("PR-41", "1")]


def test_three_services_in_turn_are_each_in_a_window_with_the_next_only() -> None:
    once = rule(RuleKind.FREQUENCY, Window.HOURS, 6, subjects=("X",), limit="2")
    order = [asked("X", str(n), at=f"2026-03-16T{hour:02}:00") for n, hour in enumerate((6, 11, 16))]
    assert refused(order, once) == []
    assert [reference for _rule, reference in refused([*order, asked("X", "3", at="2026-03-16T10:00")], once)] == [
        "0", "1", "3",
    ]  # fmt: skip


def test_a_course_holds_the_lines_of_its_encounter_that_say_none() -> None:
    # 4.18: within a course of treatment the consultation is not charged again.
    course = rule(RuleKind.EXCLUSION, Window.COURSE, subjects=("CONSULTATION",), partners=("DRESSING",))
    before = [charged("DRESSING", "2026-03-10", encounter="V1", course="K")]
    assert refused([asked("CONSULTATION")], course, before=before, context=VISIT) == [("PR-40", "1")]
    assert (
        refused([asked("CONSULTATION")], course, before=before, context=replace(VISIT, encounter="V2")) == []
    )


def split(quantity: int) -> Sequence[ServiceLine]:
    return [asked("X", str(n)) for n in range(quantity)]


@pytest.mark.parametrize("window", list(Window))
def test_splitting_a_line_does_not_evade_a_quota(window: Window) -> None:
    three = rule(RuleKind.FREQUENCY, window, 6, subjects=("X",), limit="3")
    assert refused(split(3), three) == []
    assert len(refused(split(4), three)) == 4
    assert refused([asked("X", quantity="4")], three) == [("PR-41", "1")]


def test_amounts_of_earlier_charges_count_in_yuan() -> None:
    total = rule(RuleKind.DAILY_TOTAL, Window.DAYS, 3, subjects=("X",), yuan="96")
    before = [charged("X", "2026-03-14", amount=Decimal("86.01"))]
    assert refused([asked("X")], total, before=before) == [("PR-44", "1")]
    assert refused([asked("X")], total, before=[replace(before[0], amount=Decimal(86))]) == []
