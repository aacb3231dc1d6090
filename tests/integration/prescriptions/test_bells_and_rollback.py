"""Who is told, and that nothing is sent when the outside takes it back."""

import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import TestCase

from audit.models import AuditEntry
from audit.operations import first_break
from billing.models import Bill
from kernel import live
from kernel.models import OutboxJob
from prescriptions import operations
from prescriptions.models import Drug, Prescription
from prescriptions.operations import DraftLine
from prescriptions.states import PrescriptionState
from tests.factories import prescriptions as rx
from tests.factories.prescriptions import AT
from tests.factories.registry import CoverageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The topics that were rung."""
    topics: list[str] = []
    monkeypatch.setattr(live, "_send", topics.append)
    return topics


def after_commit(act: Any) -> Any:
    """Do something and what waits for its commit."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return act()


def test_signing_tells_the_pharmacists_the_visit_and_the_patient(rung: list[str]) -> None:
    visit = rx.visit()
    draft = rx.draft(visit)
    after_commit(lambda: operations.submit(prescription_id=draft.pk, by=visit.doctor_user, at=AT))
    assert set(rung) >= {
        "review", f"prescription:{draft.pk}", f"encounter:{visit.encounter.number}", f"queue:{visit.doctor.pk}",
        f"user:{visit.patient_user.pk}",
    }  # fmt: skip


def test_a_return_tells_the_doctor(rung: list[str]) -> None:
    signed = rx.signed(rx.visit())
    rung.clear()
    after_commit(lambda: rx.returned(signed))
    assert f"queue:{signed.encounter.practitioner_id}" in rung
    assert "review" in rung


def test_payment_tells_the_page_of_the_prescription(rung: list[str]) -> None:
    passed = rx.passed(rx.signed(rx.visit()))
    rung.clear()
    after_commit(lambda: rx.paid(passed))
    assert f"prescription:{passed.pk}" in rung


class Undone(Exception):
    """The outer transaction changes its mind."""


def test_a_pass_that_is_taken_back_outside_asks_no_insurer_and_rings_nobody(rung: list[str]) -> None:
    visit = rx.visit()
    visit.encounter.coverage = CoverageFactory(patient=visit.patient)
    visit.encounter.save()
    signed = rx.signed(visit)
    rung.clear()
    jobs = OutboxJob.objects.count()
    with pytest.raises(Undone), transaction.atomic():
        rx.passed(signed)
        raise Undone
    assert OutboxJob.objects.count() == jobs
    assert not Bill.objects.exists()
    assert rung == []
    assert Drug.objects.filter(reserved__gt=0).count() == 0


def test_every_step_is_in_the_chain_of_the_prescription() -> None:
    dispensed = rx.paid(rx.passed(rx.signed(rx.visit())))
    actions = list(
        AuditEntry.objects.filter(subject_type="prescriptions.prescription", subject_id=str(dispensed.pk))
        .order_by("sequence").values_list("action", flat=True)
    )  # fmt: skip
    assert [action.rpartition(".")[2] for action in actions] == ["begun", "signed", "effective", "paid"]
    assert first_break(dispensed) is None


def _together(*acts: Any) -> list[str]:
    """Run acts at once on connections of their own; the names of what they raised, or ``done``."""
    start, said = threading.Barrier(len(acts)), []

    def run(act: Any) -> None:
        start.wait()
        try:
            act()
            said.append("done")
        except Exception as error:
            said.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sorted(said)


@pytest.mark.django_db(transaction=True)
def test_two_windows_of_one_doctor_begin_one_draft() -> None:
    visit = rx.visit()

    def save() -> None:
        operations.save_draft(encounter_id=visit.encounter.pk, lines=[], by=visit.doctor_user, at=AT)

    assert _together(save, save) == ["done", "done"]
    assert Prescription.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_sign_signs_once() -> None:
    visit = rx.visit()
    draft = rx.draft(visit)

    def sign() -> None:
        operations.submit(prescription_id=draft.pk, by=visit.doctor_user, at=AT)

    assert _together(sign, sign) == ["done", "done"]
    assert AuditEntry.objects.filter(action="prescriptions.prescription.signed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_saving_against_signing_never_changes_what_is_signed() -> None:
    visit, drug = rx.visit(), rx.DrugFactory()
    draft = rx.draft(visit, DraftLine(drug.pk, Decimal(5), "qd", 7))

    def sign() -> None:
        operations.submit(prescription_id=draft.pk, by=visit.doctor_user, at=AT)

    def save() -> None:
        operations.save_draft(
            encounter_id=visit.encounter.pk,
            lines=[DraftLine(drug.pk, Decimal(10), "qd", 7)],
            by=visit.doctor_user,
            at=AT,
        )

    assert _together(sign, save)[-1] == "done"
    signed = Prescription.objects.get()
    assert signed.state == PrescriptionState.SUBMITTED
    assert operations.holds(signed)


@pytest.mark.django_db(transaction=True)
def test_the_last_pack_is_promised_once() -> None:
    drug = rx.DrugFactory(stock=1)
    signed = [rx.signed(rx.visit(), DraftLine(drug.pk, Decimal(5), "qd", 7)) for _number in range(2)]
    reviewers = [rx.pharmacist(), rx.pharmacist(insurance_code="H330100000066")]
    acts = [lambda one=one, by=by: rx.passed(one, by=by) for one, by in zip(signed, reviewers, strict=True)]
    assert _together(*acts) == ["ReviewRefused", "done"]
    drug.refresh_from_db()
    assert (drug.stock, drug.reserved) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_paying_against_expiring_ends_in_one_of_the_two() -> None:
    drug = rx.DrugFactory(stock=3)
    passed = rx.passed(rx.signed(rx.visit(), DraftLine(drug.pk, Decimal(5), "qd", 7)))
    _together(lambda: rx.paid(passed), lambda: operations.expire_due(at=passed.valid_until))
    passed.refresh_from_db()
    drug.refresh_from_db()
    expected = {PrescriptionState.PAID: (2, 0), PrescriptionState.EXPIRED: (3, 0)}
    assert (drug.stock, drug.reserved) == expected[PrescriptionState(passed.state)]


@pytest.mark.django_db(transaction=True)
def test_stopping_the_visit_against_passing_leaves_no_prescription_alive() -> None:
    visit = rx.visit()
    signed, reviewer = rx.signed(visit), rx.pharmacist()

    def stop() -> None:
        operations.cancel_of_visit(
            encounter_id=visit.encounter.pk, reason="转线下", by=visit.doctor_user, at=AT
        )

    said = _together(lambda: rx.passed(signed, by=reviewer), stop)
    assert said in (["done", "done"], ["AlreadyDecided", "done"])  # and no deadlock
    signed.refresh_from_db()
    assert signed.state == PrescriptionState.CANCELLED
