"""From a free place to a priced visit."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from audit import operations as audit
from billing.models import Bill, BillPurpose
from billing.operations import lock_charges, open_bill
from billing.queries import charged_before
from checkout.operations import close_unpaid, open_checkout
from consultations.errors import AlreadyBooked, FreeSlot, NotReceiving, PlaceTaken, StepsMissing
from consultations.models import Place, Revisit, Slot
from consultations.operations import steps
from consultations.queries import LIVE, doctor_facts, next_free, visit_for
from consultations.rules import PatientFacts, cancelled_when, patient_violations, receiving_violations
from consultations.states import RevisitEvent, RevisitState
from encounters.models import Encounter, EncounterKind
from encounters.queries import missing_before_payment
from kernel import clock, jobs
from kernel.errors import refuse_if_any
from kernel.identifiers import new_number
from pricing.operations import keep_quote
from pricing.queries import reasoned_quote_for
from pricing.rules import ServiceLine
from pricing.rules.codes import ONLINE_REVISIT
from refunds.operations import refund_by_policy
from registry.models import Patient
from registry.queries import coverage_of, patient_for
from screening.operations import screen
from screening.queries.orders import order_of_bill
from screening.rules.kinds import Moment


@transaction.atomic
def hold_place(*, slot_id: int, patient_id: int, by: User, at: datetime) -> Revisit:
    """Hold one place in a slot for a patient while she prepares and pays; a lapsed hold counts as free.

    The place row is locked and taken in one transaction: of two people who want the last place one gets
    it, the other meets ``PlaceTaken``. Holding the same slot again gives the same visit.

    Raises:
        NotFoundForYou: the user may not act for this patient.
        NotReceiving: the slot is over or cancelled, or the doctor may not receive online (Q-01, Q-02, V-09).
        RulesBroken: the patient may not be seen online by this department (C-02, V-10).
        AlreadyBooked: the patient has another live visit with this doctor that day.
        PlaceTaken: no place is left; ``next_free`` names others.
    """
    patient = Patient.objects.select_for_update().get(pk=patient_for(by, patient_id).pk)
    slot = Slot.objects.select_related("practitioner__department", "practitioner__institution").get(
        pk=slot_id
    )
    day = clock.day_of(slot.starts_at)
    if slot.is_cancelled or slot.ends_at <= at:
        raise NotReceiving(field="slot")
    refuse_if_any(receiving_violations(doctor_facts(slot.practitioner, day)), NotReceiving)
    facts = PatientFacts(age=patient.age_on(day), is_verified=patient.verified_at is not None)
    refuse_if_any(patient_violations(facts, subject_code=slot.practitioner.department.code))
    existing = Revisit.objects.filter(
        encounter__patient=patient,
        encounter__practitioner=slot.practitioner,
        encounter__service_on=day,
        state__in=LIVE,
    ).first()
    if existing and release_hold(revisit_id=existing.pk, at=at):
        existing = None
    if existing and existing.slot_id == slot.pk and existing.state == RevisitState.PREPARING:
        return existing
    if existing:
        raise AlreadyBooked(field="slot")
    return _taken(slot, patient, by=by, at=at)


def _taken(slot: Slot, patient: Patient, *, by: User, at: datetime) -> Revisit:
    """Take a free place, or say what else is free."""
    place = _free_place(slot)
    if place is None and _release_all(Place.objects.filter(slot=slot), at=at):
        place = _free_place(slot)
    if place is None:
        others = next_free(slot.practitioner, at=at)
        raise PlaceTaken([FreeSlot(other.pk, other.starts_at) for other in others])
    doctor = slot.practitioner
    encounter = Encounter.objects.create(
        number=new_number("V", at),
        kind=EncounterKind.ONLINE_REVISIT,
        institution=doctor.institution,
        department=doctor.department,
        practitioner=doctor,
        patient=patient,
        coverage=coverage_of(patient),
        booked_by=by,
        allergies=patient.allergies,
        service_on=clock.day_of(slot.starts_at),
        opened_at=at,
    )
    revisit = Revisit.objects.create(encounter=encounter, slot=slot, created_at=at)
    place.revisit = revisit
    place.held_until = at + timedelta(minutes=settings.PLACE_HOLD_MINUTES)
    place.save(update_fields=["revisit", "held_until"])
    audit.record("consultations.revisit.held", on=revisit, by=by, at=at)
    steps.ring(revisit)
    return revisit


def _free_place(slot: Slot) -> Place | None:
    """A free place, locked; one that somebody else is just taking is passed over."""
    free = Place.objects.select_for_update(skip_locked=True).filter(slot=slot, revisit__isnull=True)
    return free.order_by("number").first()


@transaction.atomic
def price_visit(*, revisit_id: int, uses_insurance: bool, by: User, at: datetime) -> Bill:
    """Price the consultation fee by the tariff of the service day, and open its bill and checkout.

    Asking twice gives the same bill. Charging rules look at everything that stands charged to the patient, and
    no two visits of hers are priced at the same moment.

    Raises:
        StepsMissing: complaint, proof or consent is missing; ``violations`` names each.
        PricingRefused: there is no price, or a charging rule forbids this visit.
        ScreeningRefused: an audit rule denies it.
        IllegalTransition: the visit is past preparing.
    """
    lock_charges(patient_id=Encounter.objects.values_list("patient_id", flat=True).get(revisit=revisit_id))
    revisit = steps.locked(pk=revisit_id)
    visit_for(by, revisit.encounter.number)
    if revisit.bill:
        return revisit.bill
    pay_by = revisit.place.held_until if revisit.state == RevisitState.PREPARING else None
    if pay_by is None:
        raise StepsMissing(_("This visit is not waiting to be booked any more."))
    encounter = revisit.encounter
    refuse_if_any(missing_before_payment(encounter, clock.day_of(at)), StepsMissing)
    priced = reasoned_quote_for(
        lines=[ServiceLine("consultation", ONLINE_REVISIT, Decimal(1))],
        institution=encounter.institution,
        service_on=encounter.service_on,
        practitioner_title=encounter.practitioner.title,
        patient_age=encounter.patient.age_on(encounter.service_on),
        department=encounter.department.code,
        encounter=encounter.number,
        charged=charged_before(encounter, encounter.service_on),
    )
    bill = open_bill(
        encounter_id=encounter.pk,
        purpose=BillPurpose.CONSULTATION,
        quote=priced.quote,
        stored_quote=keep_quote(priced, at=at),
        by=by,
        at=at,
    )
    revisit.bill = bill
    revisit.save(update_fields=["bill"])
    order = order_of_bill(bill, is_insured=uses_insurance and encounter.coverage_id is not None, at=at)
    screen(order, moment=Moment.BEFORE_CHARGING, by=by, at=at).refuse()
    open_checkout(bill_id=bill.pk, uses_insurance=uses_insurance, pay_by=pay_by, by=by, at=at)
    return bill


@transaction.atomic
def cancel(*, revisit_id: int, by: User, at: datetime) -> Revisit:
    """She gives the visit up before the doctor begins; what the policy gives of what she paid goes back.

    Raises:
        IllegalTransition: the doctor has begun, or it has ended.
    """
    revisit = steps.locked_with_money(pk=revisit_id)
    visit_for(by, revisit.encounter.number)
    if revisit.state == RevisitState.CANCELLED:
        return revisit
    steps.move(revisit, RevisitEvent.CANCEL, by=by, at=at, ended_at=at, stop_code="cancelled")
    steps.free_place(revisit)
    if revisit.bill_id:
        situation = cancelled_when(revisit.slot.starts_at, revisit.slot.ends_at, at)
        refund_by_policy(bill_id=revisit.bill_id, situation=situation, by=by, at=at)
    return revisit


def release_lapsed_holds(*, at: datetime) -> int:
    """Give places back whose time to pay is over; returns how many were looked at.

    A visit with a payment order open keeps its place until the channel says that nothing was paid.
    """
    return _release_all(Place.objects.all(), at=at)


def _release_all(places: QuerySet[Place], *, at: datetime) -> int:
    """Release what has lapsed of these places; how many were looked at."""
    lapsed = places.filter(held_until__lt=at, revisit__state=RevisitState.PREPARING)
    visits = [pk for pk in lapsed.order_by("pk").values_list("revisit_id", flat=True) if pk is not None]
    for revisit_id in visits:
        with jobs.alone("release_hold", revisit_id):
            release_hold(revisit_id=revisit_id, at=at)
    return len(visits)


@transaction.atomic
def release_hold(*, revisit_id: int, at: datetime) -> bool:
    """Give one place back when its time to pay is over; whether the visit has ended by this.

    With a payment order open it has not yet: the channel has to say first that nothing was paid.
    """
    revisit = steps.locked_with_money(pk=revisit_id)
    if (
        revisit.state != RevisitState.PREPARING
        or revisit.place.held_until is None
        or revisit.place.held_until >= at
    ):
        return False
    if revisit.bill_id:
        close_unpaid(bill_id=revisit.bill_id, reason=gettext_noop("Not paid in time."), by=None, at=at)
        revisit.refresh_from_db(fields=["state"])
    else:
        lapse(revisit, at=at)
    return revisit.state == RevisitState.CANCELLED


def lapse(revisit: Revisit, *, at: datetime) -> None:
    """End a visit whose place was not paid for."""
    steps.move(revisit, RevisitEvent.CANCEL, by=None, at=at, ended_at=at, stop_code="unpaid")
    steps.free_place(revisit)
