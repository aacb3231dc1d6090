"""Corrections carried out: bills, money on its way, once, and again after another change."""

from datetime import timedelta
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from accounts.models import User
from billing.models import Bill, BillPurpose, FeeDetail
from billing.operations import refund_bill
from billing.rules import Parts
from checkout.events import BillRefunded
from checkout.models import Checkout
from finance.queries.agreement import disagreements
from kernel import events
from kernel.money import ZERO
from kernel.workflow import IllegalTransition
from pricing.models import PriceItem
from repricing import operations
from repricing.errors import CorrectionRefused
from repricing.models import Burden, CorrectionBatch, CorrectionLine, Payback
from repricing.operations import carrying
from repricing.queries.lines import sums_of
from repricing.states import PaybackState
from tests.factories.repricing import AT, charge, correct
from tests.integration.repricing.corrections import Work, carried_out, differences, listed, price_row

LATER = AT + timedelta(days=1)


@pytest.mark.django_db
class TestCarryingOut:
    """What comes of the list."""

    def test_her_cash_share_is_asked_to_be_paid_back(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        bill = charge(fee, shares=(7, 2, 1))

        batch = carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)

        payback = Payback.objects.get()
        assert (payback.bill, payback.amount, payback.state) == (
            bill,
            Decimal("0.20"),
            PaybackState.REQUESTED,
        )
        assert batch.carried_out_by == colleague

    def test_nothing_is_paid_back_where_she_paid_nothing(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        charge(fee, shares=(1, 0, 0))

        batch = carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)

        assert (Payback.objects.count(), sums_of(batch.pk).decreases.parts.fund) == (0, Decimal("-2.00"))

    def test_the_hospital_bears_an_increase_unless_somebody_decides_otherwise(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        charge(fee)

        batch = carried_out(listed(correct(price_row(fee), "12.00"), work), colleague, work)

        line = batch.lines.get()
        assert line.is_borne_by_hospital
        made = Bill.objects.get(purpose=BillPurpose.CORRECTION)
        assert (line.supplementary_bill, made.state) == (made, "settled")
        assert made.parts == Parts(ZERO, ZERO, ZERO, institution=made.total_amount)
        assert disagreements(made) == []

    def test_where_the_patient_bears_it_a_supplementary_bill_is_opened(
        self, fee: PriceItem, officer: User, colleague: User, work: Work
    ) -> None:
        bill = charge(fee, shares=(0, 0, 1))
        batch = listed(correct(price_row(fee), "12.50"), work)
        operations.set_burden(batch_id=batch.pk, burden=Burden.PATIENT, by=officer, at=AT)

        carried_out(batch, colleague, work)

        made = Bill.objects.get(purpose=BillPurpose.CORRECTION)
        (line,) = made.lines.all()
        assert (made.encounter, made.total_amount, line.amount) == (
            bill.encounter,
            Decimal("2.50"),
            Decimal("2.50"),
        )
        assert (line.price, line.document) == (price_row(fee), price_row(fee).document)
        assert [step["amount"] for step in line.steps] == ["12.50", "-10.00"]
        assert Checkout.objects.get(bill=made).state == "ready"
        assert batch.lines.get().supplementary_bill == made

    def test_with_a_share_of_the_insurance_the_insurance_office_comes_first(
        self, fee: PriceItem, officer: User, colleague: User, work: Work
    ) -> None:
        charge(fee, shares=(7, 2, 1))
        batch = listed(correct(price_row(fee), "12.50"), work)
        operations.set_burden(batch_id=batch.pk, burden=Burden.PATIENT, by=officer, at=AT)

        carried_out(batch, colleague, work)

        made = Bill.objects.get(purpose=BillPurpose.CORRECTION)
        assert (made.state, made.cash_amount) == ("open", None)
        assert not Checkout.objects.filter(bill=made).exists()

    def test_what_was_charged_stays_as_it_was_printed(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        bill = charge(fee)
        before = list(FeeDetail.objects.filter(bill=bill).values())

        carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)

        assert list(FeeDetail.objects.filter(bill=bill).values()) == before
        bill.refresh_from_db()
        assert (bill.state, bill.total_amount) == ("settled", Decimal("10.00"))

    def test_carrying_out_twice_does_it_once(self, fee: PriceItem, colleague: User, work: Work) -> None:
        charge(fee, shares=(0, 0, 1))
        batch = carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)

        operations.carry_out_next(batch_id=batch.pk)
        work()

        assert Payback.objects.count() == 1

    def test_a_line_that_was_carried_out_never_changes(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        charge(fee)
        batch = carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)

        with pytest.raises(DatabaseError, match="carried_out_stays"):
            batch.lines.update(cash_difference=0)

    def test_a_bill_that_went_back_meanwhile_is_left_alone(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        bill = charge(fee)
        batch = listed(correct(price_row(fee), "8.00"), work)
        refund_bill(bill_id=bill.pk, at=AT)

        carried_out(batch, colleague, work)

        assert (batch.lines.get().skipped, Payback.objects.count()) == ("bill_changed", 0)

    def test_one_bill_that_fails_keeps_none_of_the_others_back(
        self, fee: PriceItem, colleague: User, work: Work, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = charge(fee, shares=(0, 0, 1)), charge(fee, shares=(0, 0, 1))
        batch = listed(correct(price_row(fee), "8.00"), work)
        pay_back = carrying._ask_to_pay_back

        def fail_for_the_first(batch: CorrectionBatch, bill: Bill, *rest: Any) -> None:
            if bill == first:
                raise RuntimeError("disk full")
            pay_back(batch, bill, *rest)

        monkeypatch.setattr(carrying, "_ask_to_pay_back", fail_for_the_first)

        carried_out(batch, colleague, work)

        assert [line.skipped for line in batch.lines.order_by("charge")] == ["failed", ""]
        assert Payback.objects.get().bill == second

    def test_money_to_pay_back_is_withdrawn_when_the_whole_bill_goes_back(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        bill = charge(fee)
        carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)

        events.publish(BillRefunded(bill.pk))

        assert Payback.objects.get().state == PaybackState.WITHDRAWN

    def test_rp_12_money_is_paid_back_with_a_receipt(
        self, fee: PriceItem, officer: User, colleague: User, work: Work
    ) -> None:
        charge(fee)
        carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)
        payback = Payback.objects.get()

        with pytest.raises(CorrectionRefused) as refused:
            operations.note_payback(payback_id=payback.pk, receipt=" ", by=officer, at=AT)
        assert [violation.rule for violation in refused.value.violations] == ["RP-12"]

        operations.note_payback(payback_id=payback.pk, receipt="银行回单 0031", by=officer, at=AT)
        payback.refresh_from_db()
        assert (payback.state, payback.paid_back_by) == (PaybackState.PAID_BACK, officer)
        with pytest.raises(IllegalTransition):
            operations.note_payback(payback_id=payback.pk, receipt="again", by=officer, at=AT)


@pytest.mark.django_db
class TestCorrectionOfACorrection:
    """What was corrected once turns out to have been something else again."""

    def test_the_second_difference_counts_from_what_stands(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        charge(fee, shares=(7, 2, 1))
        carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)

        second = listed(correct(price_row(fee), "7.00", at=LATER), work)

        (line,) = second.lines.all()
        assert (line.standing_amount, line.difference_amount) == (Decimal("8.00"), Decimal("-1.00"))
        assert line.parts.total == Decimal("-1.00")

    def test_back_to_the_first_price_is_a_difference_of_its_own(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        charge(fee)
        carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)

        assert differences(listed(correct(price_row(fee), "10.00", at=LATER), work)) == ["2.00"]

    def test_what_the_hospital_bore_was_charged_to_nobody(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        charge(fee)
        carried_out(listed(correct(price_row(fee), "12.00"), work), colleague, work)

        # She paid 10.00; 11.00 would have been right: nothing is to be paid back.
        assert differences(listed(correct(price_row(fee), "11.00", at=LATER), work)) == ["1.00"]

    def test_a_list_that_was_overtaken_by_another_does_nothing_twice(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        charge(fee)
        first = listed(correct(price_row(fee), "8.00"), work)
        second = listed(correct(price_row(fee), "7.00", at=LATER), work)
        carried_out(second, colleague, work)

        carried_out(first, colleague, work)

        assert first.lines.get().skipped == "corrected_since"
        assert sum(payback.amount for payback in Payback.objects.all()) == -second.lines.get().cash_difference


@pytest.mark.django_db(transaction=True)
def test_two_workers_carry_out_a_bill_once(fee: PriceItem, colleague: User, work: Work) -> None:
    charge(fee, shares=(0, 0, 1))
    batch = listed(correct(price_row(fee), "8.00"), work)
    operations.approve(batch_id=batch.pk, by=colleague, at=AT)
    operations.carry_out(batch_id=batch.pk, by=colleague, at=AT)
    failed: list[BaseException] = []

    def carry() -> None:
        try:
            operations.carry_out_next(batch_id=batch.pk)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    workers = [Thread(target=carry) for _worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert failed == []
    assert Payback.objects.count() == 1
    assert CorrectionLine.objects.filter(carried_out_at__isnull=False).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_agree_at_once_are_one_who_agrees(fee: PriceItem, colleague: User, work: Work) -> None:
    batch = listed(correct(price_row(fee), "8.00"), work)
    said: list[Any] = []

    def agree() -> None:
        try:
            said.append(operations.approve(batch_id=batch.pk, by=colleague, at=timezone.now()))
        except IllegalTransition as refusal:
            said.append(refusal)
        finally:
            connection.close()

    people = [Thread(target=agree) for _person in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert sorted(type(each).__name__ for each in said) == ["CorrectionBatch", "IllegalTransition"]
