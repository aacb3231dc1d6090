"""A passed prescription at the e-prescription centre, in every way that it can go."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from pypdf import PdfReader
from pytest_django import Settings

from audit.models import AuditEntry
from kernel import clock, jobs
from kernel.models import OutboxJob
from prescriptions import operations
from prescriptions.errors import NotDispensable
from prescriptions.models import Circulation, CirculationMessage, DispenseCheck, Prescription
from prescriptions.operations.circulation import advancing, journal, recording
from prescriptions.operations.circulation.original import original_file
from prescriptions.operations.circulation.reading import whole
from prescriptions.states import CirculationState, PrescriptionState
from prescriptions.tasks import taken_elsewhere
from tests.factories import prescriptions as prescribing
from tests.factories.circulation import NUMBER, StubCentre, registered
from tests.factories.prescriptions import AT, Visit

pytestmark = pytest.mark.django_db(transaction=True)
_S = CirculationState


@pytest.fixture
def centre(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> StubCentre:
    """There is a centre; jobs stay in the outbox, the tests take the steps."""
    stub = StubCentre()
    settings.INSURANCE_PRESCRIPTION_APP_ID = "TESTTESTTESTTEST"
    monkeypatch.setattr(advancing, "centre_of", lambda institution: stub)
    monkeypatch.setattr(jobs, "_sent", lambda job: False)
    return stub


@pytest.fixture
def clock_at() -> Any:
    """Friday 20 November 2026, 14:30; may be moved."""
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def visit(centre: StubCentre, clock_at: Any) -> Visit:
    """A visit that the insurer knows."""
    made = prescribing.visit()
    registered(made)
    return made


@pytest.fixture
def prescription(visit: Visit) -> Prescription:
    """Passed; it is to be brought to the centre."""
    return prescribing.passed(prescribing.signed(visit))


def advance(prescription: Prescription) -> Circulation:
    """Everything that is due now."""
    circulation = Circulation.objects.get(prescription=prescription)
    advancing.advance(circulation_id=circulation.pk)
    circulation.refresh_from_db()
    return circulation


def test_a_passed_prescription_is_checked_signed_and_uploaded(
    prescription: Prescription, centre: StubCentre
) -> None:
    circulation = advance(prescription)

    assert centre.asked == ["D001", "D002", "D003"]
    assert (circulation.state, circulation.centre_number) == (_S.CIRCULATING, NUMBER)
    assert list(CirculationMessage.objects.values_list("verb", "state")) == [
        ("D001", "answered"), ("D002", "answered"), ("D003", "answered"),
    ]  # fmt: skip
    verbs = set(
        AuditEntry.objects.filter(action__startswith="prescriptions.circulation").values_list(
            "action", flat=True
        )
    )
    assert "prescriptions.circulation.circulating" in verbs


def test_the_check_says_an_online_re_diagnosis_with_the_identity_card(
    prescription: Prescription, centre: StubCentre
) -> None:
    advance(prescription)

    sent = centre.requests["D001"]
    assert (sent.business, sent.visit.is_first_visit, sent.certificate_type) == ("02", False, "02")
    assert sent.valid_until - sent.prescribed_at == timedelta(days=prescription.validity_days)
    assert [drug.quantity_unit for drug in sent.drugs] == ["盒"]
    assert sent.drugs[0].amount == prescription.bill.total_amount
    assert sent.visit.visit_number == Circulation.objects.get().registration.visit_number


def test_without_a_centre_or_a_visit_the_insurer_knows_nothing_circulates(
    settings: Settings, centre: StubCentre, clock_at: Any
) -> None:
    prescribing.passed(prescribing.signed(prescribing.visit()))
    settings.INSURANCE_PRESCRIPTION_APP_ID = ""
    insured = prescribing.visit()
    registered(insured)
    prescribing.passed(prescribing.signed(insured))

    assert not Circulation.objects.exists()


def test_the_centre_is_never_called_inside_a_transaction(prescription: Prescription) -> None:
    from django.db import transaction

    circulation = Circulation.objects.get()
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        journal.exchange(circulation, "D001", lambda: None)


@pytest.mark.parametrize("fault", ["lost_before", "lost_after"])
def test_after_a_silent_upload_the_centre_is_asked_and_nothing_is_uploaded_blindly(
    prescription: Prescription, centre: StubCentre, clock_at: Any, fault: str
) -> None:
    centre.faults["D003"] = [fault]
    circulation = advance(prescription)
    assert circulation.state == _S.UNCONFIRMED
    assert circulation.next_ask_at == AT + timedelta(minutes=1)

    assert advance(prescription).state == _S.UNCONFIRMED, "not before its moment"
    clock_at.move_to(AT + timedelta(minutes=1))
    circulation = advance(prescription)

    again = ["D003"] if fault == "lost_before" else []
    assert centre.asked == ["D001", "D002", "D003", "D005", *again]
    assert circulation.state == _S.CIRCULATING


def test_an_upload_whose_worker_was_killed_is_asked_about(
    prescription: Prescription, centre: StubCentre
) -> None:
    advance(prescription)
    Circulation.objects.update(state=_S.UPLOADING, uploaded_at=None, next_ask_at=AT)

    assert advance(prescription).state == _S.CIRCULATING
    assert centre.asked[3:] == ["D005"]


def test_two_workers_take_turns(prescription: Prescription, centre: StubCentre, clock_at: Any) -> None:
    Circulation.objects.update(busy_until=AT + timedelta(seconds=30))
    advance(prescription)
    assert centre.asked == []

    clock_at.move_to(AT + timedelta(seconds=31))
    advance(prescription)
    assert centre.asked == ["D001", "D002", "D003"]


def test_a_number_the_centre_has_seen_gets_a_successor(
    prescription: Prescription, centre: StubCentre
) -> None:
    centre.faults["D001"] = ["taken_number"]

    circulation = advance(prescription)

    assert circulation.state == _S.CIRCULATING
    assert centre.requests["D001"].hospital_number == f"{prescription.number}-1.2"


def test_what_the_centre_refuses_waits_for_a_person_and_can_be_tried_again(
    prescription: Prescription, centre: StubCentre
) -> None:
    centre.faults["D001"] = ["refuse"]

    circulation = advance(prescription)

    assert (circulation.state, circulation.error_text) == (_S.REFUSED, "业务失败")
    assert circulation.needs_person_since == AT


def test_silence_for_five_days_ends_at_a_person(
    prescription: Prescription, centre: StubCentre, clock_at: Any
) -> None:
    centre.faults["D003"] = ["lost_after"]
    centre.faults["D005"] = ["lost_before"]
    advance(prescription)
    Circulation.objects.update(next_ask_at=AT + timedelta(days=5))
    clock_at.move_to(AT + timedelta(days=5))

    circulation = advance(prescription)

    assert (circulation.next_ask_at, circulation.state) == (None, _S.UNCONFIRMED)
    assert circulation.needs_person_since == AT + timedelta(days=5)


def test_what_is_paid_here_is_taken_out_of_circulation(
    prescription: Prescription, centre: StubCentre
) -> None:
    advance(prescription)

    prescribing.paid(prescription)
    circulation = advance(prescription)

    assert circulation.state == _S.WITHDRAWN
    assert circulation.withdraw_reason == "It is handed out by the hospital's own pharmacy."
    assert centre.requests["D004"].doctor_code == prescription.prescriber.insurance_code


def test_what_was_never_in_force_is_withdrawn_without_asking(
    prescription: Prescription, centre: StubCentre
) -> None:
    prescribing.paid(prescription)

    assert Circulation.objects.get().state == _S.WITHDRAWN
    advance(prescription)
    assert centre.asked == []


def test_a_wish_during_the_upload_is_heard_after_it(prescription: Prescription, centre: StubCentre) -> None:
    uploaded = centre._uploaded

    def paid_meanwhile() -> Any:
        prescribing.paid(prescription)
        return uploaded()

    centre._uploaded = paid_meanwhile  # type: ignore[method-assign]

    assert advance(prescription).state == _S.WITHDRAWN
    assert centre.asked == ["D001", "D002", "D003", "D004"]


def test_an_upload_that_may_still_arrive_is_waited_for_before_it_counts_as_nowhere(
    prescription: Prescription, centre: StubCentre, clock_at: Any
) -> None:
    centre.faults["D003"] = ["lost_before"]
    advance(prescription)
    prescribing.paid(prescription)

    assert advance(prescription).state == _S.UNCONFIRMED
    clock_at.move_to(AT + timedelta(minutes=31))
    assert advance(prescription).state == _S.WITHDRAWN
    assert centre.asked[3:] == ["D005", "D005"]


@pytest.mark.parametrize("fault", ["lost_before", "lost_after"])
def test_a_silent_withdrawal_is_asked_about(
    prescription: Prescription, centre: StubCentre, clock_at: Any, fault: str
) -> None:
    advance(prescription)
    prescribing.paid(prescription)
    centre.faults["D004"] = [fault]
    assert advance(prescription).state == _S.WITHDRAWAL_UNCONFIRMED

    clock_at.move_to(AT + timedelta(minutes=1))

    assert advance(prescription).state == _S.WITHDRAWN


def test_a_cancelled_prescription_is_withdrawn(
    prescription: Prescription, centre: StubCentre, visit: Visit
) -> None:
    advance(prescription)

    operations.cancel(prescription_id=prescription.pk, reason="patient", by=visit.doctor_user, at=AT)

    assert advance(prescription).state == _S.WITHDRAWN


def test_what_another_pharmacy_has_handed_out_ends_here_and_the_money_goes_back(
    prescription: Prescription, centre: StubCentre, clock_at: Any
) -> None:
    advance(prescription)
    centre.is_taken = True
    clock_at.move_to(AT + timedelta(minutes=10))

    circulation = advance(prescription)

    assert circulation.state == _S.TAKEN
    assert [row.name for row in circulation.taken.all()] == ["苯磺酸氨氯地平片"]
    job = OutboxJob.objects.get(task_name="prescriptions.taken_elsewhere")
    taken_elsewhere(**job.arguments)
    prescription.refresh_from_db()
    assert prescription.cancel_reason == "The medicines were taken at another pharmacy."


def test_taken_elsewhere_between_payment_and_withdrawal_is_seen_by_the_refusal(
    prescription: Prescription, centre: StubCentre
) -> None:
    advance(prescription)
    prescribing.paid(prescription)
    centre.is_taken = True

    circulation = advance(prescription)

    assert circulation.state == _S.TAKEN
    assert centre.asked[3:] == ["D004", "D006", "D007"]


def test_a_centre_that_does_not_let_go_is_for_a_person(
    prescription: Prescription, centre: StubCentre
) -> None:
    advance(prescription)
    prescribing.paid(prescription)
    centre.faults["D004"] = ["refuse"]

    circulation = advance(prescription)

    assert circulation.state == _S.WITHDRAWING
    assert circulation.needs_person_since == AT
    assert circulation.next_ask_at == AT + timedelta(hours=1)


def test_nothing_is_handed_out_here_while_another_pharmacy_can(
    prescription: Prescription, centre: StubCentre
) -> None:
    advance(prescription)
    prescribing.paid(prescription)

    with pytest.raises(NotDispensable) as refusal:
        hand_out(prescription)
    assert [violation.rule for violation in refusal.value.violations] == ["EP-01"]

    advance(prescription)
    assert hand_out(prescription).state == PrescriptionState.DISPENSED


def test_nothing_is_handed_out_here_after_another_pharmacy_has(
    prescription: Prescription, centre: StubCentre
) -> None:
    advance(prescription)
    prescribing.paid(prescription)
    centre.is_taken = True
    advance(prescription)

    with pytest.raises(NotDispensable) as refusal:
        hand_out(prescription)

    assert [violation.rule for violation in refusal.value.violations] == ["EP-02"]


def hand_out(prescription: Prescription) -> Prescription:
    """By the pharmacist who passed it, after all comparisons."""
    by = prescription.review.reviewer.user
    return operations.dispense(
        prescription_id=prescription.pk, checks=list(DispenseCheck.values), by=by, at=clock.now()
    )


def test_what_lapses_at_the_centre_is_closed(
    prescription: Prescription, centre: StubCentre, clock_at: Any
) -> None:
    advance(prescription)
    centre.status = "2"
    clock_at.move_to(AT + timedelta(minutes=10))

    assert advance(prescription).state == _S.LAPSED


def test_what_is_due_is_enqueued_and_what_somebody_works_on_is_not(visit: Visit, centre: StubCentre) -> None:
    prescription = prescribing.passed(prescribing.signed(visit))
    OutboxJob.objects.all().delete()

    assert recording.enqueue_due(at=AT) == 1
    Circulation.objects.update(busy_until=AT + timedelta(minutes=1))
    assert recording.enqueue_due(at=AT) == 0
    Circulation.objects.update(busy_until=None, next_ask_at=AT + timedelta(minutes=5))
    assert recording.enqueue_due(at=AT) == 0
    assert OutboxJob.objects.get().arguments == {"circulation_id": prescription.circulation.pk}


def test_the_original_is_a_pdf_of_one_page_with_patient_medicine_and_both_signers(
    prescription: Prescription, tmp_path: Any
) -> None:
    file = tmp_path / "original.pdf"
    file.write_bytes(original_file(whole(prescription.circulation.pk)))

    (page,) = PdfReader(file).pages

    written = page.get_contents().get_data().decode()
    for text in ("张秀英", "苯磺酸氨氯地平片", "高血压", "周敏"):
        assert text.encode("utf-16-be").hex().upper() in written


def test_what_is_in_force_at_the_centre_has_its_number(prescription: Prescription) -> None:
    from django.db import IntegrityError

    with pytest.raises(IntegrityError, match="circulation_numbered_before_upload"):
        Circulation.objects.update(state=_S.CIRCULATING)
    connection.close()
