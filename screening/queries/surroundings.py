"""What the hospital knows beside an order, and what the rules say of it."""

from datetime import datetime, timedelta
from decimal import Decimal

from screening.models import Analysis, Asked, DeviceSighting, MomentChoice, Outcome, Screening, TraceCodeUse
from screening.queries.rulebook import rulebook
from screening.rules import check, is_looked_at
from screening.rules.digest import digest_of
from screening.rules.facts import OrderFacts, RuleFact, Surroundings, Words
from screening.rules.findings import INSURER, Found
from screening.rules.kinds import Effect, Kind, Moment

_ENOUGH_SIGNED = 50
_SEVERITY_EFFECT: dict[str, Effect] = {}
"""sev_deg to effect. ASSUMPTION: its values are not published, so every warning of the insurer asks for a reason."""


def look(order: OrderFacts, moment: Moment) -> tuple[Found, ...]:
    """Every finding of the rules in force and of the insurer's answer about exactly this order; nothing is kept."""
    rules = tuple(rule for rule in rulebook(order) if is_looked_at(rule.kind, moment))
    local = check(order, surroundings(order, rules))
    return (*local, *insurer_findings(order, moment))


def surroundings(order: OrderFacts, rules: tuple[RuleFact, ...]) -> Surroundings:
    """Counted only for the rules that are on."""
    by_kind = {rule.kind: rule for rule in rules}
    return Surroundings(
        rules=rules,
        patients_of_device=_patients_of_device(order, by_kind[Kind.DEVICE]) if Kind.DEVICE in by_kind else 0,
        signed_at=_signed_at(order, by_kind[Kind.PACE]) if Kind.PACE in by_kind else (),
        used_codes=_used_codes(order) if Kind.TRACE_CODE in by_kind and order.trace_codes else frozenset(),
    )


def _patients_of_device(order: OrderFacts, rule: RuleFact) -> int:
    mine = DeviceSighting.objects.filter(encounter__number=order.encounter).values("device")
    since = order.at - timedelta(hours=int(rule.thresholds.get("hours", Decimal(24))))
    seen = DeviceSighting.objects.filter(device__in=mine, seen_at__gt=since, seen_at__lte=order.at)
    return seen.values("patient").distinct().count()


def _signed_at(order: OrderFacts, rule: RuleFact) -> tuple[datetime, ...]:
    if not order.prescriber:
        return ()
    since = order.at - timedelta(seconds=int(rule.thresholds.get("seconds", Decimal(60))))
    signed = Screening.objects.filter(
        prescriber_code=order.prescriber, moment=MomentChoice.BEFORE_SIGNING, at__gt=since, at__lte=order.at
    ).exclude(outcome=Outcome.STOPPED).exclude(order_key=order.key)  # fmt: skip
    return tuple(signed.order_by("-at").values_list("at", flat=True)[:_ENOUGH_SIGNED])


def _used_codes(order: OrderFacts) -> frozenset[str]:
    out = TraceCodeUse.objects.filter(code__in=order.trace_codes, returned_at__isnull=True)
    return frozenset(out.exclude(order_key=order.key).values_list("code", flat=True))


# --- What the insurer said --------------------------------------------------------------------------


def last_analysis(order: OrderFacts, moment: Moment) -> Analysis | None:
    """The last question about exactly this order; None when it has not been asked."""
    asked = Analysis.objects.filter(order_key=order.key, moment=moment.value, digest=digest_of(order))
    return asked.order_by("-pk").first()


def insurer_findings(order: OrderFacts, moment: Moment) -> tuple[Found, ...]:
    """What the insurer found in exactly this order."""
    analysis = last_analysis(order, moment)
    if analysis is None or analysis.asked != Asked.ANSWERED:
        return ()
    return tuple(_found(warning) for warning in analysis.warnings)


def _found(warning: dict[str, object]) -> Found:
    content, evidence = str(warning["content"]), str(warning["evidence"] or warning["name"])
    lines = warning["lines"]
    return Found(
        rule=str(warning["rule"])[:20],
        effect=_SEVERITY_EFFECT.get(str(warning["severity"]), Effect.WARN),
        message=Words(content, content),  # the insurer speaks Chinese only
        source=Words(f"医保智能审核：{evidence}", f"Audit of the insurance: {evidence}"),
        way_on=Words("请修改，或写明理由继续。", "Change it, or write why you go on."),
        lines=tuple(lines) if isinstance(lines, list) else (),
        subject=str(warning["id"])[-20:],
        origin=INSURER,
        warning_id=str(warning["id"]),
    )
