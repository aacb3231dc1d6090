"""A receipt of a settled bill: once, numbered without gaps, frozen."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from audit.models import AuditEntry
from billing.models import Bill
from billing.rules import Parts
from checkout.events import BillSettled
from kernel import clock, events
from kernel.models import OutboxJob
from receipts.errors import ReceiptRefused
from receipts.management.commands import issue_receipts
from receipts.models import Receipt
from receipts.operations import catch_up, catching_up, issue_if_settled, issue_receipt
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


def issue_since(day: str, *more: str) -> str:
    out = StringIO()
    call_command("issue_receipts", "--since", day, *more, stdout=out)
    return out.getvalue()


def test_old_bills_have_their_receipts_by_a_command_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issue_receipts, "TOLD_EVERY", 1)
    bills = [making.paid_bill() for _bill in range(2)]
    years_ago = making.SETTLED_AT - timedelta(days=800)
    Bill.objects.filter(pk=bills[1].pk).update(settled_at=years_ago)
    assert issue_since(f"{clock.day_of(making.SETTLED_AT)}", "--look") == "1 documents are missing\n"
    assert not Receipt.objects.exists()
    day = f"{clock.day_of(years_ago)}"
    assert issue_since(day) == "1 of 2\n2 of 2\n2 documents issued\n"
    assert issue_since(day) == "0 documents issued\n"
    assert Receipt.objects.count() == 2


def test_one_that_fails_keeps_none_of_the_others_back_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = making.paid_bill(), making.paid_bill()
    issue_one = issue_receipt

    def fault(*, bill_id: int, **said: Any) -> Receipt:
        if bill_id == first.pk:
            raise ValueError("of this test")
        return issue_one(bill_id=bill_id, **said)

    monkeypatch.setattr(catching_up, "issue_receipt", fault)
    with pytest.raises(CommandError, match="1 failed"):
        issue_since("2020-01-01")
    assert Receipt.objects.get().bill == second


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
