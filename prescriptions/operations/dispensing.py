"""Hand the medicines out."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from billing.states import BillState
from checkout.models import Checkout
from kernel import live
from prescriptions.errors import NotDispensable, refuse
from prescriptions.models import DispenseCheck, Prescription
from prescriptions.operations import bells
from prescriptions.operations.reviewing import reviewer_facts
from prescriptions.queries import pharmacist_of
from prescriptions.rules.reviewing import dispense_findings
from prescriptions.states import PRESCRIPTION, PrescriptionEvent, PrescriptionState


@transaction.atomic
def dispense(*, prescription_id: int, checks: Collection[str], by: User, at: datetime) -> Prescription:
    """Hand out a paid prescription after the four checks and ten comparisons; twice does it once.

    ASSUMPTION: what was paid within its validity may be handed out afterwards; the sale is what P-13 limits.

    Raises:
        NotFoundForYou: the user is no pharmacist.
        NotDispensable: not paid, its money is going back, or R-01 or R-06 is broken.
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
    refuse(dispense_findings(reviewer_facts(prescription, pharmacist, at), missing), NotDispensable)
    prescription.state = PRESCRIPTION.after(prescription.state, PrescriptionEvent.DISPENSE)
    prescription.dispensed_at, prescription.dispensed_by = at, pharmacist
    prescription.dispense_checks = list(DispenseCheck.values)
    prescription.save()
    audit.record("prescriptions.prescription.dispensed", on=prescription, by=by, at=at)
    bells.ring_for(prescription)
    live.ring("review")
    return prescription
