"""Charging rules as people record them: added with a document, ended from a day on, never changed."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import operations as audit
from kernel import clock
from kernel.errors import DomainError, Violation, refuse_if_any
from kernel.period import Period
from pricing.models import ChargeRule, PriceItem
from pricing.rules.charge_rule_terms import RuleTerms, end_violations, terms_violations
from pricing.rules.kinds import RuleKind, Window


class ChargeRuleRefused(DomainError):
    """The rule cannot be recorded or ended so; ``violations`` name the fields."""

    code = "charge_rule_refused"
    default_message = _("The charging rule cannot be recorded so.")


@transaction.atomic
def record_charge_rule(
    *,
    rule: ChargeRule,
    subjects: Collection[PriceItem],
    partners: Collection[PriceItem],
    by: User | None,
    at: datetime,
) -> ChargeRule:
    """Save a new rule with the items it binds; ``rule`` holds its words, terms, days and document.

    Raises:
        ChargeRuleRefused: it names too little or too much for its kind (PR-45), begins before today (PR-46), or
            its document does not cover it (PR-13).
    """
    refuse_if_any(violations_of_charge_rule(rule, subjects, partners, at=at), ChargeRuleRefused)
    rule.recorded_at = at
    rule.save(force_insert=True)
    rule.subjects.set(subjects)
    rule.partners.set(partners)
    audit.record("pricing.charge_rule.recorded", on=rule, by=by, at=at, facts=_facts(rule))
    return rule


def violations_of_charge_rule(
    rule: ChargeRule, subjects: Collection[PriceItem], partners: Collection[PriceItem], *, at: datetime
) -> list[Violation]:
    """Everything that forbids the rule, each with the field it belongs beside; may be empty."""
    items = (*subjects, *partners)
    terms = RuleTerms(
        kind=RuleKind(rule.kind),
        window=Window(rule.window),
        window_length=rule.window_length,
        limit_quantity=rule.limit_quantity,
        limit_amount=rule.limit_amount,
        region_code=rule.region_code,
        period=_period(rule),
        subjects=frozenset(item.code for item in subjects),
        partners=frozenset(item.code for item in partners),
        invented_items=frozenset(item.code for item in items if item.is_demonstration),
    )
    return list(terms_violations(terms, rule.document.facts(), today=clock.day_of(at)))


@transaction.atomic
def end_charge_rule(*, rule_id: int, last_on: date, by: User | None, at: datetime) -> ChargeRule:
    """Let a rule hold until the end of ``last_on``; the same last day again changes nothing.

    Raises:
        ChargeRuleRefused: that day has passed, comes before the rule begins, or after it ended (PR-46).
    """
    rule = ChargeRule.objects.select_for_update(of=("self",)).select_related("document").get(pk=rule_id)
    from_on = last_on + timedelta(days=1)
    if rule.effective.upper == from_on:
        return rule
    refuse_if_any(end_violations(_period(rule), from_on=from_on, today=clock.day_of(at)), ChargeRuleRefused)
    before = rule.effective.upper
    rule.effective = DateRange(rule.effective.lower, from_on)
    rule.save(update_fields=["effective"])
    facts = {**_facts(rule), "until_before": before.isoformat() if before else ""}
    audit.record("pricing.charge_rule.ended", on=rule, by=by, at=at, facts=facts)
    return rule


def _period(rule: ChargeRule) -> Period:
    return Period(rule.effective.lower, rule.effective.upper)


def _facts(rule: ChargeRule) -> dict[str, str]:
    return {
        "code": rule.code,
        "document": rule.document.number,
        "from_on": rule.effective.lower.isoformat(),
        "until": rule.effective.upper.isoformat() if rule.effective.upper else "",
    }
