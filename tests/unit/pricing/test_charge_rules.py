"""PR-40 to PR-44: what may not be charged together, how often, and only with what.

The examples are the national ones of 国家医保局 两库 (S22) and of a hospital's rule table (S54); the windows of
some are varied to try every window.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from pricing.rules import TariffFacts
from pricing.rules.between import check_between
from pricing.rules.codes import ORDINARY_OUTPATIENT
from pricing.rules.errors import ChargeRulesBroken
from pricing.rules.facts import ChargedLine
from pricing.rules.kinds import RuleKind, Window
from tests.unit.pricing.builders import CONTEXT, ORDINARY
from tests.unit.pricing.charge_rule_builders import (
    DELIVERY,
    HBA1C,
    MONITORING,
    asked,
    charged,
    exclusion,
    frequency,
    refused,
    rule,
    violations,
)

BOTH = [asked(DELIVERY, "a"), asked(MONITORING, "b")]


@pytest.mark.parametrize("window", list(Window))
def test_pr_40_two_items_that_exclude_each_other_are_refused_in_one_order(window: Window) -> None:
    length = 6 if window in {Window.HOURS, Window.DAYS} else None
    assert refused(BOTH, exclusion(window, length)) == [("PR-40", "a")]


@pytest.mark.parametrize("window", list(Window))
@pytest.mark.parametrize("code", [DELIVERY, MONITORING])
def test_pr_40_either_alone_is_not_refused(window: Window, code: str) -> None:
    assert refused([asked(code)], exclusion(window, 6)) == []


def test_pr_40_the_other_may_have_been_charged_before_whichever_of_the_two_it_was() -> None:
    same_day = exclusion(Window.DAY)
    assert refused([asked(DELIVERY)], same_day, before=[charged(MONITORING)]) == [("PR-40", "1")]
    assert refused([asked(MONITORING)], same_day, before=[charged(DELIVERY)]) == [("PR-40", "1")]


def test_pr_40_what_was_charged_twice_before_is_not_this_orders_fault() -> None:
    before = [charged(DELIVERY), charged(MONITORING)]
    other = exclusion(Window.DAY, subjects=(DELIVERY, HBA1C))
    assert refused([asked("SOMETHING")], other, before=before) == []


def test_pr_40_an_item_bound_by_several_exclusions_breaks_all_of_them() -> None:
    # 胎心监测 is the B item of nine pairs (4.5).
    pairs = [exclusion(Window.DAY, code=f"R{n}", subjects=(f"A{n}",)) for n in range(9)]
    order = [asked(MONITORING, "m"), *(asked(f"A{n}", f"a{n}") for n in range(9))]
    assert refused(order, *pairs) == [("PR-40", f"a{n}") for n in range(9)]
    one_beside_nine = [exclusion(Window.DAY, code=f"R{n}", partners=(f"A{n}",)) for n in range(9)]
    order = [asked(DELIVERY, "d"), *(asked(f"A{n}", f"a{n}") for n in range(9))]
    assert refused(order, *one_beside_nine) == [("PR-40", "d")] * 9


def test_pr_40_a_rule_without_partners_holds_between_its_own_items_but_not_for_one_of_them_twice() -> None:
    group = exclusion(Window.DAY, subjects=("X", "Y", "Z"), partners=())
    assert refused([asked("X", "1"), asked("Y", "2")], group) == [("PR-40", "1"), ("PR-40", "2")]
    assert refused([asked("X", "1"), asked("X", "2")], group) == []
    assert refused([asked("X")], group, before=[charged("Z")]) == [("PR-40", "1")]


def test_pr_40_items_on_both_sides_of_a_rule_are_told_once_each() -> None:
    both_sides = exclusion(Window.DAY, subjects=("X", "Y"), partners=("X", "Y"))
    assert refused([asked("X", "1"), asked("Y", "2")], both_sides) == [("PR-40", "1"), ("PR-40", "2")]
    assert refused([asked("X")], both_sides, before=[charged("Y")]) == [("PR-40", "1")]


def test_pr_41_an_item_once_a_day_is_refused_the_second_time() -> None:
    daily = frequency(Window.DAY)
    assert refused([asked(HBA1C)], daily) == []
    assert refused([asked(HBA1C, quantity="2")], daily) == [("PR-41", "1")]
    assert refused([asked(HBA1C, "1"), asked(HBA1C, "2")], daily) == [("PR-41", "1"), ("PR-41", "2")]


def test_pr_41_what_was_charged_before_counts() -> None:
    assert refused([asked(HBA1C)], frequency(Window.DAY), before=[charged(HBA1C)]) == [("PR-41", "1")]


def test_pr_41_hours_of_a_day_are_at_most_24() -> None:
    # Items billed by the hour: 心电监测 and others at most 24 a day (4.7).
    hourly = frequency(Window.DAY, limit="24")
    before = [charged(HBA1C, quantity="20")]
    assert refused([asked(HBA1C, quantity="4")], hourly, before=before) == []
    assert refused([asked(HBA1C, quantity="4.5")], hourly, before=before) == [("PR-41", "1")]


def test_pr_41_each_subject_has_its_own_count() -> None:
    each = frequency(Window.DAY, subjects=("X", "Y"))
    assert refused([asked("X", "1"), asked("Y", "2")], each) == []
    assert refused([asked("X", "1"), asked("Y", "2", "2")], each) == [("PR-41", "2")]


def test_pr_42_a_shared_quota_counts_all_items_together() -> None:
    # 15 items of fetal monitoring: at most one of them (4.12).
    group = rule(RuleKind.SHARED_QUOTA, Window.DAY, subjects=("X", "Y", "Z"), limit="1")
    assert refused([asked("X", "1")], group) == []
    assert refused([asked("X", "1"), asked("Y", "2")], group) == [("PR-42", "1"), ("PR-42", "2")]
    assert refused([asked("X")], group, before=[charged("Z")]) == [("PR-42", "1")]


def test_pr_43_an_item_that_needs_another_is_refused_alone() -> None:
    needs = rule(RuleKind.NEEDS_ANOTHER, Window.DAY, partners=(MONITORING, HBA1C))
    assert refused([asked(DELIVERY)], needs) == [("PR-43", "1")]
    assert refused(BOTH, needs) == []
    assert refused([asked(DELIVERY)], needs, before=[charged(HBA1C)]) == []
    assert refused([asked(DELIVERY)], needs, before=[charged(HBA1C, "2026-03-15")]) == [("PR-43", "1")]


def test_pr_44_a_daily_total_is_reached_but_not_passed() -> None:
    total = rule(RuleKind.DAILY_TOTAL, Window.DAY, subjects=("X", "Y"), yuan="96")
    order = [asked("X", "1"), asked("Y", "2"), asked("Z", "3")]
    cost = {"1": Decimal(60), "2": Decimal(36), "3": Decimal(500)}
    assert refused(order, total, amounts=cost) == []
    cost["2"] = Decimal("36.01")
    assert refused(order, total, amounts=cost) == [("PR-44", "1"), ("PR-44", "2")]


def test_pr_44_a_line_that_costs_nothing_is_not_the_one_to_leave_out() -> None:
    total = rule(RuleKind.DAILY_TOTAL, Window.DAY, subjects=("X", "Y"), yuan="50")
    order = [asked("X", "1"), asked("Y", "2")]
    before = [charged("X", amount=Decimal(45))]
    assert refused(order, total, before=before, amounts={"1": Decimal(6), "2": Decimal(0)}) == [
        ("PR-44", "1")
    ]


def test_pr_44_a_total_of_nothing_lets_only_what_is_free_pass() -> None:
    free = rule(RuleKind.DAILY_TOTAL, Window.DAY, subjects=("X",), yuan="0")
    assert refused([asked("X")], free, amounts={"1": Decimal(0)}) == []
    assert refused([asked("X")], free, amounts={"1": Decimal("0.01")}) == [("PR-44", "1")]


def test_nobody_limits_the_ordinary_consultation_to_one_a_day_unless_a_rule_of_the_region_does() -> None:
    # 4.8: it is not in the national daily list; one third-party table limits it.
    order = [asked(ORDINARY_OUTPATIENT)]
    before = [charged(ORDINARY_OUTPATIENT)]
    national = frequency(Window.DAY, subjects=(HBA1C,))
    local = frequency(Window.DAY, subjects=(ORDINARY_OUTPATIENT,), region_code="340000")
    assert refused(order, national, local, before=before) == []
    here = replace(CONTEXT, region_code="340100")
    assert refused(order, national, local, before=before, context=here) == [("PR-41", "1")]


@pytest.mark.parametrize(
    ("region", "binds"),
    [("000000", True), ("330000", True), ("330100", True), ("330106", False), ("110000", False)],
)
def test_a_rule_binds_where_its_region_is_around_the_institution(region: str, binds: bool) -> None:
    assert bool(refused(BOTH, exclusion(Window.DAY, region_code=region))) is binds


@pytest.mark.parametrize(
    ("begin", "end", "binds"),
    [
        (date(2026, 3, 16), None, True),
        (date(2026, 3, 17), None, False),
        (date(2025, 1, 1), date(2026, 3, 17), True),
        (date(2025, 1, 1), date(2026, 3, 16), False),
    ],
)
def test_a_rule_binds_from_its_first_day_until_the_day_before_its_end(
    begin: date, end: date | None, binds: bool
) -> None:
    assert bool(refused(BOTH, exclusion(Window.DAY, begin=begin, end=end))) is binds


@pytest.mark.parametrize("is_demonstration", [True, False])
@pytest.mark.parametrize("grade", ["A", "B", "C", "D"])
def test_the_demonstration_is_bound_by_invented_rules_only_and_nobody_else_by_them(
    grade: str, is_demonstration: bool
) -> None:
    context = replace(CONTEXT, is_demonstration=is_demonstration)
    found = refused(BOTH, exclusion(Window.DAY, evidence_grade=grade), context=context)
    assert bool(found) is ((grade == "D") == is_demonstration)


def test_every_broken_rule_is_told_in_the_order_of_the_lines_then_of_the_rules() -> None:
    rules = [
        frequency(Window.DAY, code="R3", subjects=(MONITORING,)),
        exclusion(Window.DAY, code="R2"),
        frequency(Window.DAY, code="R1", subjects=(DELIVERY,)),
    ]
    order = [asked(MONITORING, "m", "2"), asked(DELIVERY, "d", "2")]
    assert refused(order, *rules) == [("PR-41", "m"), ("PR-41", "d"), ("PR-40", "d")]


def test_a_violation_carries_the_rules_words_its_source_and_a_way_on() -> None:
    (found,) = violations(BOTH, exclusion(Window.DAY))
    assert found.source == "两库 第七批 第 1 行"
    with translation.override("en"):
        (found,) = violations(BOTH, exclusion(Window.DAY))
        assert found.message == "The rule's own words."
        assert (
            found.way_on
            == f"Leave out {DELIVERY}, or else {MONITORING}. It is possible again from 2026-03-17."
        )
    with translation.override("zh-hans"):
        (found,) = violations(BOTH, exclusion(Window.DAY))
        assert found.message == "规则原文。"


@pytest.mark.parametrize(
    ("window", "length", "before", "way_on"),
    [
        (Window.DAYS, 15, charged(HBA1C, "2026-03-16"), "from 2026-03-31."),
        (Window.DAYS, 15, charged(HBA1C, "2026-03-02"), "from 2026-03-17."),
        (Window.DAY, None, charged(HBA1C), "from 2026-03-17."),
        (Window.HOURS, 6, charged(HBA1C, at="2026-03-16T10:30"), "from 2026-03-16 16:30."),
        (Window.HOURS, 6, charged(HBA1C, at="2026-03-16T18:00"), "from 2026-03-17."),
        (Window.HOUR, None, charged(HBA1C, at="2026-03-16T10:30"), "from 2026-03-16 11:00."),
        (Window.VISIT, None, charged(HBA1C, encounter=""), ""),
    ],
)
def test_it_says_from_when_the_item_is_possible_again(
    window: Window, length: int | None, before: ChargedLine, way_on: str
) -> None:
    with translation.override("en"):
        found = violations([asked(HBA1C)], frequency(window, length), before=[before])
    assert [str(each.way_on).endswith(way_on) for each in found] == [True] * bool(way_on)


def test_the_day_that_is_named_is_one_on_which_nothing_else_stands_in_the_way() -> None:
    before = [charged(HBA1C, "2026-03-10"), charged(HBA1C, "2026-03-30")]
    with translation.override("en"):
        (found,) = violations([asked(HBA1C)], frequency(Window.DAYS, 15), before=before)
    assert found.way_on == f"Leave out {HBA1C}. It is possible again from 2026-04-14."


def test_what_is_left_of_a_quota_is_told() -> None:
    with translation.override("en"):
        (found,) = violations(
            [asked(HBA1C, quantity="3")], frequency(Window.DAY, limit="3"), before=[charged(HBA1C)]
        )
    assert found.message == "The rule's own words. Charged would be 4, at most 3."
    assert found.way_on == f"Give at most 2 of {HBA1C}. It is possible again from 2026-03-17."


def test_more_than_the_limit_allows_at_any_time_is_not_possible_later() -> None:
    with translation.override("en"):
        (found,) = violations([asked(HBA1C, quantity="2")], frequency(Window.DAY))
    assert found.way_on == f"Give at most 1 of {HBA1C}."


def test_within_a_visit_or_a_course_waiting_does_not_help_but_another_one_does() -> None:
    with translation.override("en"):
        (visit,) = violations(BOTH, exclusion(Window.VISIT))
        (course,) = violations(BOTH, exclusion(Window.COURSE))
    assert str(visit.way_on).endswith("It is possible in another visit.")
    assert str(course.way_on).endswith("It is possible in another course of treatment.")


def test_names_of_items_are_used_where_they_are_known() -> None:
    order = [asked(ORDINARY_OUTPATIENT, "a"), asked(MONITORING, "b")]
    rules = [exclusion(Window.DAY, subjects=(ORDINARY_OUTPATIENT,))]
    facts = TariffFacts.of([ORDINARY], [], rules=rules)
    with translation.override("en"), pytest.raises(ChargeRulesBroken) as refusal:
        check_between(order, CONTEXT, facts, {})
    (found,) = refusal.value.violations
    assert str(found.way_on).startswith("Leave out Ordinary outpatient consultation, or else FETAL.")
    assert refusal.value.code == "charge_rules_broken"


def test_an_order_that_breaks_nothing_passes() -> None:
    facts = TariffFacts.of([ORDINARY], [], rules=[exclusion(Window.DAY)])
    check_between([asked(DELIVERY)], CONTEXT, facts, {})
    check_between(BOTH, CONTEXT, TariffFacts.of([ORDINARY], []), {})


def test_a_correction_of_a_price_counts_as_money_and_not_as_something_done() -> None:
    correction = charged(HBA1C, quantity="0", amount=Decimal(90))
    assert refused([asked(HBA1C)], frequency(Window.DAY), before=[correction]) == []
    beside = exclusion(Window.DAY, partners=(HBA1C,))
    assert refused([asked(DELIVERY)], beside, before=[correction]) == []
    total = rule(RuleKind.DAILY_TOTAL, Window.DAY, subjects=(HBA1C,), yuan="96")
    assert refused([asked(HBA1C)], total, before=[correction]) == [("PR-44", "1")]
