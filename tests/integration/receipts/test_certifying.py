"""A refund takes a receipt out of force by a red one, and a new one says what stands."""

from datetime import timedelta
from decimal import Decimal

import pgtrigger
import pytest
from django.db import DatabaseError, transaction

from billing.models import Bill
from billing.operations import refund_bill
from billing.rules import Parts
from checkout.events import BillRefunded
from kernel import events
from kernel.models import OutboxJob
from payments.models import PaymentOrder, Refund
from receipts.errors import ReceiptRefused
from receipts.models import Receipt
from receipts.operations import (
    catch_up,
    certify_given_back_bill,
    issue_receipt,
    issue_refund_certificate,
)
from receipts.rules.content import from_json
from refunds.events import RefundFinished
from refunds.models import RefundRequest
from tests.factories import receipts as making
from tests.factories.billing import bill as open_bill
from tests.factories.receipts import run

pytestmark = pytest.mark.django_db
AT = making.REFUNDED_AT


def issued(bill: Bill) -> Receipt:
    return issue_receipt(bill_id=bill.pk, by=None, at=making.SETTLED_AT)


def certify(request: RefundRequest) -> Receipt | None:
    return issue_refund_certificate(request_id=request.pk, by=None, at=AT)


def standing(bill: Bill) -> Receipt:
    return Receipt.objects.standing().get(bill=bill)


def test_one_of_two_boxes_back_leaves_a_red_one_and_a_new_one() -> None:
    bill = making.paid_bill("10.00", "3.50")  # two of each
    before = issued(bill)
    red = certify(making.lines_refunded(bill, {2: "1"}))
    before.refresh_from_db()
    after = standing(bill)
    assert red is not None
    assert (before.total_amount, red.total_amount, after.total_amount) == (
        Decimal("27.00"), Decimal("-3.50"), Decimal("23.50"),
    )  # fmt: skip
    assert (before.cancelled_by, red.follows, after.follows) == (red, before, before)
    assert [line.quantity for line in from_json(after.content).lines] == [Decimal(2), Decimal(1)]
    assert [line.quantity for line in from_json(red.content).lines] == [Decimal(-1)]


def test_the_three_have_numbers_in_a_row_and_name_each_other() -> None:
    bill = making.paid_bill()
    before = issued(bill)
    red = certify(making.lines_refunded(bill, {1: "1"}))
    assert red is not None
    facts, after = from_json(red.content).refund, standing(bill)
    assert [one.number[-6:] for one in (before, red, after)] == ["000001", "000002", "000003"]
    assert facts is not None
    assert (facts.cancelled, facts.standing) == (before.number, after.number)


def test_each_payer_gets_back_what_the_return_bill_says() -> None:
    bill = making.paid_bill("10.00", "3.50", fund="15.00", account="2.00")
    issued(bill)
    back = Parts(Decimal("-2.00"), Decimal("-0.50"), Decimal("-1.00"))
    red = certify(making.lines_refunded(bill, {2: "1"}, parts=back))
    assert red is not None
    assert from_json(red.content).parts == back
    assert from_json(standing(bill).content).parts == Parts(
        Decimal("13.00"), Decimal("1.50"), Decimal("9.00")
    )


def test_a_payer_who_bears_more_after_the_insurer_settled_again_is_said_so() -> None:
    bill = making.paid_bill("10.00", "3.50", fund="15.00")
    issued(bill)
    # The fund takes back more than the box is worth; the hospital bears the difference.
    back = Parts(Decimal("-5.00"), Decimal("0.00"), Decimal("0.00"), institution=Decimal("1.50"))
    red = certify(making.lines_refunded(bill, {2: "1"}, parts=back))
    assert red is not None
    assert red.total_amount == Decimal("-3.50")
    assert from_json(standing(bill).content).parts.institution == Decimal("1.50")


def test_nothing_stands_of_a_bill_that_went_back_as_a_whole() -> None:
    bill = making.paid_bill("10.00", fund="15.00")
    before = issued(bill)
    red = certify(making.wholly_refunded(bill))
    assert red is not None
    assert red.total_amount == -before.total_amount
    assert not Receipt.objects.standing().filter(bill=bill).exists()
    assert from_json(red.content).refund.standing == ""


def test_money_without_a_line_stays_as_an_adjustment() -> None:
    bill = making.paid_bill("10.00")
    issued(bill)
    red = certify(making.money_refunded(bill, "1.20"))
    after = from_json(standing(bill).content)
    assert red is not None
    assert red.total_amount == Decimal("-1.20")
    assert after.total == Decimal("18.80")
    assert [one.amount for one in after.movements] == [Decimal("20.00"), Decimal("-1.20")]


