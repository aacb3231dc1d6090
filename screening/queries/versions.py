"""How rules were set: on a day, and at first."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from screening.models import RuleVersion, ScreeningRule


@dataclass(frozen=True, slots=True)
class Span:
    """A version, and the moment at which the next one took its place; None: it counts now."""

    version: RuleVersion
    until: datetime | None


def shipped_version(rule: ScreeningRule) -> RuleVersion:
    """The first version: as it was published or shipped."""
    return rule.versions.earliest("number")


def history_of(rule: ScreeningRule) -> list[Span]:
    """Every version, the newest first; one statement."""
    rows = rule.versions.select_related("rule", "change__proposed_by", "change__decided_by").order_by(
        "-number"
    )
    spans: list[Span] = []
    until: datetime | None = None
    for version in rows:
        spans.append(Span(version, until))
        until = version.begins_at
    return spans


def versions_on(day: date) -> QuerySet[RuleVersion]:
    """How each rule stood at the end of a day (Asia/Shanghai), by number; rules that were not kept then are missing."""
    midnight = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    latest = (
        RuleVersion.objects.filter(begins_at__lt=midnight).order_by("rule_id", "-number").distinct("rule_id")
    )
    return (
        RuleVersion.objects.filter(pk__in=latest.values("pk")).select_related("rule").order_by("rule__number")
    )
