"""Rules between lines, whatever the order, its lines and its past: what must always hold."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from pricing.rules import ServiceLine
from pricing.rules.facts import ChargedLine, ChargeRuleFact
from pricing.rules.kinds import RuleKind, Window
from tests.unit.pricing.builders import CONTEXT
from tests.unit.pricing.charge_rule_builders import SHANGHAI, refused, rule

CODES = ("A", "B", "C", "D")
MIDNIGHT = datetime(2026, 3, 14, tzinfo=SHANGHAI)
CONTEXT_OF_A_VISIT = replace(CONTEXT, encounter="V1")

codes = st.sampled_from(CODES)
moments = st.none() | st.integers(0, 4 * 24 * 60).map(lambda minutes: MIDNIGHT + timedelta(minutes=minutes))
quantities = st.integers(1, 4).map(Decimal)
courses = st.sampled_from(("", "K", "L"))


@st.composite
def orders(draw: st.DrawFn, least: int = 1, most: int = 6) -> list[ServiceLine]:
    """Lines with references of their own."""
    return [
        ServiceLine(f"L{n}", draw(codes), draw(quantities), performed_at=draw(moments), course=draw(courses))
        for n in range(draw(st.integers(least, most)))
    ]


@st.composite
def histories(draw: st.DrawFn) -> list[ChargedLine]:
    """Earlier charges of a few days."""
    return [
        ChargedLine(
            draw(codes), draw(quantities), Decimal(draw(st.integers(0, 50))),
            date(2026, 3, 10) + timedelta(days=draw(st.integers(0, 12))),
            draw(st.sampled_from(("V0", "V1"))), draw(moments), draw(courses),
        )
        for _ in range(draw(st.integers(0, 5)))
    ]  # fmt: skip


@st.composite
def rules(draw: st.DrawFn) -> list[ChargeRuleFact]:
    """Up to four rules of any kind and window over the codes."""
    return [draw(one_rule(f"R{n}")) for n in range(draw(st.integers(1, 4)))]


@st.composite
def one_rule(draw: st.DrawFn, code: str) -> ChargeRuleFact:
    """Complete, as the database would have it."""
    kind, window = draw(st.sampled_from(RuleKind)), draw(st.sampled_from(Window))
    some = st.sets(codes, min_size=1, max_size=3).map(tuple)
    pairs = kind in {RuleKind.EXCLUSION, RuleKind.NEEDS_ANOTHER}
    counted = kind in {RuleKind.FREQUENCY, RuleKind.SHARED_QUOTA}
    return rule(
        kind, window, draw(st.integers(1, 30)) if window in {Window.DAYS, Window.HOURS} else None,
        code=code, subjects=draw(some), partners=draw(some) if pairs else (),
        limit=str(draw(st.integers(1, 5))) if counted else None,
        yuan=str(draw(st.integers(0, 60))) if kind is RuleKind.DAILY_TOTAL else None,
    )  # fmt: skip


@given(orders(), histories(), rules(), st.randoms())
def test_the_order_of_lines_charges_and_rules_does_not_matter(
    lines: list[ServiceLine], before: list[ChargedLine], known: list[ChargeRuleFact], chance: Random
) -> None:
    found = refused(lines, *known, before=before, context=CONTEXT_OF_A_VISIT)
    for each in (lines, before, known):
        chance.shuffle(each)
    assert sorted(refused(lines, *known, before=before, context=CONTEXT_OF_A_VISIT)) == sorted(found)


@given(orders(), histories(), rules(), quantities, moments)
def test_a_line_of_an_item_that_no_rule_names_changes_nothing(
    lines: list[ServiceLine],
    before: list[ChargedLine],
    known: list[ChargeRuleFact],
    quantity: Decimal,
    moment: datetime | None,
) -> None:
    found = refused(lines, *known, before=before, context=CONTEXT_OF_A_VISIT)
    stranger = ServiceLine("stranger", "UNRELATED", quantity, performed_at=moment)
    assert refused([stranger, *lines], *known, before=before, context=CONTEXT_OF_A_VISIT) == found


@given(orders(), histories(), rules(), st.integers(0, 5))
def test_splitting_a_line_evades_no_rule(
    lines: list[ServiceLine], before: list[ChargedLine], known: list[ChargeRuleFact], which: int
) -> None:
    # Each unit costs ten yuan, so the two parts cost what the line did.
    whole = lines[which % len(lines)]
    parts = [replace(whole, reference=f"{whole.reference}-{n}", quantity=whole.quantity / 2) for n in (1, 2)]
    rest = [line for line in lines if line is not whole]
    found = refused(lines, *known, before=before, context=CONTEXT_OF_A_VISIT)
    after = refused([*rest, *parts], *known, before=before, context=CONTEXT_OF_A_VISIT)
    assert {number for number, _line in after} == {number for number, _line in found}
    assert {(number, line.split("-")[0]) for number, line in after} == set(found)


@given(orders(least=2), histories(), rules())
def test_more_charged_before_never_makes_a_limit_wider(
    lines: list[ServiceLine], before: list[ChargedLine], known: list[ChargeRuleFact]
) -> None:
    limits = [each for each in known if each.kind is not RuleKind.NEEDS_ANOTHER]
    with_past = set(refused(lines, *limits, before=before, context=CONTEXT_OF_A_VISIT))
    assert set(refused(lines, *limits, context=CONTEXT_OF_A_VISIT)) <= with_past


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8), st.integers(1, 20), st.integers(1, 4))
def test_a_sliding_limit_is_broken_exactly_when_some_window_holds_too_many(
    days: list[int], length: int, limit: int
) -> None:
    first = date(2026, 2, 1)
    asked_on, *earlier = (first + timedelta(days=day) for day in days)
    before = [ChargedLine("A", Decimal(1), Decimal(0), day, "V0") for day in earlier]
    sliding = rule(RuleKind.FREQUENCY, Window.DAYS, length, subjects=("A",), limit=str(limit))
    on = replace(CONTEXT, service_on=asked_on)
    windows = [asked_on - timedelta(days=back) for back in range(length)]
    fullest = max(
        1 + sum(begin <= day < begin + timedelta(days=length) for day in earlier) for begin in windows
    )
    found = refused([ServiceLine("1", "A", Decimal(1))], sliding, before=before, context=on)
    assert bool(found) is (fullest > limit)


@given(st.lists(st.integers(0, 48 * 60), min_size=2, max_size=6, unique=True), st.integers(1, 24))
def test_two_known_moments_share_hours_exactly_when_they_lie_less_than_that_apart(
    minutes: list[int], hours: int
) -> None:
    sliding = rule(RuleKind.FREQUENCY, Window.HOURS, hours, subjects=("A",), limit="1")
    times = [MIDNIGHT + timedelta(minutes=minute) for minute in sorted(minutes)]
    lines = [ServiceLine(str(n), "A", Decimal(1), performed_at=time) for n, time in enumerate(times)]
    near = any(later - earlier < timedelta(hours=hours) for earlier, later in pairwise(times))
    assert bool(refused(lines, sliding)) is near
