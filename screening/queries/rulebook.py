"""The rules in force on a day, with those of their points that could concern an order."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from screening.models import KnowledgeCode, KnowledgePoint, ScreeningRule
from screening.rules.facts import OrderFacts, PointFact, RuleFact, Words, plain_name
from screening.rules.kinds import Effect, Kind


def rules_in_force(on: date) -> QuerySet[ScreeningRule]:
    """Rules that are on, by number."""
    return ScreeningRule.objects.filter(is_on=True, effective__contains=on).order_by("number")


def rulebook(order: OrderFacts) -> tuple[RuleFact, ...]:
    """The rules in force on the day of the order; three statements, however many points there are."""
    rules = list(rules_in_force(order.on))
    points = _points(rules, order)
    return tuple(_fact(rule, points.get(rule.pk, ())) for rule in rules)


def _points(rules: Iterable[ScreeningRule], order: OrderFacts) -> dict[int, tuple[PointFact, ...]]:
    """By rule: the points that name a code or a name of the order."""
    codes = {line.national_code for line in order.lines if line.national_code}
    names = {plain_name(line.name) for line in order.lines}
    by_code = KnowledgeCode.objects.filter(code__in=codes).values("point")
    rows = list(
        KnowledgePoint.objects.filter(rule__in=list(rules)).filter(
            Q(pk__in=by_code) | Q(plain_name__in=names)
        )
    )
    if not rows:
        return {}
    held: dict[int, set[str]] = defaultdict(set)
    for point_id, code in KnowledgeCode.objects.filter(point__in=rows).values_list("point_id", "code"):
        held[point_id].add(code)
    found: dict[int, list[PointFact]] = defaultdict(list)
    for row in rows:
        found[row.rule_id].append(point_fact(row, frozenset(held[row.pk])))
    return {rule_id: tuple(points) for rule_id, points in found.items()}


def point_fact(row: KnowledgePoint, codes: frozenset[str]) -> PointFact:
    """A point as the rules are given it."""
    has_partner = row.partner_code or row.partner_name
    return PointFact(
        number=row.number, name=row.name, codes=codes, limit=row.limit, limit_number=row.limit_number,
        period_days=row.period_days, partners=((row.partner_code, row.partner_name),) if has_partner else (),
        condition=row.basis, diagnosis_codes=tuple(row.diagnosis_codes),
    )  # fmt: skip


def _fact(rule: ScreeningRule, points: tuple[PointFact, ...]) -> RuleFact:
    return RuleFact(
        number=rule.number, kind=Kind(rule.kind), effect=Effect(rule.effect),
        name=Words(rule.name, rule.name_en), explanation=Words(rule.explanation, rule.explanation_en),
        source=Words(rule.source, rule.source_en), grade=rule.grade, is_only_insured=rule.is_only_insured,
        same_as=rule.same_as, thresholds={name: Decimal(text) for name, text in rule.thresholds.items()},
        points=points,
    )  # fmt: skip
