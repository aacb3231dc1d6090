"""From a passed prescription to the insurer's books, against both real simulators: D001 to D007, 4301, 3505, 3506."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from insurance.models import GatewayMessage
from insurance.operations import insurer
from insurance.operations.visits import ensure_registered
from kernel import clock
from prescriptions import operations
from prescriptions.models import Circulation, DispenseCheck, InsurerReport, Prescription
from prescriptions.operations import reporting
from prescriptions.operations.circulation import advancing, centre
from prescriptions.rules.packs import LinePacks
from prescriptions.states import CirculationState, PrescriptionState, ReportState
from registry.models import Patient
from tests.factories import prescriptions as prescribing
from tests.factories.circulation import registered
from tests.factories.prescriptions import Visit
from tests.integration.checkout.conftest import ZHANG, patient, simulators, work
from tests.verification.simulators import Simulators

__all__ = ["patient", "simulators", "work"]
pytestmark = pytest.mark.django_db(transaction=True)
CODE = "81234560000000000001"


@pytest.fixture
def visit(simulators: Simulators, patient: Patient, settings: Settings) -> Visit:
    """A visit that the insurer's simulator has registered (1101, 2201)."""
    settings.INSURANCE_PRESCRIPTION_BASE_URL = f"{simulators.url}/eprescription"
    simulators.control("eprescription", "reset", all=True)
    centre._client.cache_clear()
    user = patient.guardianships.get().user
    made = prescribing.visit(at=clock.now(), patient=patient, patient_user=user)
    registration = registered(made, person_number="", visit_number="", registered_at=None)
    ensure_registered(registration, insurer.insurer_of(made.encounter.institution))
    return made


@pytest.fixture
def prescription(visit: Visit) -> Prescription:
    """Passed just now."""
    now = clock.now()
    return prescribing.passed(prescribing.signed(visit, at=now), at=now)


def advanced(prescription: Prescription) -> Circulation:
    """Everything that is due now."""
    circulation = Circulation.objects.get(prescription=prescription)
    advancing.advance(circulation_id=circulation.pk)
    circulation.refresh_from_db()
    return circulation


def test_what_a_pharmacy_hands_out_ends_here(
    prescription: Prescription, simulators: Simulators, work: Callable[[], None]
) -> None:
    circulation = advanced(prescription)
    assert circulation.state == CirculationState.CIRCULATING, circulation.error_text
    assert circulation.signed_file

    simulators.control("eprescription", "take", hi_rxno=circulation.centre_number)
    Circulation.objects.update(next_ask_at=clock.now())
    circulation = advanced(prescription)
    work()

    assert circulation.state == CirculationState.TAKEN
    assert circulation.taken.get().batch == "20260901"
    prescription.refresh_from_db()
    assert prescription.state == PrescriptionState.CANCELLED


def test_packs_and_the_visit_are_told_to_the_insurer(
    prescription: Prescription, simulators: Simulators
) -> None:
    advanced(prescription)
    prescribing.paid(prescription, at=clock.now())
    assert advanced(prescription).state == CirculationState.WITHDRAWN
    held = simulators.holdings("eprescription")["prescriptions"][0]
    assert held["status"] == "3"
    by = prescription.review.reviewer.user
    packs = [LinePacks(1, 1, (CODE,), "L1", date(2026, 9, 1))]
    operations.dispense(
        prescription_id=prescription.pk, checks=list(DispenseCheck.values), packs=packs, by=by, at=clock.now()
    )
    operations.take_back(prescription_id=prescription.pk, codes=[CODE], reason="破损", by=by, at=clock.now())
    type(prescription.encounter).objects.update(ended_at=clock.now() - timedelta(minutes=1))
    reporting.note_ended_visits(at=clock.now())

    for report in InsurerReport.objects.order_by("pk"):
        reporting.send(report_id=report.pk)

    told = {report.kind: (report.state, report.error_text) for report in InsurerReport.objects.all()}
    assert told == dict.fromkeys(("3505", "3506", "4301"), (ReportState.REPORTED, ""))
    assert ZHANG[1] in GatewayMessage.objects.get(transaction_code="3505").request_text


def test_a_report_without_an_answer_is_sent_again_under_its_number(
    visit: Visit, simulators: Simulators
) -> None:
    type(visit.encounter).objects.update(ended_at=clock.now() - timedelta(minutes=1))
    reporting.note_ended_visits(at=clock.now())
    report = InsurerReport.objects.get()
    simulators.control("insurer", "faults", infno="4301", kind="http_502_after_commit")

    reporting.send(report_id=report.pk)
    report.refresh_from_db()
    first: Any = report.msgid
    assert report.state == ReportState.UNANSWERED
    reporting.send(report_id=report.pk)

    report.refresh_from_db()
    assert (report.state, report.msgid) == (ReportState.REPORTED, first)
    assert GatewayMessage.objects.filter(transaction_code="4301").count() == 1
