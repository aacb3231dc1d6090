"""What the money does to a prescription, and the ways it ends without being used."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import User
from audit import operations as audit
from checkout import operations as checkout
from encounters.models import Encounter
from kernel import jobs, live
from prescriptions.models import Circulation, Prescription
from prescriptions.operations import bells, stock
from prescriptions.operations.circulation.opening import want_back
from prescriptions.states import PRESCRIPTION, PrescriptionEvent, PrescriptionState
from refunds.operations import refund_by_policy
from refunds.rules.situations import Situation

_REASON_LENGTH = 200
TAKEN_HERE = gettext_noop("It is handed out by the hospital's own pharmacy.")
ENDED = gettext_noop("The prescription has ended.")
NO_LONGER_VALID = gettext_noop("The prescription is no longer valid.")
TWICE = gettext_noop("Handed out here and at another pharmacy.")
TAKEN_ELSEWHERE = gettext_noop("The medicines were taken at another pharmacy.")


@transaction.atomic
def mark_paid(*, bill_id: int, at: datetime) -> Prescription | None:
    """Everything of the bill is paid: the packs leave the stock and it may be dispensed.

    None when the bill is no prescription's. A prescription that ended meanwhile stays as it is and its money
    goes back.
    """
    prescription = _of_bill(bill_id)
    if prescription is None or prescription.state in {PrescriptionState.PAID, PrescriptionState.DISPENSED}:
        return prescription
    if not PRESCRIPTION.allows(prescription.state, PrescriptionEvent.PAY):
        _give_back(bill_id, ENDED, by=None, at=at)
        return prescription
    stock.take(prescription)
    want_back(prescription_id=prescription.pk, reason=TAKEN_HERE, by=None, at=at)
    prescription.paid_at = at
    return _move(prescription, PrescriptionEvent.PAY, by=None, at=at)


@transaction.atomic
def mark_unpaid(*, bill_id: int, at: datetime) -> Prescription | None:
    """The checkout was closed before anything was paid: expired, or cancelled when somebody wanted that."""
    prescription = _of_bill(bill_id)
    if prescription is None or prescription.state != PrescriptionState.EFFECTIVE:
        return prescription
    stock.release(prescription)
    event = PrescriptionEvent.CANCEL if prescription.cancel_reason else PrescriptionEvent.EXPIRE
    return _end(prescription, event, by=None, at=at)


@transaction.atomic
def mark_refunded(*, bill_id: int, at: datetime) -> Prescription | None:
    """The money is back with those who paid: nothing may be handed out any more.

    A dispensed prescription stays dispensed.
    """
    prescription = _of_bill(bill_id)
    if prescription is None or not PRESCRIPTION.allows(prescription.state, PrescriptionEvent.CANCEL):
        return prescription
    if prescription.state == PrescriptionState.PAID:
        stock.put_back(prescription)
    else:
        stock.release(prescription)
    return _end(prescription, PrescriptionEvent.CANCEL, by=None, at=at)


@transaction.atomic
def cancel(*, prescription_id: int, reason: str, by: User | None, at: datetime) -> Prescription:
    """End a prescription that is not dispensed; what was paid for it goes back. Twice does it once.

    With a bill it is CANCELLED when the checkout says that nothing was paid or everything is back.

    Raises:
        IllegalTransition: it was dispensed or has expired.
    """
    bill_id = Prescription.objects.values_list("bill_id", flat=True).get(pk=prescription_id)
    if bill_id is not None:
        # Always claim and checkout first, then the prescription: the order in which money that moves locks them.
        checkout.lock_checkout(bill=bill_id)
    prescription = Prescription.objects.select_for_update(of=("self",)).get(pk=prescription_id)
    if prescription.state == PrescriptionState.CANCELLED or prescription.cancel_reason:
        return prescription
    PRESCRIPTION.after(prescription.state, PrescriptionEvent.CANCEL)
    prescription.cancel_reason = reason[:_REASON_LENGTH]
    prescription.save(update_fields=["cancel_reason"])
    if prescription.bill_id is None:
        return _end(prescription, PrescriptionEvent.CANCEL, by=by, at=at)
    audit.record("prescriptions.prescription.cancel_wanted", on=prescription, by=by, at=at)
    _give_back(prescription.bill_id, reason, by=by, at=at)
    prescription.refresh_from_db()
    return prescription


def taken_elsewhere(*, prescription_id: int, at: datetime) -> None:
    """Another pharmacy has handed it out: it ends here and what was paid goes back.

    One that was handed out here, too, is for a person: the circulation says so.
    """
    prescription = Prescription.objects.get(pk=prescription_id)
    if prescription.state == PrescriptionState.DISPENSED:
        Circulation.objects.filter(prescription=prescription_id, needs_person_since=None).update(
            needs_person_since=at, error_text=TWICE
        )
        return
    if PRESCRIPTION.allows(prescription.state, PrescriptionEvent.CANCEL):
        cancel(prescription_id=prescription_id, reason=TAKEN_ELSEWHERE, by=None, at=at)


@transaction.atomic
def cancel_of_visit(*, encounter_id: int, reason: str, by: User | None, at: datetime) -> int:
    """End whatever prescription of a visit is not dispensed; returns how many were ended.

    Called when a visit is stopped: a stopped visit yields no prescription (V-06).
    """
    # While the encounter is locked nobody signs or passes another one.
    Encounter.objects.select_for_update(of=("self",), no_key=True).get(pk=encounter_id)
    versions = Prescription.objects.filter(encounter=encounter_id).order_by("pk")
    open_ones = [one.pk for one in versions if PRESCRIPTION.allows(one.state, PrescriptionEvent.CANCEL)]
    for prescription_id in open_ones:
        cancel(prescription_id=prescription_id, reason=reason, by=by, at=at)
    return len(open_ones)


def expire_due(*, at: datetime) -> int:
    """End what nobody has passed or paid within its validity (P-13); returns how many were asked to end.

    What is paid goes on: the checkout decides, and says so by ``CheckoutClosed``.
    """
    due = Prescription.objects.filter(
        state__in=[PrescriptionState.SUBMITTED, PrescriptionState.EFFECTIVE], valid_until__lte=at
    )
    rows = list(due.order_by("valid_until").values_list("pk", "bill_id"))
    for prescription_id, bill_id in rows:
        with jobs.alone("expire_due", prescription_id):
            _expire(prescription_id, bill_id, at=at)
    return len(rows)


def _expire(prescription_id: int, bill_id: int | None, *, at: datetime) -> None:
    if bill_id is None:
        _expire_unreviewed(prescription_id, at=at)
        return
    checkout.close_unpaid(bill_id=bill_id, reason=NO_LONGER_VALID, by=None, at=at)


@transaction.atomic
def _expire_unreviewed(prescription_id: int, *, at: datetime) -> None:
    prescription = Prescription.objects.select_for_update(of=("self",)).get(pk=prescription_id)
    if prescription.state == PrescriptionState.SUBMITTED:
        _end(prescription, PrescriptionEvent.EXPIRE, by=None, at=at)


def _give_back(bill_id: int, reason: str, *, by: User | None, at: datetime) -> None:
    """What is not handed out is paid back."""
    situation = Situation.NOT_HANDED_OUT
    refund_by_policy(bill_id=bill_id, situation=situation, reason=reason, by=by, at=at)


def _of_bill(bill_id: int) -> Prescription | None:
    return Prescription.objects.select_for_update(of=("self",)).filter(bill=bill_id).first()


def _end(
    prescription: Prescription, event: PrescriptionEvent, *, by: User | None, at: datetime
) -> Prescription:
    prescription.ended_at = at
    reason = prescription.cancel_reason or NO_LONGER_VALID
    want_back(prescription_id=prescription.pk, reason=reason, by=by, at=at)
    return _move(prescription, event, by=by, at=at)


def _move(
    prescription: Prescription, event: PrescriptionEvent, *, by: User | None, at: datetime
) -> Prescription:
    prescription.state = PRESCRIPTION.after(prescription.state, event)
    prescription.save()
    audit.record(f"prescriptions.prescription.{prescription.state.value}", on=prescription, by=by, at=at)
    bells.ring_for(prescription)
    live.ring("review")
    return prescription