def test_twice_makes_one_certificate() -> None:
    bill = making.paid_bill()
    issued(bill)
    request = making.lines_refunded(bill, {1: "1"})
    assert certify(request) == certify(request)
    assert Receipt.objects.count() == 3


def test_two_refunds_that_finished_before_their_jobs_each_say_their_own() -> None:
    bill = making.paid_bill("10.00", "3.50")
    issued(bill)
    first = making.lines_refunded(bill, {1: "1"})
    second = making.lines_refunded(bill, {2: "2"}, at=AT + timedelta(minutes=1))
    totals = [certify(second).total_amount, certify(first).total_amount]
    assert totals == [Decimal("-7.00"), Decimal("-10.00")]
    assert standing(bill).total_amount == Decimal("10.00")


def test_a_refund_whose_bill_has_no_receipt_yet_makes_it_first() -> None:
    bill = making.paid_bill("10.00")
    red = certify(making.lines_refunded(bill, {1: "1"}))
    assert red is not None
    assert red.follows.total_amount == Decimal("20.00")
    assert standing(bill).total_amount == Decimal("10.00")


def test_a_bill_that_was_never_settled_has_nothing_to_certify() -> None:
    bill = open_bill()
    request = making.finished(bill, "whole", bill.total_amount, at=AT, parts=Parts.of_cash(bill.total_amount))
    assert certify(request) is None
    assert not Receipt.objects.exists()


def test_re02_a_refund_on_its_way_is_not_certified() -> None:
    bill = making.paid_bill()
    request = making.lines_refunded(bill, {1: "1"})
    RefundRequest.objects.filter(pk=request.pk).update(state="sending", finished_at=None)
    with pytest.raises(ReceiptRefused) as refusal:
        certify(request)
    assert [one.rule for one in refusal.value.violations] == ["RE-02"]


def test_what_is_out_of_force_stays_so() -> None:
    bill = making.paid_bill()
    before = issued(bill)
    certify(making.lines_refunded(bill, {1: "1"}))
    with pytest.raises(DatabaseError), transaction.atomic():
        Receipt.objects.filter(pk=before.pk).update(cancelled_by=None, cancelled_at=None)


def test_a_bill_given_back_without_a_request_is_certified_once() -> None:
    bill = making.paid_bill("10.00")
    issued(bill)
    refund_bill(bill_id=bill.pk, at=AT)
    red = certify_given_back_bill(bill_id=bill.pk, at=AT)
    assert red is not None
    assert red.total_amount == Decimal("-20.00")
    assert certify_given_back_bill(bill_id=bill.pk, at=AT) is None


def test_a_bill_given_back_by_a_request_is_left_to_its_certificate() -> None:
    bill = making.paid_bill("10.00")
    issued(bill)
    request = making.wholly_refunded(bill)
    refund_bill(bill_id=bill.pk, at=AT)
    assert certify_given_back_bill(bill_id=bill.pk, at=AT) is None
    assert certify(request) is not None


def test_the_events_send_jobs() -> None:
    bill = making.paid_bill()
    issued(bill)
    request = making.lines_refunded(bill, {1: "1"})
    events.publish(RefundFinished(request.pk))
    events.publish(BillRefunded(bill.pk))
    for job in OutboxJob.objects.filter(task_name__startswith="receipts."):
        run(job)
    assert Receipt.objects.filter(refund_request=request).count() == 1


def test_certificates_that_a_lost_job_left_behind_are_caught_up_with() -> None:
    bill, other = making.paid_bill(), making.paid_bill()
    issued(bill), issued(other)
    making.lines_refunded(bill, {1: "1"})
    refund_bill(bill_id=other.pk, at=AT)
    assert catch_up(at=AT + timedelta(minutes=5)) == 2
    assert Receipt.objects.filter(kind="refund").count() == 2
    assert catch_up(at=AT + timedelta(minutes=5)) == 0


def test_money_that_came_too_late_never_was_on_the_receipt() -> None:
    """She paid by WeChat Pay, and once more under an order that had been closed; only that goes back."""
    bill = making.paid_bill("10.00", "3.50")
    before = issued(bill)
    request = making.money_refunded(bill, "27.00")
    late = PaymentOrder.objects.create(
        bill=bill, number="P-late", channel="alipay", scene="wap", amount=Decimal("27.00"), description="诊查费",
        expires_at=AT, state="late", transaction_id="A1", created_at=AT, paid_at=AT,
    )  # fmt: skip
    with pgtrigger.ignore("payments.Refund:frozen"):
        Refund.objects.filter(pk=request.payment_refund_id).update(order=late)
    assert certify(request) is None
    assert catch_up(at=AT + timedelta(hours=1)) == 0
    assert standing(bill) == before
