"""A receipt of a settled bill: once, numbered without gaps, frozen."""

from datetime import timedelta
from decimal import Decimal
from threading import Thread

import pytest
from django.db import DatabaseError, connection, transaction

from audit.models import AuditEntry
from billing.models import Bill
from billing.operations import state_parts
from billing.rules import Parts
from checkout.events import BillSettled
from kernel import events
from kernel.models import OutboxJob
from receipts.errors import ReceiptRefused
from receipts.models import Receipt
from receipts.operations import catch_up, issue_if_settled, issue_receipt
from receipts.rules.content import fingerprint_of, from_json
from tests.factories import receipts as making
from tests.factories.billing import bill as open_bill
from tests.factories.encounters import AT
from tests.factories.receipts import run

pytestmark = pytest.mark.django_db


def issue(bill: Bill) -> Receipt:
    return issue_receipt(bill_id=bill.pk, by=None, at=making.SETTLED_AT)


def test_it_says_every_line_and_who_paid() -> None:
    bill = making.paid_bill("10.00", "3.50", fund="15.00", account="2.00")  # two of each: 27.00
    kept = from_json(issue(bill).content)
    assert [(line.quantity, line.unit_price, line.amount) for line in kept.lines] == [
        (Decimal(2), Decimal("10.00"), Decimal("20.00")),
        (Decimal(2), Decimal("3.50"), Decimal("7.00")),
    ]
    assert kept.parts == Parts(Decimal("15.00"), Decimal("2.00"), Decimal("10.00"))
    assert sum((line.parts for line in kept.lines), Parts.nothing()) == kept.parts
    assert [(one.channel, one.amount) for one in kept.movements] == [("wechat", Decimal("10.00"))]
    assert kept.visit.patient == bill.encounter.patient.name
    assert "*" in kept.visit.id_number


def test_asked_again_it_is_the_same() -> None:
    bill = making.paid_bill()
    assert issue(bill) == issue(bill)
    assert Receipt.objects.count() == 1


def test_numbers_of_an_institution_and_year_have_no_gaps() -> None:
    first = making.paid_bill()
    institution = first.encounter.institution
    second = making.paid_bill(practitioner=first.encounter.practitioner)
    other = making.paid_bill()
    numbers = [issue(bill).number for bill in (first, second, other)]
    assert numbers[:2] == [f"R2026-{institution.code}-000001", f"R2026-{institution.code}-000002"]
    if other.encounter.institution != institution:
        assert numbers[2].endswith("-000001")


def test_a_new_year_begins_with_one() -> None:
    first = making.paid_bill()
    second = making.paid_bill(practitioner=first.encounter.practitioner)
    issue(first)
    late = issue_receipt(bill_id=second.pk, by=None, at=AT + timedelta(days=50))
    assert late.number.startswith("R2027-")
    assert late.number.endswith("-000001")


def test_a_transaction_that_is_taken_back_gives_its_number_back() -> None:
    first = making.paid_bill()
    second = making.paid_bill(practitioner=first.encounter.practitioner)
    with pytest.raises(RuntimeError), transaction.atomic():
        issue(first)
        raise RuntimeError
    assert issue(second).number.endswith("-000001")


def test_re01_a_bill_that_is_not_paid_by_everybody_has_none() -> None:
    with pytest.raises(ReceiptRefused) as refusal:
        issue(open_bill())
    assert [one.rule for one in refusal.value.violations] == ["RE-01"]
    assert issue_if_settled(bill_id=open_bill().pk, at=AT) is None


def test_what_it_says_cannot_be_changed_in_the_database() -> None:
    receipt = issue(making.paid_bill())
    for change in ("total_amount = 0", "content = '{}'", "number = 'R1'", "verification_code = 'X'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE receipts_receipt SET {change} WHERE id = %s", [receipt.pk])
    with pytest.raises(DatabaseError), transaction.atomic():
        Receipt.objects.filter(pk=receipt.pk).delete()


def test_its_fingerprint_is_that_of_what_lies_in_the_database() -> None:
    receipt = issue(making.paid_bill("10.00", fund="15.00"))
    receipt.refresh_from_db()
    assert fingerprint_of(receipt.content) == receipt.content_sha256


def test_a_correction_of_the_bill_s_parts_afterwards_does_not_reach_it() -> None:
    bill = making.paid_bill("10.00", fund="15.00")
    receipt = issue(bill)
    scope = {line.number: line.amount for line in bill.lines.all()}
    state_parts(
        bill_id=bill.pk, parts=Parts(Decimal("0.00"), Decimal("0.00"), Decimal("20.00")), in_scope=scope
    )
    assert from_json(issue(bill).content).parts.fund == Decimal("15.00")
    assert issue(bill) == receipt


def test_it_leaves_a_trace_without_names() -> None:
    bill = making.paid_bill()
    receipt = issue(bill)
    trace = AuditEntry.objects.get(action="receipts.receipt.issued")
    assert trace.facts["number"] == receipt.number
    assert bill.encounter.patient.name not in str(trace.facts)


def test_a_settled_bill_sends_a_job_that_issues_it() -> None:
    bill = making.paid_bill()
    events.publish(BillSettled(bill.pk))
    job = OutboxJob.objects.get(task_name="receipts.issue_receipt")
    run(job)
    assert Receipt.objects.get().bill == bill


def test_what_a_lost_job_left_behind_is_caught_up_with_once() -> None:
    bill, young = making.paid_bill(), making.paid_bill()
    Bill.objects.filter(pk=young.pk).update(settled_at=making.SETTLED_AT + timedelta(hours=1))
    soon = making.SETTLED_AT + timedelta(hours=1, seconds=30)
    assert catch_up(at=soon) == 1
    assert Receipt.objects.get().bill == bill
    assert catch_up(at=soon) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_job_make_one_receipt() -> None:
    bill, faults = making.paid_bill(), []

    def work() -> None:
        try:
            issue(bill)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    workers = [Thread(target=work) for _worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert faults == []
    assert Receipt.objects.filter(bill=bill).count() == 1
