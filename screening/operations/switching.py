"""Switch a rule on or off: at once, or by a second person where a denial is at stake."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from kernel.errors import refuse_if_any
from screening.errors import SwitchRefused
from screening.models import RuleSwitch, ScreeningRule
from screening.rules.commands import SwitchFacts, needs_second_person, sc03_second_person, switch_violations
from screening.rules.kinds import Effect
from screening.states import RULE_SWITCH, SwitchEvent, SwitchState


@transaction.atomic
def propose_switch(*, rule_id: int, turns_on: bool, reason: str, by: User, at: datetime) -> RuleSwitch:
    """Switch a rule; switching off one that denies only proposes it to a second person.

    Raises:
        SwitchRefused: no reason (SC-01), or it is so already or waits already (SC-02).
    """
    rule = ScreeningRule.objects.select_for_update().get(pk=rule_id)
    is_waiting = rule.switches.filter(state=SwitchState.PROPOSED).exists()
    facts = SwitchFacts(rule.is_on, turns_on, Effect(rule.effect), reason, is_waiting)
    refuse_if_any(switch_violations(facts), SwitchRefused)
    wish = RuleSwitch.objects.create(
        rule=rule, turns_on=turns_on, reason=reason.strip(), proposed_by=by, proposed_at=at
    )
    audit.record("screening.rule.switch_proposed", on=rule, by=by, at=at, facts={"on": turns_on})
    return wish if needs_second_person(facts) else _carry_out(rule, wish, by=by, at=at)


@transaction.atomic
def decide_switch(*, switch_id: int, approves: bool, by: User, at: datetime) -> RuleSwitch:
    """The second person approves or refuses; deciding the same twice does it once.

    Raises:
        SwitchRefused: it is the one who proposed it (SC-03).
        IllegalTransition: it was decided or withdrawn.
    """
    wish = _locked(switch_id)
    event = SwitchEvent.APPROVE if approves else SwitchEvent.REFUSE
    if wish.decided_by_id == by.pk and wish.state == RULE_SWITCH.after(SwitchState.PROPOSED, event):
        return wish
    RULE_SWITCH.after(wish.state, event)
    refuse_if_any(sc03_second_person(proposed_by=wish.proposed_by_id, decided_by=by.pk), SwitchRefused)
    if approves:
        return _carry_out(wish.rule, wish, by=by, at=at)
    return _end(wish, event, by=by, at=at)


@transaction.atomic
def withdraw_switch(*, switch_id: int, by: User, at: datetime) -> RuleSwitch:
    """Whoever proposed it, or a colleague, takes the wish back.

    Raises:
        IllegalTransition: it was decided.
    """
    return _end(_locked(switch_id), SwitchEvent.WITHDRAW, by=by, at=at)


def _locked(switch_id: int) -> RuleSwitch:
    rule_id = RuleSwitch.objects.values_list("rule_id", flat=True).get(pk=switch_id)
    rule = ScreeningRule.objects.select_for_update().get(pk=rule_id)
    wish = RuleSwitch.objects.select_for_update().get(pk=switch_id)
    wish.rule = rule
    return wish


def _carry_out(rule: ScreeningRule, wish: RuleSwitch, *, by: User, at: datetime) -> RuleSwitch:
    rule.is_on = wish.turns_on
    rule.save(update_fields=["is_on"])
    audit.record(
        "screening.rule.switched", on=rule, by=by, at=at, facts={"on": rule.is_on, "reason": wish.reason}
    )
    return _end(wish, SwitchEvent.APPROVE, by=by, at=at)


def _end(wish: RuleSwitch, event: SwitchEvent, *, by: User, at: datetime) -> RuleSwitch:
    wish.state = RULE_SWITCH.after(wish.state, event)
    wish.decided_by, wish.decided_at = by, at
    wish.save(update_fields=["state", "decided_by", "decided_at"])
    audit.record(f"screening.switch.{wish.state}", on=wish, by=by, at=at)
    return wish
