"""Set a rule in another way: at once, or by a second person where it would find or stop less than it must."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from kernel.errors import refuse_if_any
from screening.errors import ChangeRefused
from screening.models import Grade, RuleChange, RuleVersion, ScreeningRule
from screening.rules import changing
from screening.rules.changing import ChangeFacts, Setting
from screening.rules.kinds import Effect, Kind
from screening.states import RULE_CHANGE, ChangeEvent, ChangeState


@transaction.atomic
def propose_change(
    *, rule_id: int, is_on: bool, effect: str, thresholds: Mapping[str, str], reason: str, by: User, at: datetime,
    seen_version: int | None = None,
) -> RuleChange:  # fmt: skip
    """Set a rule; what needs a second person is only proposed, and the rule stays as it is until then.

    ``thresholds`` are as typed; ``seen_version`` is the number of the version that was looked at. The wish says by its
    state whether it was carried out.

    Raises:
        ChangeRefused: no reason (SC-01), it is so already, was changed meanwhile or a wish waits (SC-02), a threshold that is no number
            within its bounds (SC-06), or no effect (SC-07).
    """
    rule = ScreeningRule.objects.select_for_update().get(pk=rule_id)
    refuse_if_any(changing.sc07_effect(effect), ChangeRefused)
    facts = _facts(rule, Setting(is_on, Effect(effect), thresholds), reason, seen_version)
    refuse_if_any(changing.change_violations(facts), ChangeRefused)
    wish = _wish(rule, facts, by=by, at=at)
    audit.record("screening.rule.change_proposed", on=rule, by=by, at=at, facts=told(facts.wanted))
    return wish if wish.needs_second_person else _carry_out(rule, wish, by=by, at=at)


@transaction.atomic
def propose_switch(*, rule_id: int, turns_on: bool, reason: str, by: User, at: datetime) -> RuleChange:
    """As ``propose_change``, the switch alone."""
    rule = ScreeningRule.objects.select_for_update().get(pk=rule_id)
    return propose_change(
        rule_id=rule_id, is_on=turns_on, effect=rule.effect, thresholds=rule.thresholds, reason=reason, by=by, at=at
    )  # fmt: skip


def _facts(rule: ScreeningRule, wanted: Setting, reason: str, seen_version: int | None) -> ChangeFacts:
    kind, versions = Kind(rule.kind), list(rule.versions.order_by("number"))
    first, last = versions[0], versions[-1]
    return ChangeFacts(
        kind=kind, now=setting_of(rule), wanted=changing.tidy(kind, wanted),
        shipped=Setting(first.is_on, Effect(first.effect), first.thresholds),
        is_sourced=rule.grade == Grade.SOURCED, reason=reason,
        has_open_wish=rule.changes.filter(state=ChangeState.PROPOSED).exists(),
        is_stale=seen_version not in (None, last.number),
    )  # fmt: skip


def setting_of(rule: ScreeningRule) -> Setting:
    """How a rule is set."""
    return changing.tidy(Kind(rule.kind), Setting(rule.is_on, Effect(rule.effect), rule.thresholds))


def told(setting: Setting) -> dict[str, Any]:
    """A setting for the audit trail."""
    return {"on": setting.is_on, "effect": setting.effect.value, "thresholds": dict(setting.thresholds)}


def _wish(rule: ScreeningRule, facts: ChangeFacts, *, by: User, at: datetime) -> RuleChange:
    wanted = facts.wanted
    return RuleChange.objects.create(
        rule=rule, is_on=wanted.is_on, effect=wanted.effect.value, thresholds=wanted.thresholds,
        reason=facts.reason.strip(), needs_second_person=changing.needs_second_person(facts),
        proposed_by=by, proposed_at=at,
    )  # fmt: skip


@transaction.atomic
def decide_change(*, change_id: int, approves: bool, by: User, at: datetime) -> RuleChange:
    """The second person approves or refuses; deciding the same twice does it once.

    Raises:
        ChangeRefused: it is the one who proposed it (SC-03).
        IllegalTransition: it was decided or withdrawn.
    """
    wish = _locked(change_id)
    event = ChangeEvent.APPROVE if approves else ChangeEvent.REFUSE
    if wish.decided_by_id == by.pk and wish.state == RULE_CHANGE.after(ChangeState.PROPOSED, event):
        return wish
    RULE_CHANGE.after(wish.state, event)
    refuse_if_any(
        changing.sc03_second_person(proposed_by=wish.proposed_by_id, decided_by=by.pk), ChangeRefused
    )
    if approves:
        return _carry_out(wish.rule, wish, by=by, at=at)
    return _end(wish, event, by=by, at=at)


@transaction.atomic
def withdraw_change(*, change_id: int, by: User, at: datetime) -> RuleChange:
    """Whoever proposed it, or a colleague, takes the wish back.

    Raises:
        IllegalTransition: it was decided.
    """
    return _end(_locked(change_id), ChangeEvent.WITHDRAW, by=by, at=at)


def _locked(change_id: int) -> RuleChange:
    rule_id = RuleChange.objects.values_list("rule_id", flat=True).get(pk=change_id)
    rule = ScreeningRule.objects.select_for_update().get(pk=rule_id)
    wish = RuleChange.objects.select_for_update().get(pk=change_id)
    wish.rule = rule
    return wish


def _carry_out(rule: ScreeningRule, wish: RuleChange, *, by: User, at: datetime) -> RuleChange:
    before = told(setting_of(rule))
    rule.is_on, rule.effect, rule.thresholds = wish.is_on, wish.effect, wish.thresholds
    rule.save(update_fields=["is_on", "effect", "thresholds"])
    note_version(rule, change=wish, at=at)
    facts = {"before": before, "after": told(setting_of(rule)), "reason": wish.reason}
    audit.record("screening.rule.changed", on=rule, by=by, at=at, facts=facts)
    return _end(wish, ChangeEvent.APPROVE, by=by, at=at)


def note_version(rule: ScreeningRule, *, change: RuleChange | None = None, at: datetime) -> RuleVersion:
    """Keep how the rule is set from a moment on; the caller holds the rule, or has just made it."""
    last = rule.versions.order_by("-number").first()
    return RuleVersion.objects.create(
        rule=rule, number=last.number + 1 if last else 1, is_on=rule.is_on, effect=rule.effect,
        thresholds=rule.thresholds, begins_at=at, change=change,
    )  # fmt: skip


def _end(wish: RuleChange, event: ChangeEvent, *, by: User, at: datetime) -> RuleChange:
    wish.state = RULE_CHANGE.after(wish.state, event)
    wish.decided_by, wish.decided_at = by, at
    wish.save(update_fields=["state", "decided_by", "decided_at"])
    audit.record(f"screening.change.{wish.state}", on=wish, by=by, at=at)
    return wish
