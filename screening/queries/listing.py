"""What the insurance office looks through: rules with their hits, points, findings."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from screening.models import KnowledgePoint, RuleChange, Screening, ScreeningFinding, ScreeningRule
from screening.rules.facts import plain_name
from screening.states import ChangeState

RECENT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """What the list of findings is narrowed to; empty means all."""

    words: str = ""
    """Number of an order or a visit, or words of a finding."""
    rule: str = ""
    effect: str = ""
    moment: str = ""
    outcome: str = ""
    since: date | None = None
    until: date | None = None
    """The last day, included."""


def rules_listed(
    words: str = "", kind: str = "", state: str = "", *, at: datetime
) -> QuerySet[ScreeningRule]:
    """Rules with ``point_count`` and ``hit_count`` of the last 30 days, by number; one statement.

    ``words`` are sought in number, name, explanation and in the names and codes of points; ``state`` is on or off.
    """
    rules = ScreeningRule.objects.annotate(
        point_count=_counted(KnowledgePoint.objects.filter(rule=OuterRef("pk")), "rule"),
        hit_count=_counted(
            ScreeningFinding.objects.filter(rule=OuterRef("number"), screening__at__gt=at - RECENT), "rule"
        ),
    )
    if words:
        texts = ("number__iexact", "name__icontains", "name_en__icontains", "explanation__icontains")
        found = Q(pk__in=points_matching(words).values("rule"))
        for text in texts:
            found |= Q(**{text: words})
        rules = rules.filter(found)
    if kind:
        rules = rules.filter(kind=kind)
    if state:
        rules = rules.filter(is_on=state == "on")
    return rules.order_by("number")


def _counted(rows: QuerySet[KnowledgePoint] | QuerySet[ScreeningFinding], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def points_matching(words: str, rule: ScreeningRule | None = None) -> QuerySet[KnowledgePoint]:
    """Knowledge points by name or code."""
    points = KnowledgePoint.objects.all() if rule is None else rule.points.all()
    if not words:
        return points
    by_code = Q(codes__code__startswith=words.upper())
    return points.filter(Q(plain_name__contains=plain_name(words)) | by_code).distinct()


def open_changes() -> QuerySet[RuleChange]:
    """Wishes that wait for a second person, the oldest first."""
    waiting = RuleChange.objects.filter(state=ChangeState.PROPOSED)
    return waiting.select_related("rule", "proposed_by").order_by("proposed_at")


def findings_listed(wanted: FindingFilter) -> QuerySet[ScreeningFinding]:
    """Findings, the newest first, with their screening, visit and people."""
    found = ScreeningFinding.objects.select_related(
        "screening__encounter__patient", "screening__encounter__practitioner", "screening__by"
    ).order_by("-pk")
    named = {
        "rule": wanted.rule, "effect": wanted.effect, "screening__moment": wanted.moment,
        "screening__outcome": wanted.outcome,
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in named.items() if value})
    if wanted.since:
        found = found.filter(screening__at__gte=_midnight(wanted.since))
    if wanted.until:
        found = found.filter(screening__at__lt=_midnight(wanted.until + timedelta(days=1)))
    if wanted.words:
        words = wanted.words
        found = found.filter(
            Q(screening__order_key__istartswith=words) | Q(screening__encounter__number__iexact=words)
            | Q(message__icontains=words) | Q(message_en__icontains=words)
        )  # fmt: skip
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def screening_shown(screening_id: int) -> Screening | None:
    """One look at one order, with everything found."""
    rows = Screening.objects.select_related("encounter__patient", "encounter__practitioner", "by")
    return rows.prefetch_related("findings").filter(pk=screening_id).first()
