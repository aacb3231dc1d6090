"""Paid, dispensed, refunded, expired, cancelled."""

from datetime import timedelta
from decimal import Decimal

import pytest

from billing.models import Bill, BillPurpose
from checkout.events import BillRefunded, CheckoutClosed
from checkout.models import Checkout
from checkout.states import CheckoutState
from kernel import events
from kernel.errors import NotFoundForYou
from kernel.models import OutboxJob
from kernel.workflow import IllegalTransition
from payments.states import OrderState
from prescriptions import operations
from prescriptions.errors import NotDispensable
from prescriptions.models import DispenseCheck, Drug, Prescription
from prescriptions.operations import DraftLine, settling
from prescriptions.states import PrescriptionState
from tests.factories import prescriptions as rx
from tests.factories import reconciliation as made
from tests.factories.billing import with_line
from tests.factories.prescriptions import AT
from tests.factories.registry import CoverageFactory

pytestmark = pytest.mark.django_db

CHECKS = DispenseCheck.values


@pytest.fixture
def drug() -> Drug:
    """Ten packs of amlodipine."""
    made: Drug = rx.DrugFactory(stock=10)
    return made


@pytest.fixture
def passed(drug: Drug) -> Prescription:
    """One pack of it, charged."""
    return rx.passed(rx.signed(rx.visit(), DraftLine(drug.pk, Decimal(5), "qd", 7)))


def packs(drug: Drug) -> tuple[int, int]:
    """In stock, and of them promised."""
    drug.refresh_from_db()
    return drug.stock, drug.reserved


def test_when_everything_is_paid_the_packs_leave_the_stock(passed: Prescription, drug: Drug) -> None:
    assert packs(drug) == (10, 1)
    paid = rx.paid(passed)
    assert paid.state == PrescriptionState.PAID
    assert paid.paid_at is not None
    assert packs(drug) == (9, 0)


def test_being_told_twice_takes_the_packs_once(passed: Prescription, drug: Drug) -> None:
    rx.paid(passed)
    operations.mark_paid(bill_id=passed.bill_id, at=AT)
    assert packs(drug) == (9, 0)


def test_a_pharmacist_hands_out_what_is_paid_after_ten_comparisons(passed: Prescription) -> None:
    reviewer = rx.pharmacist()
    rx.paid(passed)
    with pytest.raises(NotDispensable) as refusal:
        operations.dispense(prescription_id=passed.pk, checks=CHECKS[:-1], by=reviewer.user, at=AT)
    assert [violation.rule for violation in refusal.value.violations] == ["R-06"]
    done = operations.dispense(prescription_id=passed.pk, checks=CHECKS, by=reviewer.user, at=AT)
    assert done.state == PrescriptionState.DISPENSED
    assert done.dispensed_by == reviewer
    assert done.dispense_checks == CHECKS


def test_handing_out_twice_hands_out_once(passed: Prescription) -> None:
    first, second = rx.pharmacist(), rx.pharmacist(insurance_code="H330100000098")
    rx.paid(passed)
    operations.dispense(prescription_id=passed.pk, checks=CHECKS, by=first.user, at=AT)
    again = operations.dispense(
        prescription_id=passed.pk, checks=CHECKS, by=second.user, at=AT + timedelta(minutes=1)
    )
    assert again.dispensed_by == first
    assert again.dispensed_at == AT


def test_a_doctor_hands_nothing_out(passed: Prescription) -> None:
    rx.paid(passed)
    with pytest.raises(NotFoundForYou):
        operations.dispense(prescription_id=passed.pk, checks=CHECKS, by=passed.prescriber.user, at=AT)


def test_nothing_is_handed_out_while_its_money_is_going_back(passed: Prescription) -> None:
    rx.paid(passed)
    Checkout.objects.update(unwind_reason="患者退药")
    with pytest.raises(NotDispensable):
        operations.dispense(prescription_id=passed.pk, checks=CHECKS, by=rx.pharmacist().user, at=AT)


def test_a_refund_before_handing_out_cancels_it_and_fills_the_shelf(passed: Prescription, drug: Drug) -> None:
    rx.paid(passed)
    events.publish(BillRefunded(passed.bill_id))
    passed.refresh_from_db()
    assert passed.state == PrescriptionState.CANCELLED
    assert packs(drug) == (10, 0)
    events.publish(BillRefunded(passed.bill_id))
    assert packs(drug) == (10, 0)


def test_a_refund_after_handing_out_leaves_it_dispensed(passed: Prescription, drug: Drug) -> None:
    rx.paid(passed)
    operations.dispense(prescription_id=passed.pk, checks=CHECKS, by=rx.pharmacist().user, at=AT)
    events.publish(BillRefunded(passed.bill_id))
    passed.refresh_from_db()
    assert passed.state == PrescriptionState.DISPENSED
    assert packs(drug) == (9, 0)


def test_events_of_other_bills_are_nothing_to_us(passed: Prescription) -> None:
    other = Bill.objects.create(
        number="B0",
        encounter=passed.encounter,
        purpose=BillPurpose.CONSULTATION,
        total_amount=7,
        opened_at=AT,
    )
    with_line(other)
    events.publish(CheckoutClosed(other.pk))
    events.publish(BillRefunded(other.pk))
    passed.refresh_from_db()
    assert passed.state == PrescriptionState.EFFECTIVE


def test_what_nobody_paid_expires_at_the_midnight_and_not_before(passed: Prescription, drug: Drug) -> None:
    assert operations.expire_due(at=passed.valid_until - timedelta(seconds=1)) == 0
    assert operations.expire_due(at=passed.valid_until) == 1
    passed.refresh_from_db()
    assert passed.state == PrescriptionState.EXPIRED
    assert passed.bill.checkout.state == CheckoutState.CLOSED
    assert packs(drug) == (10, 0)
    assert operations.expire_due(at=passed.valid_until) == 0


