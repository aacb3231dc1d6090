"""Celery shells."""

from celery import shared_task

from kernel import clock
from prescriptions import operations
from prescriptions.operations import reporting
from prescriptions.operations.circulation import advancing, recording


@shared_task(name="prescriptions.expire_due")
def expire_due() -> None:
    """Every minute: end what is no longer valid."""
    operations.expire_due(at=clock.now())


@shared_task(name="prescriptions.analyse_before_charging")
def analyse_before_charging(prescription_id: int) -> None:
    """Ask the insurer about medicines that may be charged."""
    operations.analyse_before_charging(prescription_id=prescription_id, at=clock.now())


@shared_task(name="prescriptions.advance_circulation")
def advance_circulation(circulation_id: int) -> None:
    """Say the next things about one prescription to the e-prescription centre."""
    advancing.advance(circulation_id=circulation_id)


@shared_task(name="prescriptions.taken_elsewhere")
def taken_elsewhere(prescription_id: int) -> None:
    """End what another pharmacy has handed out."""
    operations.taken_elsewhere(prescription_id=prescription_id, at=clock.now())


@shared_task(name="prescriptions.send_report")
def send_report(report_id: int) -> None:
    """Tell the insurer of one visit, or of packs handed out or returned."""
    reporting.send(report_id=report_id)


@shared_task(name="prescriptions.enqueue_due")
def enqueue_due() -> None:
    """Every 15 seconds: what is due at the centre and at the insurer."""
    now = clock.now()
    recording.enqueue_due(at=now)
    reporting.enqueue_due(at=now)
