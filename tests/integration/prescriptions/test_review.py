"""The pharmacist's decision: who, what, once, and what it leads to."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import Role
from billing.models import Bill, BillPurpose
from checkout.models import Checkout
from kernel.errors import DomainError, NotFoundForYou
from prescriptions import operations
from prescriptions.errors import AlreadyDecided, NotDispensable, ReviewRefused
from prescriptions.models import DispenseCheck, Drug, Prescription, PrescriptionReview
from prescriptions.operations import DraftLine
from prescriptions.states import PrescriptionState
from tests.factories import prescriptions as rx
from tests.factories.accounts import StaffFactory
from tests.factories.billing import with_line
from tests.factories.prescriptions import AT

pytestmark = pytest.mark.django_db

CHECKS = DispenseCheck.values


def refused(signed: Prescription, reviewer: object, **decision: object) -> set[str]:
    """The rules that a decision breaks."""
    with pytest.raises(ReviewRefused) as refusal:
        operations.review(prescription_id=signed.pk, by=reviewer.user, at=AT, **({"passed": True} | decision))  # type: ignore[attr-defined, arg-type]
    signed.refresh_from_db()
    assert signed.state == PrescriptionState.SUBMITTED
    assert not PrescriptionReview.objects.filter(prescription=signed).exists()
    return {violation.rule for violation in refusal.value.violations}


def test_a_pass_prices_the_packs_and_opens_bill_and_checkout() -> None:
    visit, one, two = rx.visit(), rx.DrugFactory(price="8.40"), rx.valsartan(price="16.80")
    lines = (DraftLine(one.pk, Decimal(10), "qd", 28), DraftLine(two.pk, Decimal(80), "qd", 28))
    signed = rx.signed(visit, *lines, days_reason="病情稳定")
    passed = rx.passed(signed)
    assert passed.state == PrescriptionState.EFFECTIVE
    assert passed.effective_at == AT
    bill = passed.bill
    assert bill is not None
    # 10 mg a day for 28 days are 56 tablets, two boxes at 8.40; one box at 16.80.
    assert [(detail.item_code, detail.quantity, detail.amount) for detail in bill.lines.all()] == [
        (one.code, 2, Decimal("16.80")), (two.code, 1, Decimal("16.80")),
    ]  # fmt: skip
    assert bill.total_amount == Decimal("33.60")
    assert bill.purpose == BillPurpose.DRUGS
    assert bill.checkout.pay_by == passed.valid_until
    assert bill.checkout.uses_insurance is False


def test_a_pass_promises_the_packs() -> None:
    drug = rx.DrugFactory(stock=5)
    rx.passed(rx.signed(rx.visit(), DraftLine(drug.pk, Decimal(10), "qd", 28), days_reason="稳定"))
    drug.refresh_from_db()
    assert (drug.stock, drug.reserved, drug.available) == (5, 2, 3)


def test_a_return_says_why_and_charges_nothing() -> None:
    returned = rx.returned(rx.signed(rx.visit()))
    assert returned.state == PrescriptionState.RETURNED
    assert returned.bill is None
    assert not Bill.objects.exists()
    decision = PrescriptionReview.objects.get(prescription=returned)
    assert (decision.is_passed, decision.reason_code, decision.reason) == (
        False,
        "dose",
        "剂量偏大，请核对。",
    )


@pytest.mark.parametrize(("code", "reason"), [("", ""), ("dose", ""), ("", "剂量"), ("nonsense", "剂量")])
def test_a_return_without_code_or_words_is_refused(code: str, reason: str) -> None:
    signed, reviewer = rx.signed(rx.visit()), rx.pharmacist()
    assert refused(signed, reviewer, passed=False, reason_code=code, reason=reason) == {"R-04"}


def test_the_answer_to_a_return_is_a_new_version_and_the_old_one_stays() -> None:
    visit = rx.visit()
    returned = rx.returned(rx.signed(visit))
    drug = rx.DrugFactory()
    later = AT + timedelta(minutes=5)
    second = rx.signed(visit, DraftLine(drug.pk, Decimal("2.5"), "qd", 7), at=later)
    assert (second.number, second.version) == (returned.number, 2)
    assert second.state == PrescriptionState.SUBMITTED
    first = Prescription.objects.get(number=returned.number, version=1)
    assert first.state == PrescriptionState.RETURNED
    assert first.lines.count() == 1
    assert first.review.reason
    assert rx.passed(second, at=later).state == PrescriptionState.EFFECTIVE


def test_a_return_may_be_answered_after_the_visit_was_completed() -> None:
    visit = rx.visit()
    rx.returned(rx.signed(visit))
    visit.encounter.ended_at = AT
    visit.encounter.save()
    assert rx.signed(visit).version == 2


def test_a_doctor_is_no_reviewer() -> None:
    visit = rx.visit()
    signed = rx.signed(visit)
    with pytest.raises(NotFoundForYou):
        operations.review(prescription_id=signed.pk, passed=True, by=visit.doctor_user, at=AT)


def test_nobody_reviews_his_own_prescription_even_with_the_role() -> None:
    visit = rx.visit()
    signed = rx.signed(visit)
    user = visit.doctor_user
    user.roles = [Role.DOCTOR, Role.PHARMACIST]
    user.save()
    with pytest.raises(ReviewRefused) as refusal:
        operations.review(prescription_id=signed.pk, passed=True, by=user, at=AT)
    assert {violation.rule for violation in refusal.value.violations} == {"R-01", "R-03"}


def test_the_same_person_under_another_account_is_the_same_person() -> None:
    visit = rx.visit()
    same = rx.pharmacist(id_fingerprint=visit.doctor.id_fingerprint)
    assert refused(rx.signed(visit), same) == {"R-03"}


@pytest.mark.parametrize(
    ("fields", "rule"),
    [({"title": "255"}, "R-01"), ({"practising_since": AT.date() - timedelta(days=700)}, "R-02")],
)
def test_a_reviewer_has_title_and_three_years(fields: dict[str, object], rule: str) -> None:
    assert refused(rx.signed(rx.visit()), rx.pharmacist(**fields)) == {rule}


def test_what_is_out_of_stock_meanwhile_is_not_passed() -> None:
    drug = rx.DrugFactory(stock=1)
    signed = rx.signed(rx.visit(), DraftLine(drug.pk, Decimal(5), "qd", 7))
    Drug.objects.update(stock=0)
    assert refused(signed, rx.pharmacist()) == {"R-05"}


def test_what_is_no_longer_valid_is_not_passed() -> None:
    signed, reviewer = rx.signed(rx.visit()), rx.pharmacist()
    with pytest.raises(ReviewRefused):
        operations.review(prescription_id=signed.pk, passed=True, by=reviewer.user, at=signed.valid_until)
    just_before = signed.valid_until - timedelta(seconds=1)
    passed = operations.review(prescription_id=signed.pk, passed=True, by=reviewer.user, at=just_before)
    assert passed.state == PrescriptionState.EFFECTIVE


def test_the_same_decision_twice_is_one_decision() -> None:
    reviewer = rx.pharmacist()
    passed = rx.passed(rx.signed(rx.visit()), by=reviewer)
    again = rx.passed(passed, by=reviewer)
    assert again.bill_id == passed.bill_id
    assert Bill.objects.count() == 1
    assert PrescriptionReview.objects.count() == 1


def test_another_decision_comes_too_late() -> None:
    reviewer = rx.pharmacist()
    passed = rx.passed(rx.signed(rx.visit()), by=reviewer)
    with pytest.raises(AlreadyDecided):
        rx.returned(passed, by=reviewer)
    with pytest.raises(AlreadyDecided):
        rx.passed(passed)


def test_a_decision_never_changes() -> None:
    rx.returned(rx.signed(rx.visit()))
    with pytest.raises(DatabaseError), transaction.atomic():
        PrescriptionReview.objects.update(is_passed=True)


@pytest.mark.django_db(transaction=True)
def test_two_pharmacists_at_once_make_one_decision() -> None:
    signed = rx.signed(rx.visit())
    reviewers = [rx.pharmacist(), rx.pharmacist(insurance_code="H330100000099")]
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def decide(reviewer: object, *, passes: bool) -> None:
        start.wait()
        try:
            if passes:
                rx.passed(signed, by=reviewer)  # type: ignore[arg-type]
            else:
                rx.returned(signed, by=reviewer)  # type: ignore[arg-type]
            outcomes.append("decided")
        except AlreadyDecided:
            outcomes.append("too late")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide, args=(one,), kwargs={"passes": number == 0})
        for number, one in enumerate(reviewers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["decided", "too late"]
    assert PrescriptionReview.objects.count() == 1
    decided = Prescription.objects.get(pk=signed.pk)
    assert Bill.objects.count() == (1 if decided.state == PrescriptionState.EFFECTIVE else 0)


# --- Nothing is charged or dispensed before the review has passed: every way tried -------------------


@pytest.fixture(params=["draft", "submitted", "returned", "cancelled"])
def unpassed(request: pytest.FixtureRequest) -> Prescription:
    """A prescription in each state that no review has passed."""
    visit = rx.visit()
    if request.param == "draft":
        return rx.draft(visit)
    signed = rx.signed(visit)
    if request.param == "returned":
        return rx.returned(signed)
    if request.param == "cancelled":
        return operations.cancel(prescription_id=signed.pk, reason="不需要", by=visit.doctor_user, at=AT)
    return signed


def test_p05_no_operation_charges_or_dispenses_it(unpassed: Prescription) -> None:
    reviewer = rx.pharmacist()
    with pytest.raises(NotDispensable):
        operations.dispense(prescription_id=unpassed.pk, checks=CHECKS, by=reviewer.user, at=AT)
    assert operations.mark_paid(bill_id=999, at=AT) is None
    assert not Bill.objects.exists()
    assert not Checkout.objects.exists()
    unpassed.refresh_from_db()
    assert unpassed.bill_id is None
    assert unpassed.dispensed_at is None


@pytest.mark.parametrize("state", ["effective", "paid", "dispensed"])
def test_p05_the_database_gives_it_no_such_state(unpassed: Prescription, state: str) -> None:
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        Prescription.objects.filter(pk=unpassed.pk).update(state=state)
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        Prescription.objects.filter(pk=unpassed.pk).update(state=state, effective_at=AT, paid_at=AT)


def test_p05_the_database_gives_it_no_bill(unpassed: Prescription) -> None:
    bill = Bill.objects.create(
        number="B1", encounter=unpassed.encounter, purpose=BillPurpose.DRUGS, total_amount=1, opened_at=AT
    )
    with_line(bill)
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        Prescription.objects.filter(pk=unpassed.pk).update(bill=bill)
    for moment in ("effective_at", "paid_at", "dispensed_at"):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            Prescription.objects.filter(pk=unpassed.pk).update(**{moment: AT})


def test_p06_what_is_passed_but_not_paid_is_not_dispensed() -> None:
    reviewer = rx.pharmacist()
    passed = rx.passed(rx.signed(rx.visit()), by=reviewer)
    with pytest.raises(NotDispensable):
        operations.dispense(prescription_id=passed.pk, checks=CHECKS, by=reviewer.user, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Prescription.objects.filter(pk=passed.pk).update(dispensed_at=AT)


def test_a_pass_that_cannot_be_priced_leaves_nothing_behind() -> None:
    drug = rx.DrugFactory()
    signed = rx.signed(rx.visit(), DraftLine(drug.pk, Decimal(5), "qd", 7))
    drug.item.prices.update(retracted_at=AT)
    with pytest.raises(DomainError):
        rx.passed(signed)
    signed.refresh_from_db()
    drug.refresh_from_db()
    assert signed.state == PrescriptionState.SUBMITTED
    assert drug.reserved == 0
    assert not Bill.objects.exists()


def test_a_person_without_practitioner_row_decides_nothing() -> None:
    signed = rx.signed(rx.visit())
    with pytest.raises(NotFoundForYou):
        operations.review(
            prescription_id=signed.pk, passed=True, by=StaffFactory(role=Role.PHARMACIST), at=AT
        )
