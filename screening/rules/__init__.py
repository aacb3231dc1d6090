"""Audit rules before money: pure functions over frozen facts; no database and no clock."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from screening.rules import charges, fraud, limits
from screening.rules.facts import OrderFacts, RuleFact, Surroundings
from screening.rules.findings import Found
from screening.rules.kinds import Effect, Kind, Moment

Check = Callable[[OrderFacts, RuleFact], Iterator[Found]]
CheckAround = Callable[[OrderFacts, RuleFact, Surroundings], Iterator[Found]]

CHECKS: Mapping[Kind, Check] = {
    Kind.SEX: limits.sex,
    Kind.AGE: limits.age,
    Kind.INSURANCE_TYPE: limits.insurance_type,
    Kind.VISIT_MODE: limits.visit_mode,
    Kind.LEVEL: limits.level,
    Kind.COURSE: limits.course,
    Kind.INDICATION: limits.indication,
    Kind.SECOND_LINE: limits.second_line,
    Kind.CONTROLLED_ONLINE: limits.controlled_online,
    Kind.HERB_NEVER: charges.herb_never,
    Kind.HERB_ALONE: charges.herb_alone,
    Kind.DUPLICATE_CHARGE: charges.duplicate_charge,
    Kind.FREQUENCY: charges.frequency,
    Kind.ELSEWHERE: fraud.elsewhere,
    Kind.TRAVEL: fraud.travel,
    Kind.REMAINING: fraud.remaining,
}
AROUND: Mapping[Kind, CheckAround] = {
    Kind.DEVICE: fraud.device,
    Kind.PACE: fraud.pace,
    Kind.TRACE_CODE: fraud.trace_code,
}
ONLY_AT: Mapping[Kind, frozenset[Moment]] = {
    Kind.PACE: frozenset({Moment.BEFORE_SIGNING}),
    Kind.TRACE_CODE: frozenset({Moment.BEFORE_DISPENSING}),
}
"""Kinds that are looked at only at some moments."""
_ORDER = {Effect.DENY: 0, Effect.WARN: 1, Effect.RECORD: 2}


def is_looked_at(kind: Kind, moment: Moment) -> bool:
    """Whether rules of a kind look at a moment; at the counter only the packs are looked at."""
    if kind in ONLY_AT:
        return moment in ONLY_AT[kind]
    return moment is not Moment.BEFORE_DISPENSING


def check(order: OrderFacts, around: Surroundings) -> tuple[Found, ...]:
    """Every finding of every rule in force, the gravest first, each point once.

    A rule of the fund says nothing to who pays herself. What a rule of the prescription has said on the same line
    is recorded only.
    """
    found: dict[str, Found] = {}
    for rule in around.rules:
        if rule.is_only_insured and not order.is_insured:
            continue
        for one in _said_by(order, rule, around):
            found.setdefault(one.key, _unless_said(one, rule, order))
    return tuple(sorted(found.values(), key=lambda one: _ORDER[one.effect]))


def _said_by(order: OrderFacts, rule: RuleFact, around: Surroundings) -> Iterator[Found]:
    if rule.kind in AROUND:
        return AROUND[rule.kind](order, rule, around)
    return CHECKS[rule.kind](order, rule)


def _unless_said(one: Found, rule: RuleFact, order: OrderFacts) -> Found:
    is_said = rule.same_as and any((rule.same_as, line) in order.already_said for line in one.lines)
    return replace(one, effect=Effect.RECORD) if is_said else one


def standing_in_the_way(
    found: Iterable[Found], answers: Mapping[str, str], moment: Moment = Moment.BEFORE_SIGNING
) -> tuple[Found, ...]:
    """What forbids going on: denials, and before signing warnings that nobody has answered with a reason.

    Later nobody is there who could answer for the doctor: a warning that is new then is kept, not in the way.
    """
    asks = moment is Moment.BEFORE_SIGNING
    return tuple(
        one
        for one in found
        if one.effect is Effect.DENY
        or (asks and one.effect is Effect.WARN and not answers.get(one.key, "").strip())
    )
