"""A rule is set in another way by one person or by two, and every setting stays readable."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from audit import operations as audit
from audit.models import AuditEntry
from kernel.workflow import IllegalTransition
from screening import operations
from screening.errors import ChangeRefused
from screening.models import RuleChange, RuleVersion, ScreeningRule
from screening.queries import look
from screening.queries.versions import versions_on
from screening.rules.kinds import Kind, Moment
from tests.factories import screening as factory
from tests.factories.screening import AT
from tests.integration.screening.conftest import Desk

pytestmark = pytest.mark.django_db
BASE = "/office/screening/"


@pytest.fixture
def denial() -> ScreeningRule:
    """A rule that denies, general knowledge."""
    return factory.rule("SR-92", Kind.VISIT_MODE, effect="deny", grade="G")


@pytest.fixture
def age() -> ScreeningRule:
    """A published rule that warns of patients over fourteen."""
    return factory.rule("SR-91", Kind.AGE, thresholds={"most_years": "14"})


def switched(rule: ScreeningRule, by, reason="已核对", turns_on=False):
    return operations.propose_switch(rule_id=rule.pk, turns_on=turns_on, reason=reason, by=by, at=AT)


def aged(rule: ScreeningRule, by, years: str, at=AT):
    return operations.propose_change(
        rule_id=rule.pk, is_on=True, effect=rule.effect, thresholds={"most_years": years}, reason="已核对", by=by, at=at
    )  # fmt: skip


def is_on(rule: ScreeningRule) -> bool:
    return ScreeningRule.objects.get(pk=rule.pk).is_on


def years_of(rule: ScreeningRule) -> str:
    return ScreeningRule.objects.get(pk=rule.pk).thresholds["most_years"]


def rules_of(refusal: pytest.ExceptionInfo[ChangeRefused]) -> list[str]:
    return [each.rule for each in refusal.value.violations]


def test_a_rule_of_general_knowledge_that_warns_is_switched_by_one_person() -> None:
    rule, one = factory.rule(kind=Kind.COURSE, grade="G"), factory.officer()
    assert switched(rule, one).state == "carried_out"
    assert not is_on(rule)
    assert switched(rule, one, turns_on=True).state == "carried_out"
    assert is_on(rule)


def test_a_rule_that_denies_is_switched_off_by_two(denial: ScreeningRule) -> None:
    one, two = factory.officer(), factory.officer("医保办李")
    wish = switched(denial, one)
    assert (wish.state, is_on(denial)) == ("proposed", True)
    with pytest.raises(ChangeRefused) as refusal:
        operations.decide_change(change_id=wish.pk, approves=True, by=one, at=AT)
    assert rules_of(refusal) == ["SC-03"]
    assert is_on(denial)
    operations.decide_change(change_id=wish.pk, approves=True, by=two, at=AT)
    operations.decide_change(change_id=wish.pk, approves=True, by=two, at=AT)
    assert not is_on(denial)
    with pytest.raises(IllegalTransition):
        operations.decide_change(change_id=wish.pk, approves=False, by=two, at=AT)
    assert switched(denial, one, turns_on=True).state == "carried_out"  # back on needs one


def test_a_published_rule_is_weakened_by_two_and_strengthened_by_one(age: ScreeningRule) -> None:
    one, two = factory.officer(), factory.officer("医保办李")
    assert aged(age, one, "12").state == "carried_out"
    assert years_of(age) == "12"
    assert aged(age, one, "14").state == "carried_out"  # as its document says
    wish = aged(age, one, "16")
    assert (wish.state, years_of(age)) == ("proposed", "14")
    operations.decide_change(change_id=wish.pk, approves=True, by=two, at=AT)
    assert years_of(age) == "16"
    assert switched(age, one).state == "proposed"  # a published one that warns, too


def test_a_threshold_counts_for_the_next_order(age: ScreeningRule) -> None:
    factory.knowledge(age, "奥美拉唑肠溶胶囊", factory.line().national_code)
    order = factory.order(age=13)
    assert look(order, Moment.BEFORE_SIGNING) == ()
    aged(age, factory.officer(), "12")
    assert [one.rule for one in look(order, Moment.BEFORE_SIGNING)] == [age.number]


def test_a_wish_is_refused_or_taken_back_and_the_rule_stays(denial: ScreeningRule) -> None:
    one, two = factory.officer(), factory.officer("医保办李")
    operations.decide_change(change_id=switched(denial, one).pk, approves=False, by=two, at=AT)
    operations.withdraw_change(change_id=switched(denial, one).pk, by=one, at=AT)
    assert is_on(denial)
    assert denial.versions.count() == 1


def test_what_cannot_be_done_is_refused_with_its_rule(age: ScreeningRule, denial: ScreeningRule) -> None:
    one = factory.officer()
    for wish, numbers in (({"reason": "  "}, ["SC-01"]), ({"turns_on": True}, ["SC-02"])):
        with pytest.raises(ChangeRefused) as refusal:
            switched(denial, one, **wish)
        assert rules_of(refusal) == numbers
    switched(denial, one)
    with pytest.raises(ChangeRefused) as refusal:
        switched(denial, one)
    assert rules_of(refusal) == ["SC-02"]
    for years in ("0", "19", "soon"):
        with pytest.raises(ChangeRefused) as refusal:
            aged(age, one, years)
        assert rules_of(refusal) == ["SC-06"]
    with pytest.raises(ChangeRefused) as refusal:
        operations.propose_change(
            rule_id=age.pk, is_on=True, effect="forbid", thresholds={}, reason="x", by=one, at=AT
        )
    assert rules_of(refusal) == ["SC-07"]


def test_what_was_in_force_on_a_day_stays_readable(age: ScreeningRule) -> None:
    one = factory.officer()
    aged(age, one, "12")
    aged(age, one, "10", at=AT + timedelta(days=1))

    def standing(day: date) -> list[str]:
        return [version.thresholds["most_years"] for version in versions_on(day)]

    assert standing(date(2024, 12, 31)) == []
    assert standing(date(2026, 11, 19)) == ["14"]
    assert standing(date(2026, 11, 20)) == ["12"]
    assert standing(date(2026, 11, 21)) == ["10"]
    told = AuditEntry.objects.filter(action="screening.rule.changed").latest("sequence").facts
    assert (told["before"]["thresholds"], told["after"]["thresholds"]) == (
        {"most_years": "12"}, {"most_years": "10"},
    )  # fmt: skip
    assert audit.first_break(age) is None


def test_the_database_keeps_versions_and_two_persons(age: ScreeningRule) -> None:
    one = factory.officer()
    for act in (
        lambda: RuleVersion.objects.update(effect="record"),
        lambda: RuleVersion.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    wish = aged(age, one, "16")
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleChange.objects.filter(pk=wish.pk).update(state="carried_out", decided_by=one, decided_at=AT)


def test_a_rule_is_changed_on_its_page_and_decided_by_a_second_person(desk: Desk, age: ScreeningRule) -> None:
    first, second = desk(factory.officer()), desk(factory.officer("医保办李"))
    for browser in (first, second):
        browser.cookies["django_language"] = "en"
    address, typed = f"{BASE}rules/SR-91/change/", {"is_on": "on", "effect": "warn", "reason": "省里另有规定"}
    assert "As shipped: 14" in first.get(address).content.decode()
    refused = first.post(address, typed | {"threshold_most_years": "99"})
    assert refused.status_code == 422
    assert 'value="99"' in refused.content.decode()
    assert "years at most: please give a whole number from 1 to 18." in refused.content.decode()

    # Somebody else was faster: what she saw counts no more.
    stale = first.post(address, typed | {"threshold_most_years": "16", "version": "0"})
    assert "Somebody has changed the rule since you opened this page." in stale.content.decode()

    first.post(address, typed | {"threshold_most_years": "16", "version": "1"})
    wish = age.changes.get()
    assert "14 → 16" in second.get(BASE).content.decode()
    assert 'value="approve"' not in first.get(f"{BASE}rules/SR-91/").content.decode()
    second.post(f"{BASE}changes/{wish.pk}/", {"decision": "approve"})
    assert years_of(age) == "16"
    assert "agreed to by 医保办李" in first.get(f"{BASE}rules/SR-91/").content.decode()


@pytest.mark.parametrize(("query", "status"), [("", 200), ("?day=2026-11-19", 200), ("?day=soon", 422)])
def test_the_rules_of_a_day_are_shown(desk: Desk, age: ScreeningRule, query: str, status: int) -> None:
    reply = desk(factory.officer()).get(f"{BASE}day/{query}")
    assert reply.status_code == status
    assert ("SR-91" in reply.content.decode()) is (status == 200)
