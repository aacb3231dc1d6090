"""A passed prescription is brought to the centre; one that is paid here or has ended is wanted back."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from insurance.models import VisitRegistration
from kernel import jobs, live
from prescriptions.models import Circulation, Prescription
from prescriptions.operations.circulation.centre import is_there_a_centre
from prescriptions.states import CIRCULATION, CLOSED, NEVER_IN_FORCE, CirculationEvent

ADVANCE = "prescriptions.advance_circulation"


def open_circulation(prescription: Prescription, *, by: User | None, at: datetime) -> Circulation | None:
    """Bring a prescription that has just been passed to the centre, within the caller's transaction.

    None without a centre, and for a visit that the insurer does not know: the centre asks for its number.
    """
    if not is_there_a_centre():
        return None
    registered = VisitRegistration.objects.filter(encounter=prescription.encounter_id).exclude(
        visit_number=""
    )
    registration = registered.first()
    if registration is None:
        return None
    circulation = Circulation.objects.create(
        prescription=prescription,
        registration=registration,
        hospital_number=f"{prescription.number}-{prescription.version}",
        opened_at=at,
        next_ask_at=at,
    )
    audit.record("prescriptions.circulation.opened", on=circulation, by=by, at=at)
    jobs.enqueue(ADVANCE, circulation_id=circulation.pk)
    return circulation


@transaction.atomic
def want_back(*, prescription_id: int, reason: str, by: User | None, at: datetime) -> Circulation | None:
    """Take a prescription out of circulation; what was never in force there is closed at once.

    None when it is not in circulation. Wanted back twice is wanted back once.
    """
    rows = Circulation.objects.select_for_update(of=("self",)).filter(prescription=prescription_id)
    circulation = rows.first()
    if circulation is None or circulation.state in CLOSED or circulation.withdraw_reason:
        return circulation
    circulation.withdraw_reason = reason[:200]
    circulation.next_ask_at = at
    if circulation.state in NEVER_IN_FORCE and circulation.busy_until is None:
        circulation.state = CIRCULATION.after(circulation.state, CirculationEvent.RELEASE)
        circulation.ended_at, circulation.next_ask_at = at, None
    circulation.save()
    audit.record("prescriptions.circulation.wanted_back", on=circulation, by=by, at=at)
    live.ring(f"prescription:{prescription_id}")
    if circulation.ended_at is None:
        jobs.enqueue(ADVANCE, circulation_id=circulation.pk)
    return circulation
