"""Rules, faults and findings in the page's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kernel import presentation
from screening.models import (
    EffectChoice,
    KnowledgeImport,
    KnowledgePoint,
    Screening,
    ScreeningFinding,
    ScreeningRule,
)
from screening.pages.words import EFFECT_BADGES, thresholds_in_words
from screening.rules.kinds import WITH_POINTS, Kind
from screening.rules.knowledge_file import Fault
from screening.rules.limits import INSURANCES, MODES, SEXES

OUTCOME_BADGES = {"clear": "done", "answered": "done", "stopped": "stopped"}
_MOST_CODES = 3


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A rule in words."""

    rule: ScreeningRule
    name: str
    explanation: str
    source: str
    badge: tuple[str, object]
    period: str
    thresholds: tuple[tuple[str, str], ...]
    takes_file: bool


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding in words."""

    finding: ScreeningFinding
    message: str
    source: str
    badge: tuple[str, object]


def shown_rule(rule: ScreeningRule) -> ShownRule:
    """One rule."""
    is_chinese = presentation.is_chinese()
    return ShownRule(
        rule=rule,
        name=rule.name if is_chinese else rule.name_en,
        explanation=rule.explanation if is_chinese else rule.explanation_en,
        source=rule.source if is_chinese else rule.source_en,
        badge=EFFECT_BADGES[EffectChoice(rule.effect)],
        period=_period(rule),
        thresholds=thresholds_in_words(rule.thresholds),
        takes_file=Kind(rule.kind) in WITH_POINTS and bool(rule.batch),
    )


def _period(rule: ScreeningRule) -> str:
    begins = presentation.iso(rule.effective.lower)
    if rule.effective.upper is None:
        return _("from %(begin)s on") % {"begin": begins}
    last = presentation.iso(rule.effective.upper - timedelta(days=1))
    return _("from %(begin)s to %(last)s") % {"begin": begins, "last": last}


def shown_finding(finding: ScreeningFinding) -> ShownFinding:
    """One finding."""
    is_chinese = presentation.is_chinese()
    return ShownFinding(
        finding=finding,
        message=finding.message if is_chinese else finding.message_en,
        source=finding.source if is_chinese else finding.source_en,
        badge=EFFECT_BADGES[EffectChoice(finding.effect)],
    )


def shown_points(points: Iterable[KnowledgePoint]) -> list[dict[str, Any]]:
    """Points with their limit in words and the first of their codes; ``codes`` are prefetched."""
    return [{"point": point, "limit": limit_words(point), **_codes(point)} for point in points]


def _codes(point: KnowledgePoint) -> dict[str, Any]:
    codes = [row.code for row in point.codes.all()]
    return {"codes": codes[:_MOST_CODES], "more": max(0, len(codes) - _MOST_CODES)}


def limit_words(point: KnowledgePoint) -> str:
    """What a point limits, in a few words; empty where its name says everything."""
    words = SEXES.get(point.limit) or MODES.get(point.limit) or INSURANCES.get(point.limit)
    if words:
        return words.zh if presentation.is_chinese() else words.en
    if point.partner_name:
        return _("not with %(name)s") % {"name": point.partner_name}
    return _number_words(point.rule.kind, point.limit_number, point.period_days)


def _number_words(kind: str, number: Decimal | None, days: int) -> str:
    if number is None:
        return ""
    values = {"number": f"{number.normalize():f}", "days": days}
    words = {
        Kind.AGE: _("at most %(number)s years"),
        Kind.LEVEL: _("level %(number)s or above"),
        Kind.COURSE: _("at most %(number)s days"),
        Kind.FREQUENCY: _("at most %(number)s times in %(days)s days"),
    }
    return words[Kind(kind)] % values if kind in set(words) else ""


def faults_of(one: KnowledgeImport) -> list[dict[str, str]]:
    """Every fault with its place and its sentence."""
    return [
        {
            "sheet": row["sheet"],
            "cell": row["cell"],
            "typed": row["typed"],
            "said": Fault(row["code"], values=row["values"]).words,
        }
        for row in one.faults
    ]


def outcome_badge(screening: Screening) -> tuple[str, str]:
    """Kind and word of the badge."""
    return OUTCOME_BADGES[screening.outcome], screening.get_outcome_display()