def test_what_nobody_reviewed_expires_too() -> None:
    signed = rx.signed(rx.visit())
    assert operations.expire_due(at=signed.valid_until) == 1
    signed.refresh_from_db()
    assert signed.state == PrescriptionState.EXPIRED


def test_what_is_paid_does_not_expire(passed: Prescription) -> None:
    rx.paid(passed)
    operations.expire_due(at=passed.valid_until + timedelta(days=1))
    passed.refresh_from_db()
    assert passed.state == PrescriptionState.PAID


def test_what_the_insurer_is_settling_does_not_expire(passed: Prescription) -> None:
    Checkout.objects.update(state=CheckoutState.SETTLING, paid_at=AT)
    operations.expire_due(at=passed.valid_until)
    passed.refresh_from_db()
    assert passed.state == PrescriptionState.EFFECTIVE


def test_an_open_payment_is_closed_at_the_channel_before_it_expires(passed: Prescription) -> None:
    order = made.order(Bill.objects.get(), state=OrderState.PLACED)
    Checkout.objects.update(state=CheckoutState.PAYING, order=order)
    operations.expire_due(at=passed.valid_until)
    passed.refresh_from_db()
    assert passed.state == PrescriptionState.EFFECTIVE
    assert OutboxJob.objects.get(task_name="payments.close_order").arguments == {"order_id": order.pk}


def test_cancelling_before_the_review_ends_it_at_once() -> None:
    visit = rx.visit()
    signed = rx.signed(visit)
    operations.cancel(prescription_id=signed.pk, reason="医师终止就诊", by=visit.doctor_user, at=AT)
    again = operations.cancel(prescription_id=signed.pk, reason="医师终止就诊", by=visit.doctor_user, at=AT)
    assert again.state == PrescriptionState.CANCELLED
    assert again.cancel_reason == "医师终止就诊"


def test_cancelling_an_unpaid_one_closes_its_checkout_and_frees_the_packs(
    passed: Prescription, drug: Drug
) -> None:
    cancelled = operations.cancel(prescription_id=passed.pk, reason="患者取消", by=None, at=AT)
    assert cancelled.state == PrescriptionState.CANCELLED
    assert Checkout.objects.get(bill=passed.bill).state == CheckoutState.CLOSED
    assert packs(drug) == (10, 0)


def test_cancelling_a_paid_one_lets_the_money_go_back(passed: Prescription, drug: Drug) -> None:
    rx.paid(passed)
    cancelled = operations.cancel(prescription_id=passed.pk, reason="患者退药", by=None, at=AT)
    # Nothing was paid through a channel in this test, so the refund is complete at once.
    assert Checkout.objects.get(bill=passed.bill).state == CheckoutState.REFUNDED
    assert cancelled.state == PrescriptionState.CANCELLED
    assert packs(drug) == (10, 0)


def test_what_was_handed_out_is_not_cancelled(passed: Prescription) -> None:
    rx.paid(passed)
    operations.dispense(prescription_id=passed.pk, checks=CHECKS, by=rx.pharmacist().user, at=AT)
    with pytest.raises(IllegalTransition):
        operations.cancel(prescription_id=passed.pk, reason="患者退药", by=None, at=AT)


def test_a_stopped_visit_yields_no_prescription() -> None:
    visit = rx.visit()
    rx.returned(rx.signed(visit))
    rx.signed(visit)
    assert (
        operations.cancel_of_visit(
            encounter_id=visit.encounter.pk, reason="转线下", by=visit.doctor_user, at=AT
        )
        == 2
    )
    states = set(Prescription.objects.filter(encounter=visit.encounter).values_list("state", flat=True))
    assert states == {PrescriptionState.CANCELLED}


def test_an_expired_prescription_is_followed_by_a_new_number(passed: Prescription) -> None:
    operations.expire_due(at=passed.valid_until)
    visit = passed.encounter
    renewed = operations.save_draft(
        encounter_id=visit.pk, lines=[], by=visit.practitioner.user, at=passed.valid_until
    )
    assert renewed.number != passed.number
    assert renewed.version == 1


def test_the_checkout_uses_insurance_as_the_consultation_did() -> None:
    visit = rx.visit()
    visit.encounter.coverage = CoverageFactory(patient=visit.patient)
    visit.encounter.save()
    fee = Bill.objects.create(
        number="B7", encounter=visit.encounter, purpose=BillPurpose.CONSULTATION, total_amount=7, opened_at=AT
    )
    with_line(fee)
    Checkout.objects.create(
        bill=fee, uses_insurance=False, state=CheckoutState.SETTLED, opened_at=AT, pay_by=AT
    )
    assert rx.passed(rx.signed(visit)).bill.checkout.uses_insurance is False


def test_without_a_consultation_bill_the_coverage_decides() -> None:
    visit = rx.visit()
    visit.encounter.coverage = CoverageFactory(patient=visit.patient)
    visit.encounter.save()
    assert rx.passed(rx.signed(visit)).bill.checkout.uses_insurance is True


def test_money_that_comes_for_an_ended_prescription_goes_back(
    passed: Prescription, monkeypatch: pytest.MonkeyPatch
) -> None:
    operations.expire_due(at=passed.valid_until)
    wanted: list[int] = []
    monkeypatch.setattr(settling, "refund_by_policy", lambda *, bill_id, **_rest: wanted.append(bill_id))
    operations.mark_paid(bill_id=passed.bill_id, at=AT)
    assert wanted == [passed.bill_id]
