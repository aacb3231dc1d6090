"""Above an amount a second person agrees; nobody agrees to her own request, and nothing is sent twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection

from accounts.models import User
from audit.models import AuditEntry
from checkout.models import Checkout
from kernel import clock
from kernel.workflow import IllegalTransition
from payments.gateway.trade import RefundState, RefundStatus
from payments.models import Refund
from payments.operations.refund_answers import record_answer
from refunds.errors import RefundRefused
from refunds.models import RefundRequest
from refunds.operations import approve, decline, refund_by_policy, request_refund, send_again, why_two_persons
from refunds.rules.situations import Situation
from refunds.states import RefundRequestState
from tests.integration.checkout.conftest import finish_refund

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]


@pytest.fixture
def asked(paid: Checkout, clerk: User, settings: Any) -> RefundRequest:
    """15.00 where one person alone may give 14.99."""
    settings.REFUND_SECOND_PERSON_ABOVE = Decimal("14.99")
    return request_refund(
        bill_id=paid.bill_id, situation="hospital_fault", reason="多收了费用", quantities={2: Decimal(3)},
        by=clerk, at=clock.now(),
    )  # fmt: skip


def test_nothing_moves_before_the_second_person_agrees(asked: RefundRequest) -> None:
    assert asked.state == RefundRequestState.REQUESTED
    assert not Refund.objects.exists()


def test_a_colleague_agrees_and_it_is_sent_and_done(
    asked: RefundRequest, clerk: User, colleague: User, work: Work
) -> None:
    approve(request_id=asked.pk, by=colleague, at=clock.now())
    finish_refund(work)
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == (RefundRequestState.DONE, colleague)
    told = AuditEntry.objects.filter(action__startswith="refunds.request.").order_by("pk")
    assert [entry.action.rsplit(".", 1)[1] for entry in told] == ["requested", "approved", "sending", "done"]


def test_rf_07_who_asked_does_not_agree(asked: RefundRequest, clerk: User) -> None:
    with pytest.raises(RefundRefused) as refusal:
        approve(request_id=asked.pk, by=clerk, at=clock.now())
    assert [violation.rule for violation in refusal.value.violations] == ["RF-07"]


def test_the_database_refuses_one_person_for_both(asked: RefundRequest, clerk: User) -> None:
    with pytest.raises(IntegrityError, match="refund_request_two_persons"):
        RefundRequest.objects.filter(pk=asked.pk).update(decided_by=clerk, state="approved")


def test_agreeing_twice_is_one_refund(asked: RefundRequest, colleague: User) -> None:
    for _time in range(2):
        approve(request_id=asked.pk, by=colleague, at=clock.now())
    assert Refund.objects.count() == 1


def test_two_who_agree_at_once_are_one_refund(asked: RefundRequest, colleague: User) -> None:
    other = User.objects.exclude(pk__in=[asked.requested_by_id, colleague.pk]).first()

    def agree(by: User) -> str:
        try:
            approve(request_id=asked.pk, by=by, at=clock.now())
        except IllegalTransition:
            return "too late"
        finally:
            connection.close()
        return "agreed"

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(agree, [colleague, other or colleague]))
    assert "agreed" in answers
    assert Refund.objects.count() == 1


def test_what_is_declined_gives_nothing_back_and_cannot_be_agreed_to(
    asked: RefundRequest, colleague: User
) -> None:
    decline(request_id=asked.pk, reason="药品无质量问题", by=colleague, at=clock.now())
    with pytest.raises(IllegalTransition):
        approve(request_id=asked.pk, by=colleague, at=clock.now())
    assert not Refund.objects.exists()


def test_rf_06_who_declines_says_why(asked: RefundRequest, colleague: User) -> None:
    with pytest.raises(RefundRefused) as refusal:
        decline(request_id=asked.pk, reason=" ", by=colleague, at=clock.now())
    assert [violation.rule for violation in refusal.value.violations] == ["RF-06"]


def test_an_amount_in_parts_is_the_same_amount(
    paid: Checkout, clerk: User, colleague: User, work: Work, settings: Any
) -> None:
    """Three times 5.00, by two persons, where 14.99 of a bill go back without a second one."""
    settings.REFUND_SECOND_PERSON_ABOVE = Decimal("14.99")
    states = []
    for by in (clerk, colleague, clerk):
        made = request_refund(
            bill_id=paid.bill_id, situation="hospital_fault", reason="多收了费用", quantities={2: Decimal(1)},
            by=by, at=clock.now(),
        )  # fmt: skip
        finish_refund(work)
        made.refresh_from_db()
        states.append(made.state)
    assert states == ["done", "done", "requested"]
    (why,) = why_two_persons(made)
    assert (why.rule, "15.00" in str(why.message)) == ("RF-10", True)
    assert [refund.amount for refund in Refund.objects.all()] == [Decimal("5.00")] * 2


def test_a_fault_of_a_medicine_always_needs_two_persons(paid: Checkout, clerk: User) -> None:
    made = request_refund(
        bill_id=paid.bill_id, situation="quality_fault", reason="药片破损", quantities={2: Decimal(1)},
        by=clerk, at=clock.now(),
    )  # fmt: skip
    assert made.state == RefundRequestState.REQUESTED


def test_rf_05_where_the_policy_gives_nothing_nothing_is_asked_for(paid: Checkout, clerk: User) -> None:
    with pytest.raises(RefundRefused) as refusal:
        request_refund(
            bill_id=paid.bill_id, situation="nurse_arrived", reason="护士已到达", by=clerk, at=clock.now()
        )
    assert [violation.rule for violation in refusal.value.violations] == ["RF-05"]


def test_the_database_keeps_what_was_asked_for(asked: RefundRequest) -> None:
    with pytest.raises(InternalError, match="Cannot update"):
        RefundRequest.objects.filter(pk=asked.pk).update(asked_amount=Decimal("1.00"))


@pytest.fixture
def waiting(paid: Checkout, clerk: User, settings: Any) -> RefundRequest:
    """All of the bill, asked for by one person; a second one has not agreed yet."""
    settings.REFUND_SECOND_PERSON_ABOVE = Decimal("14.99")
    return request_refund(
        bill_id=paid.bill_id, situation="silent_visit", reason="医生未答复", by=clerk, at=clock.now()
    )


def test_a_policy_that_gives_nothing_does_not_agree_in_the_second_persons_place(
    waiting: RefundRequest, user: User
) -> None:
    """She cancels after the visit while a refund of all of it waits: that alone must move no money."""
    situation = Situation.CANCELLED_AFTER
    assert refund_by_policy(bill_id=waiting.bill_id, situation=situation, by=user, at=clock.now()) is None
    waiting.refresh_from_db()
    assert waiting.state == RefundRequestState.REQUESTED
    assert not Refund.objects.exists()


def test_a_policy_that_asks_a_second_person_leaves_the_request_that_waits_for_one(
    waiting: RefundRequest, user: User
) -> None:
    situation = Situation.SILENT_VISIT
    assert refund_by_policy(bill_id=waiting.bill_id, situation=situation, by=user, at=clock.now()) == waiting
    assert not Refund.objects.exists()


def test_a_policy_that_asks_nobody_answers_the_request_that_waits(
    waiting: RefundRequest, user: User, work: Work
) -> None:
    situation = Situation.DOCTOR_REFUSES
    made = refund_by_policy(bill_id=waiting.bill_id, situation=situation, by=user, at=clock.now())
    finish_refund(work)
    waiting.refresh_from_db()
    assert made is not None
    made.refresh_from_db()
    assert waiting.state == RefundRequestState.DECLINED
    assert (made.situation, made.state) == (situation, RefundRequestState.DONE)
    assert [refund.amount for refund in Refund.objects.all()] == [Decimal("30.00")]


def test_rf_09_what_a_channel_was_asked_for_is_not_declined(paid: Checkout, clerk: User, work: Work) -> None:
    """The lines have left the bill; declined, her money would stay with the hospital, or go back unseen."""
    made = request_refund(
        bill_id=paid.bill_id, situation="hospital_fault", reason="多收了费用", quantities={2: Decimal(1)},
        by=clerk, at=clock.now(),
    )  # fmt: skip
    refund = Refund.objects.get()
    said = RefundState(refund.number, refund.order.number, "", RefundStatus.CLOSED, 500, 3000)
    record_answer(said, at=clock.now())
    with pytest.raises(RefundRefused) as refusal:
        decline(request_id=made.pk, reason="渠道退款失败", by=clerk, at=clock.now())
    assert [violation.rule for violation in refusal.value.violations] == ["RF-09"]
    send_again(request_id=made.pk, by=clerk, at=clock.now())
    finish_refund(work)
    made.refresh_from_db()
    assert made.state == RefundRequestState.DONE


def test_a_part_that_failed_and_went_back_with_the_whole_can_be_declined(
    paid: Checkout, clerk: User, work: Work
) -> None:
    part = request_refund(
        bill_id=paid.bill_id, situation="hospital_fault", reason="多收了费用", quantities={2: Decimal(1)},
        by=clerk, at=clock.now(),
    )  # fmt: skip
    refund = Refund.objects.get()
    said = RefundState(refund.number, refund.order.number, "", RefundStatus.CLOSED, 500, 3000)
    record_answer(said, at=clock.now())
    situation = Situation.DOCTOR_REFUSES
    refund_by_policy(bill_id=paid.bill_id, situation=situation, by=None, at=clock.now())
    finish_refund(work)
    done = Refund.objects.filter(state="done")
    assert [each.amount for each in done] == [Decimal("30.00")]
    whole = RefundRequest.objects.get(scope="whole")
    assert (whole.asked_amount, whole.cash_amount) == (Decimal("30.00"), Decimal("30.00"))
    declined = decline(request_id=part.pk, reason="已随整单退回", by=clerk, at=clock.now())
    assert declined.state == RefundRequestState.DECLINED
