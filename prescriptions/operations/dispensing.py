"""Hand the medicines out."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from billing.states import BillState
from checkout.models import Checkout
from kernel import live
from prescriptions.errors import NotDispensable, refuse
from prescriptions.models import Circulation, DispenseCheck, Prescription
from prescriptions.operations import bells
from prescriptions.operations.packs import hand_out_packs
from prescriptions.operations.reviewing import reviewer_facts
from prescriptions.queries import pharmacist_of
from prescriptions.rules.findings import RuleFinding
from prescriptions.rules.packs import LinePacks, ep01_out_of_circulation
from prescriptions.rules.reviewing import dispense_findings
from prescriptions.states import CLOSED, PRESCRIPTION, CirculationState, PrescriptionEvent, PrescriptionState


@transaction.atomic
def dispense(
    *, prescription_id: int, checks: Collection[str], packs: Sequence[LinePacks] = (), by: User, at: datetime
) -> Prescription:
    """Hand out a paid prescription after the four checks and ten comparisons; twice does it once.

    ``packs`` holds what was scanned of each line, in any order; without codes of a line nothing is told of it.

    ASSUMPTION: what was paid within its validity may be handed out afterwards; the sale is what P-13 limits.

    Raises:
        NotFoundForYou: the user is no pharmacist.
        NotDispensable: not paid, its money is going back, or R-01, R-06, EP-01, EP-02 or EP-11 to EP-16 is broken.
        ScreeningRefused: an audit rule denies the codes.
    """
    pharmacist = pharmacist_of(by)
    bill_id = Prescription.objects.values_list("bill_id", flat=True).get(pk=prescription_id)
    # The checkout first: while it is locked nobody can begin to take the money back.
    money = (
        Checkout.objects.select_for_update(of=("self",)).select_related("bill").filter(bill=bill_id).first()
    )
    prescription = Prescription.objects.select_for_update(of=("self",)).get(pk=prescription_id)
    if prescription.state == PrescriptionState.DISPENSED:
        return prescription
    if not PRESCRIPTION.allows(prescription.state, PrescriptionEvent.DISPENSE):
        raise NotDispensable
    if money is None or money.unwind_reason or money.bill.state != BillState.SETTLED:
        raise NotDispensable
    missing = tuple(check for check in DispenseCheck.values if check not in checks)
    broken = dispense_findings(reviewer_facts(prescription, pharmacist, at), missing)
    refuse((*broken, *_circulation_findings(prescription)), NotDispensable)
    hand_out_packs(prescription, packs, pharmacist=pharmacist, by=by, at=at)
    prescription.state = PRESCRIPTION.after(prescription.state, PrescriptionEvent.DISPENSE)
    prescription.dispensed_at, prescription.dispensed_by = at, pharmacist
    prescription.dispense_checks = list(DispenseCheck.values)
    prescription.save()
    audit.record("prescriptions.prescription.dispensed", on=prescription, by=by, at=at)
    bells.ring_for(prescription)
    live.ring("review")
    return prescription


def _circulation_findings(prescription: Prescription) -> tuple[RuleFinding, ...]:
    """Whether another pharmacy has handed it out, or still can; a closed circulation never opens again."""
    state = Circulation.objects.filter(prescription=prescription).values_list("state", flat=True).first()
    if state is None:
        return ()
    is_taken = state == CirculationState.TAKEN
    return tuple(ep01_out_of_circulation(is_open=state not in CLOSED, is_taken=is_taken))
