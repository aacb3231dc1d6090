"""A person works through a difference."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.models import User
from audit.models import AuditEntry
from insurance.states import ClaimState
from kernel.workflow import IllegalTransition
from reconciliation.errors import CommandRefused
from reconciliation.models import Difference, ReconciliationEntry
from reconciliation.operations import working
from reconciliation.queries.booked import booked_for
from reconciliation.states import ComparisonState, DifferenceState
from tests.factories import reconciliation as made
from tests.integration.reconciliation.conftest import Run

AT = made.NEXT_NIGHT
Find = Callable[[], Difference]


@pytest.fixture
def dearer(run: Run, played: made.Insurer) -> Difference:
    """They hold 12.00 with 9.00 of the fund; we hold 10.00 with 7.00."""
    row = made.settlement()
    played.rows = [made.stated(row, "3", medfee_sumamt="12.00", fund_pay_sumamt="9.00", acct_pay="2.00")]
    return run().differences.get()


@pytest.fixture
def missing(run: Run, played: made.Insurer) -> Difference:
    """We hold it, they do not."""
    played.rows = [made.stated(made.settlement(), "2")]
    return run().differences.get()


def _rules(refusal: pytest.ExceptionInfo[CommandRefused]) -> list[str]:
    return [violation.rule for violation in refusal.value.violations]


def test_a_correction_books_the_whole_difference_as_an_entry_and_changes_nothing_else(
    dearer: Difference, officer: User
) -> None:
    working.take(difference_id=dearer.pk, by=officer, at=AT)
    working.correct(
        difference_id=dearer.pk, way="booked_here", reason="中心按新价结算", reference="", by=officer, at=AT
    )

    entry = ReconciliationEntry.objects.get(act="corrected")
    assert (entry.fund_amount, entry.account_amount, entry.cash_amount) == (
        Decimal("2.00"),
        Decimal(0),
        Decimal(0),
    )
    assert (entry.by, entry.reason) == (officer, "中心按新价结算")
    dearer.refresh_from_db()
    assert (dearer.state, dearer.our_total, dearer.settlement.total_amount) == (
        DifferenceState.CORRECTED, Decimal("10.00"), Decimal("10.00"),
    )  # fmt: skip
    assert AuditEntry.objects.filter(action="reconciliation.difference.corrected").exists()


def test_closing_the_last_difference_clears_the_day(missing: Difference, officer: User) -> None:
    working.take(difference_id=missing.pk, by=officer, at=AT)
    working.explain(difference_id=missing.pk, reason="次日对账单已列", by=officer, at=AT)
    working.close(difference_id=missing.pk, by=officer, at=AT)

    missing.comparison.refresh_from_db()
    assert missing.comparison.state == ComparisonState.CLEARED
    acts = list(missing.entries.values_list("act", flat=True))
    assert acts == ["found", "taken", "explained", "closed"]


def test_a_closed_explanation_stays_closed_when_the_day_is_compared_again(
    missing: Difference, officer: User, run: Run
) -> None:
    working.take(difference_id=missing.pk, by=officer, at=AT)
    working.explain(difference_id=missing.pk, reason="次日对账单已列", by=officer, at=AT)
    working.close(difference_id=missing.pk, by=officer, at=AT)

    assert run().state == ComparisonState.CLEARED
    assert missing.entries.count() == 4


def test_what_they_say_differently_later_opens_it_again_and_takes_back_what_was_booked(
    dearer: Difference, officer: User, run: Run, played: made.Insurer
) -> None:
    working.take(difference_id=dearer.pk, by=officer, at=AT)
    working.correct(
        difference_id=dearer.pk, way="booked_here", reason="中心按新价结算", reference="", by=officer, at=AT
    )
    working.close(difference_id=dearer.pk, by=officer, at=AT)

    played.rows = [made.stated(dearer.settlement, "3", medfee_sumamt="13.00", fund_pay_sumamt="10.00")]
    assert run().state == ComparisonState.DIFFERING

    dearer.refresh_from_db()
    assert (dearer.state, dearer.taken_by, dearer.their_total) == ("open", None, Decimal("13.00"))
    assert booked_for(dearer).total == Decimal(0)
    assert dearer.entries.last().fund_amount == Decimal("-2.00")


def test_a_person_may_open_it_again_with_a_reason(dearer: Difference, officer: User) -> None:
    working.take(difference_id=dearer.pk, by=officer, at=AT)
    working.correct(
        difference_id=dearer.pk, way="booked_here", reason="中心按新价结算", reference="", by=officer, at=AT
    )
    working.close(difference_id=dearer.pk, by=officer, at=AT)
    with pytest.raises(CommandRefused) as refusal:
        working.reopen(difference_id=dearer.pk, reason=" ", by=officer, at=AT)
    assert _rules(refusal) == ["RC-11"]

    working.reopen(difference_id=dearer.pk, reason="中心已更正", by=officer, at=AT)

    assert booked_for(dearer).fund == Decimal(0)
    dearer.comparison.refresh_from_db()
    assert dearer.comparison.state == ComparisonState.DIFFERING


def test_only_who_looks_after_it_works_on_it(missing: Difference, officer: User) -> None:
    working.take(difference_id=missing.pk, by=made.officer(), at=AT)

    with pytest.raises(CommandRefused) as refusal:
        working.explain(difference_id=missing.pk, reason="", by=officer, at=AT)

    assert _rules(refusal) == ["RC-10", "RC-11"]
    working.take(difference_id=missing.pk, by=officer, at=AT)
    working.explain(difference_id=missing.pk, reason="次日对账单已列", by=officer, at=AT)


def test_different_amounts_cannot_be_explained_away(dearer: Difference, officer: User) -> None:
    working.take(difference_id=dearer.pk, by=officer, at=AT)
    with pytest.raises(CommandRefused) as refusal:
        working.explain(difference_id=dearer.pk, reason="应该没有问题", by=officer, at=AT)
    assert _rules(refusal) == ["RC-12"]


@pytest.mark.parametrize(
    ("way", "reference", "rules"),
    [
        ("", "", ["RC-13"]),
        ("elsewhere", "", ["RC-13"]),
        ("undone_there", " ", ["RC-14"]),
        ("booked_here", "", []),
    ],
)
def test_a_correction_says_how_and_names_what_was_done_elsewhere(
    way: str, reference: str, rules: list[str], dearer: Difference, officer: User
) -> None:
    working.take(difference_id=dearer.pk, by=officer, at=AT)
    ask: dict[str, Any] = {
        "difference_id": dearer.pk,
        "way": way,
        "reason": "已与中心核对",
        "reference": reference,
        "by": officer,
        "at": AT,
    }
    if not rules:
        working.correct(**ask)
        return
    with pytest.raises(CommandRefused) as refusal:
        working.correct(**ask)
    assert _rules(refusal) == rules


def test_an_outcome_that_our_side_waits_for_is_not_corrected(
    run: Run, played: made.Insurer, officer: User
) -> None:
    claim = made.claim(ClaimState.UNCONFIRMED)
    played.rows = [made.stranger(msgid=claim.settle_msgid)]
    unknown = run().differences.get()
    working.take(difference_id=unknown.pk, by=officer, at=AT)
    ask: dict[str, Any] = {
        "difference_id": unknown.pk,
        "way": "booked_here",
        "reason": "中心已结算",
        "reference": "",
        "by": officer,
    }

    with pytest.raises(CommandRefused) as refusal:
        working.correct(**ask, at=AT)
    assert _rules(refusal) == ["RC-15"]

    type(claim).objects.filter(pk=claim.pk).update(state=ClaimState.VOIDED)
    working.correct(**ask, at=AT)


@pytest.mark.parametrize("act", ["explain", "correct", "close", "release", "reopen"])
def test_an_act_in_the_wrong_state_is_refused(act: str, missing: Difference, officer: User) -> None:
    ask: dict[str, Any] = {"difference_id": missing.pk, "by": officer, "at": AT}
    if act != "close":
        ask["reason"] = "已与中心核对"
    if act == "correct":
        ask |= {"way": "done_there", "reference": "X1"}
    with pytest.raises(IllegalTransition):
        getattr(working, act)(**ask)
    assert missing.entries.count() == 1


def test_taking_twice_is_taking_once(missing: Difference, officer: User) -> None:
    working.take(difference_id=missing.pk, by=officer, at=AT)
    working.take(difference_id=missing.pk, by=officer, at=AT)
    assert list(missing.entries.values_list("act", flat=True)) == ["found", "taken"]
    working.release(difference_id=missing.pk, reason="休假交接", by=officer, at=AT)
    missing.refresh_from_db()
    assert (missing.state, missing.taken_by) == ("open", None)


def test_the_database_lets_nobody_change_an_entry(missing: Difference) -> None:
    entry = missing.entries.get()
    for act in (lambda: ReconciliationEntry.objects.update(reason="x"), entry.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
