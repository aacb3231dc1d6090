"""What a person may order about a claim whose outcome is unknown (IN-30 to IN-38)."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest

from accounts.models import User
from audit.models import AuditEntry
from checkout.models import Checkout
from checkout.states import CheckoutState
from insurance.models import Claim, InboundMessage, Settlement
from insurance.models.mobile import Verdict
from insurance.operations import (
    ask_now,
    conclude_by_hand,
    hand_back,
    reverse_claim,
    submit_claim,
    take_over,
    void_unknown,
)
from insurance.queries.desk import PERSON, claims, claims_for_a_person, story
from insurance.rules.commands import Conclusion, HandRecord
from insurance.states import ClaimState
from kernel import clock
from kernel.errors import RulesBroken
from tests.factories.accounts import UserFactory
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]
SEEN = "李会计 2026-11-22 在医保经办系统中查到"
ON_SCREEN = HandRecord("330100202611220000000000000077", Decimal("7.00"), Decimal("1.00"), Decimal("2.00"))


@pytest.fixture
def clerk() -> User:
    """Of the insurance office."""
    user: User = UserFactory()
    return user


@pytest.fixture
def unknown(checkout: Checkout, simulators: Simulators, work: Work) -> Claim:
    """The insurer was away; nobody knows whether it settled."""
    claim = submit_claim(claim_id=checkout.claim_id or 0, by=None, at=clock.now())
    simulators.control("insurer", "faults", infno="2207A", kind="http_502")
    work()
    claim.refresh_from_db()
    assert claim.state == ClaimState.UNCONFIRMED
    return claim


@pytest.fixture
def taken(unknown: Claim, clerk: User) -> Claim:
    """For a person, and looked after by the clerk; nothing can arrive any more."""
    long_ago = clock.now() - timedelta(days=6)
    Claim.objects.update(
        needs_person_since=long_ago, unknown_since=long_ago, last_asked_at=long_ago, next_ask_at=None
    )
    return take_over(claim_id=unknown.pk, by=clerk, at=clock.now())


def refused(command: Callable[[], object]) -> list[str]:
    """Numbers of the rules that a command broke."""
    with pytest.raises(RulesBroken) as refusal:
        command()
    return [violation.rule for violation in refusal.value.violations]


def test_a_person_may_ask_at_once(unknown: Claim, clerk: User, work: Work) -> None:
    ask_now(claim_id=unknown.pk, by=clerk, at=clock.now())
    work()
    unknown.refresh_from_db()
    assert unknown.state == ClaimState.SETTLED


def test_in_30_there_is_nothing_to_ask_about_a_known_outcome(unknown: Claim, clerk: User, work: Work) -> None:
    ask_now(claim_id=unknown.pk, by=clerk, at=clock.now())
    work()
    assert refused(lambda: ask_now(claim_id=unknown.pk, by=clerk, at=clock.now())) == ["IN-30"]


def test_a_person_undoes_what_is_unknown_and_nothing_is_settled(
    unknown: Claim, clerk: User, simulators: Simulators, work: Work
) -> None:
    void_unknown(claim_id=unknown.pk, reason="演示：不再结算", by=clerk, at=clock.now())
    work()
    unknown.refresh_from_db()
    assert unknown.state == ClaimState.VOIDED
    answer = httpx.get(f"{simulators.url}/insurer/control/settlements/", timeout=30)
    assert answer.json()["settlements"] == []


def test_in_31_a_known_settlement_is_not_undone(unknown: Claim, clerk: User, work: Work) -> None:
    ask_now(claim_id=unknown.pk, by=clerk, at=clock.now())
    work()
    assert refused(lambda: void_unknown(claim_id=unknown.pk, by=clerk, at=clock.now())) == ["IN-31"]


def test_in_32_the_next_day_is_too_late_to_undo(unknown: Claim, clerk: User) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    assert refused(lambda: void_unknown(claim_id=unknown.pk, by=clerk, at=tomorrow)) == ["IN-32"]


def test_in_33_a_claim_that_goes_on_by_itself_is_not_taken_over(unknown: Claim, clerk: User) -> None:
    assert claims_for_a_person() == 0
    assert refused(lambda: take_over(claim_id=unknown.pk, by=clerk, at=clock.now())) == ["IN-33"]


def test_in_33_one_person_looks_after_a_claim_until_she_hands_it_back(taken: Claim, clerk: User) -> None:
    colleague = UserFactory()
    assert [claim.pk for claim in claims(show=PERSON)] == [taken.pk]
    assert refused(lambda: take_over(claim_id=taken.pk, by=colleague, at=clock.now())) == ["IN-33"]
    assert refused(lambda: hand_back(claim_id=taken.pk, by=colleague, at=clock.now())) == ["IN-33"]
    hand_back(claim_id=taken.pk, by=clerk, at=clock.now())
    assert take_over(claim_id=taken.pk, by=colleague, at=clock.now()).taken_by == colleague


def test_what_the_screen_shows_as_settled_is_settled_here(taken: Claim, clerk: User) -> None:
    conclude_by_hand(
        claim_id=taken.pk,
        conclusion=Conclusion.SETTLED,
        reason=SEEN,
        record=ON_SCREEN,
        by=clerk,
        at=clock.now(),
    )
    taken.refresh_from_db()
    row = Settlement.objects.get()
    assert (taken.state, taken.needs_person_since, taken.taken_by) == (ClaimState.SETTLED, None, None)
    assert (row.number, row.fund_amount, row.msgid) == (ON_SCREEN.number, Decimal("7.00"), taken.settle_msgid)
    entry = AuditEntry.objects.get(action="insurance.claim.concluded_by_hand")
    assert (entry.by, entry.facts["reason"]) == (clerk, SEEN)


def test_what_the_screen_does_not_show_is_not_settled(taken: Claim, clerk: User) -> None:
    conclude_by_hand(
        claim_id=taken.pk, conclusion=Conclusion.NOT_SETTLED, reason=SEEN, by=clerk, at=clock.now()
    )
    taken.refresh_from_db()
    assert taken.state == ClaimState.DECLINED
    assert Settlement.objects.count() == 0


def test_in_34_who_does_not_look_after_it_does_not_conclude_it(taken: Claim) -> None:
    def conclude() -> None:
        conclude_by_hand(
            claim_id=taken.pk,
            conclusion=Conclusion.NOT_SETTLED,
            reason=SEEN,
            by=UserFactory(),
            at=clock.now(),
        )

    assert refused(conclude) == ["IN-34"]


@pytest.mark.parametrize(
    ("conclusion", "reason", "record", "rules"),
    [
        (Conclusion.REVERSED, SEEN, ON_SCREEN, ["IN-35"]),
        (Conclusion.STANDS, SEEN, None, ["IN-35"]),
        (Conclusion.NOT_SETTLED, "  ", None, ["IN-36"]),
        (Conclusion.SETTLED, SEEN, None, ["IN-37"]),
        (Conclusion.SETTLED, "", HandRecord(" ", Decimal(7), Decimal(1), Decimal(1)), ["IN-36", "IN-37", "IN-38"]),
        (Conclusion.SETTLED, SEEN, HandRecord("1", Decimal(12), Decimal(-2), Decimal(0)), ["IN-38"]),
    ],
)  # fmt: skip
def test_every_fault_of_a_conclusion_is_named_at_once(
    conclusion: Conclusion,
    reason: str,
    record: HandRecord | None,
    rules: list[str],
    taken: Claim,
    clerk: User,
) -> None:
    def conclude() -> None:
        conclude_by_hand(
            claim_id=taken.pk, conclusion=conclusion, reason=reason, record=record, by=clerk, at=clock.now()
        )

    assert refused(conclude) == rules
    assert Claim.objects.get().state == ClaimState.UNCONFIRMED


def test_in_35_nothing_is_said_not_to_have_happened_while_it_may_still_arrive(
    taken: Claim, clerk: User
) -> None:
    Claim.objects.update(last_asked_at=clock.now())

    def conclude() -> None:
        conclude_by_hand(
            claim_id=taken.pk, conclusion=Conclusion.NOT_SETTLED, reason=SEEN, by=clerk, at=clock.now()
        )

    assert refused(conclude) == ["IN-35"]


def test_in_35_a_settlement_that_is_being_undone_is_not_said_to_stand_while_the_undoing_may_arrive(
    taken: Claim, clerk: User
) -> None:
    void_unknown(claim_id=taken.pk, by=clerk, at=clock.now())
    Claim.objects.update(last_asked_at=clock.now())

    def conclude() -> None:
        conclude_by_hand(
            claim_id=taken.pk, conclusion=Conclusion.SETTLED, reason=SEEN, record=ON_SCREEN, by=clerk,
            at=clock.now(),
        )  # fmt: skip

    assert refused(conclude) == ["IN-35"]
    Claim.objects.update(last_asked_at=clock.now() - timedelta(hours=1))
    conclude()
    assert Claim.objects.get().state == ClaimState.SETTLED


@pytest.fixture
def reversal_refused(unknown: Claim, clerk: User, simulators: Simulators, work: Work) -> Claim:
    """Settled, to be taken back, refused; looked after by the clerk, and nothing can arrive any more."""
    ask_now(claim_id=unknown.pk, by=clerk, at=clock.now())
    work()
    reverse_claim(claim_id=unknown.pk, by=None, at=clock.now())
    simulators.control("insurer", "faults", infno="2208", kind="business_error", text="演示：已清算")
    work()
    Claim.objects.update(last_asked_at=clock.now() - timedelta(hours=1))
    return take_over(claim_id=unknown.pk, by=clerk, at=clock.now())


def test_a_reversal_seen_on_the_screen_has_the_amounts_of_the_settlement(
    reversal_refused: Claim, clerk: User
) -> None:
    conclude_by_hand(
        claim_id=reversal_refused.pk, conclusion=Conclusion.REVERSED, reason=SEEN, record=ON_SCREEN, by=clerk,
        at=clock.now(),
    )  # fmt: skip
    assert Claim.objects.get().state == ClaimState.REVERSED
    assert sum(Settlement.objects.values_list("total_amount", flat=True)) == 0


def test_a_settlement_that_is_not_taken_back_stands_and_the_bill_stays_paid(
    reversal_refused: Claim, clerk: User
) -> None:
    Checkout.objects.update(state=CheckoutState.REVERSING, unwind_reason="医生终止就诊")
    conclude_by_hand(
        claim_id=reversal_refused.pk, conclusion=Conclusion.STANDS, reason=SEEN, by=clerk, at=clock.now()
    )
    checkout = Checkout.objects.get()
    assert Claim.objects.get().state == ClaimState.SETTLED
    assert (checkout.state, checkout.unwind_reason) == (CheckoutState.SETTLED, "")
    assert Settlement.objects.count() == 1


def test_the_course_of_a_claim_joins_acts_messages_and_calls_in_order(taken: Claim, clerk: User) -> None:
    InboundMessage.objects.create(
        kind="6302", digest="0" * 64, verdict=Verdict.MISMATCH, reason="another total", claim=taken,
        received_at=clock.now(),
    )  # fmt: skip
    course = story(taken)
    assert [event.at for event in course] == sorted(event.at for event in course)
    assert {"2204", "2206A", "2207A"} <= {event.message.transaction_code for event in course if event.message}
    assert course[-1].call is not None
    assert course[-1].call.reason == "another total"
    assert course[-2].act is not None
    assert (course[-2].act.action, course[-2].act.by) == ("insurance.claim.taken_over", clerk)
