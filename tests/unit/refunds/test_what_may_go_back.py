"""RF-01 to RF-08: what may be asked back, who decides, and who bears what stays."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from billing.rules import Parts
from kernel.errors import Violation
from refunds.rules import asking
from refunds.rules.asking import BillFacts
from refunds.rules.parts import LeftLine, given_back, shares_after
from refunds.rules.situations import REASONS, Gives, PolicyFacts, Situation
from refunds.states import OPEN, REFUND_REQUEST, RefundRequestEvent, RefundRequestState

PAID = BillFacts(is_return=False, is_settled=True, is_given_back=False, goes_back=False, open_number="")
ONE, TWO = Decimal(1), Decimal(2)


def policy(gives: Gives, *, automatic: bool = False, always: bool = False) -> PolicyFacts:
    return PolicyFacts(Situation.HOSPITAL_FAULT, gives, automatic, always, "ours", "O")


def rules(violations: Iterable[Violation]) -> list[str]:
    return [violation.rule for violation in violations]


def test_what_is_paid_and_stands_may_go_back() -> None:
    assert rules(asking.bill_violations(PAID)) == []


@pytest.mark.parametrize("change", [{"is_return": True}, {"is_given_back": True, "is_settled": False}])
def test_rf_01_a_refund_is_not_refunded(change: dict[str, Any]) -> None:
    found = list(asking.bill_violations(replace(PAID, **change)))
    assert rules(found) == ["RF-01"]
    with override("en"):
        assert "not refunded" in str(found[0].message)


def test_rf_01_what_nobody_has_paid_does_not_go_back() -> None:
    facts = replace(PAID, is_settled=False)
    assert rules(asking.bill_violations(facts)) == ["RF-01"]


def test_rf_02_what_is_on_its_way_back_is_not_asked_for_again() -> None:
    facts = replace(PAID, goes_back=True, open_number="F1")
    assert rules(asking.bill_violations(facts)) == ["RF-02"]


def test_rf_03_one_request_after_another() -> None:
    found = list(asking.bill_violations(replace(PAID, open_number="F1")))
    assert rules(found) == ["RF-03"]
    assert "F1" in str(found[0].message)


@pytest.mark.parametrize("asked", ["0", "-1", "3.0001", "4"])
def test_rf_04_no_more_of_a_line_goes_back_than_is_left_of_it(asked: str) -> None:
    found = asking.quantity_violations(2, Decimal(asked), charged=Decimal(4), left=Decimal(3))
    assert rules(found) == ["RF-04"]


def test_rf_04_whole_units_go_back_where_whole_units_were_charged() -> None:
    assert rules(asking.quantity_violations(2, Decimal("0.5"), charged=Decimal(4), left=Decimal(4))) == [
        "RF-04"
    ]
    assert rules(asking.quantity_violations(2, Decimal("0.5"), charged=Decimal("1.5"), left=ONE)) == []


def test_rf_05_where_nothing_goes_back_the_source_says_so() -> None:
    found = list(asking.policy_violations(policy(Gives.NOTHING), is_whole=True, by_person=True))
    assert (rules(found), found[0].source) == (["RF-05"], "ours")


def test_rf_05_a_person_names_the_lines_where_the_policy_leaves_it_to_her() -> None:
    chosen = policy(Gives.CHOSEN)
    assert rules(asking.policy_violations(chosen, is_whole=True, by_person=True)) == ["RF-05"]
    assert rules(asking.policy_violations(chosen, is_whole=False, by_person=True)) == []


@pytest.mark.parametrize(("reason", "broken"), [("", True), ("    a ", True), ("wrong drug", False)])
def test_rf_06_who_asks_says_why(reason: str, broken: bool) -> None:
    assert bool(rules(asking.reason_violations(reason))) is broken


def test_rf_07_nobody_agrees_to_her_own_request() -> None:
    assert rules(asking.deciding_violations(requested_by=7, user=7)) == ["RF-07"]
    assert rules(asking.deciding_violations(requested_by=7, user=8)) == []
    assert rules(asking.deciding_violations(requested_by=None, user=8)) == []


@pytest.mark.parametrize("asked", ["0", "8.01"])
def test_rf_08_never_more_cash_than_she_has_paid(asked: str) -> None:
    assert rules(asking.amount_violations(Decimal(asked), left=Decimal("8.00"))) == ["RF-08"]


@pytest.mark.parametrize(
    ("automatic", "always", "before", "amount", "broken"),
    [
        (False, False, "0", "200.00", []),
        (False, False, "0", "200.01", ["RF-10"]),
        (False, False, "100.00", "100.00", []),
        (False, False, "200.00", "0.01", ["RF-10"]),
        (True, False, "9999.00", "9999.00", []),
        (False, True, "0", "0.01", ["RF-11"]),
        (True, True, "0", "0.01", ["RF-11"]),
    ],
)
def test_a_second_person_agrees_above_the_sum_of_a_bill_or_where_the_policy_says_so(
    automatic: bool, always: bool, before: str, amount: str, broken: list[str]
) -> None:
    facts = policy(Gives.CHOSEN, automatic=automatic, always=always)
    found = asking.second_person_violations(
        facts, Decimal(amount), before=Decimal(before), above=Decimal("200.00")
    )
    assert rules(found) == broken


def test_rf_10_says_the_sum_and_the_amount_above_which_it_asks() -> None:
    facts = policy(Gives.CHOSEN)
    (found,) = asking.second_person_violations(
        facts, Decimal("100.00"), before=Decimal("200.00"), above=Decimal("200.00")
    )
    assert "300.00" in str(found.message)
    assert "200.00" in str(found.message)


def test_rf_04_units_finer_than_they_are_counted_get_a_sentence_beside_their_field() -> None:
    charged = Decimal("1.5")
    (found,) = asking.quantity_violations(2, Decimal("0.00001"), charged=charged, left=charged)
    assert (found.rule, found.field) == ("RF-04", "line_2")
    assert rules(asking.quantity_violations(2, Decimal("0.0001"), charged=charged, left=charged)) == []


LINES = [LeftLine(1, TWO, False), LeftLine(2, ONE, True), LeftLine(3, Decimal(0), False)]


@pytest.mark.parametrize(
    ("gives", "back"),
    [
        (Gives.EVERYTHING, {1: TWO, 2: ONE}),
        (Gives.ALL_BUT_ONSITE_FEE, {1: TWO}),
        (Gives.NOTHING, {}),
    ],
)
def test_the_policy_says_which_lines_go_back(gives: Gives, back: dict[int, Decimal]) -> None:
    assert given_back(gives, LINES) == back


def test_lines_that_a_person_chooses_are_not_chosen_by_a_policy() -> None:
    with pytest.raises(ValueError, match="chosen"):
        given_back(Gives.CHOSEN, LINES)


def parts(fund: str, account: str, cash: str, institution: str = "0") -> Parts:
    return Parts(Decimal(fund), Decimal(account), Decimal(cash), institution=Decimal(institution))


BEFORE = parts("21.00", "1.00", "8.00")


def test_what_the_insurer_settles_again_is_who_bears_what_stays() -> None:
    after = parts("7.00", "1.00", "2.00")
    assert shares_after(after, BEFORE) == after


def test_the_hospital_bears_what_her_part_would_grow_by() -> None:
    # 10.00 stay, the insurer pays none of them, she had paid 8.00.
    stays = Parts.of_cash(Decimal("10.00"))
    assert shares_after(stays, BEFORE) == parts("0", "0", "8.00", "2.00")


def test_the_hospital_has_back_first_what_it_bore() -> None:
    # It bore 2.00 of 10.00, and 5.00 more go back: she keeps paying 5.00, the hospital nothing.
    standing = parts("0", "0", "8.00", "2.00")
    assert shares_after(Parts.of_cash(Decimal("5.00")), standing) == parts("0", "0", "5.00")


def test_every_situation_has_words_that_fit_the_channel() -> None:
    assert set(REASONS) == set(Situation)
    assert max(map(len, REASONS.values())) <= 80


def test_only_what_is_done_or_declined_is_at_its_end() -> None:
    ends = set(RefundRequestState) - {before for before, _event in REFUND_REQUEST.table}
    assert ends == {RefundRequestState.DONE, RefundRequestState.DECLINED}
    assert set(OPEN) == set(RefundRequestState) - ends


def test_nothing_is_sent_that_nobody_agreed_to() -> None:
    assert not REFUND_REQUEST.allows(RefundRequestState.REQUESTED, RefundRequestEvent.SEND)
