"""Make the encounter known to the insurer: who she is (1101), the visit (2201), its diagnoses (2203A)."""

from datetime import timedelta

from django.conf import settings

from encounters.models import Encounter, FirstVisitProof
from insurance.gateway import messages as m
from insurance.gateway.port import GatewayRefused, InsuranceGateway, MessageAlreadyReceived
from insurance.gateway.profile import profile_for
from insurance.models import GatewayMessage, VisitRegistration
from insurance.operations.chronic import treatment_type_of
from insurance.operations.insurer import refuses_repeats
from insurance.operations.messages import exchange, is_unheard
from insurance.queries.eligibility import said_in_full, way_on
from insurance.rules.coverages import CoverageFacts, coverage_that_pays, coverage_violation
from insurance.rules.revisits import window_violation
from insurance.states import MessageState
from kernel import clock

_CLOCKS_APART = timedelta(minutes=1)
"""Around the beginning of a visit, as it is asked about: seconds are cut off on the way."""


def certificate_of(registration: VisitRegistration) -> tuple[str, str]:
    """By what she is known there, kind and number: her e-voucher when she authorised with it, else her identity card."""
    authorization = registration.authorization
    if authorization is not None and authorization.voucher_token:
        return m.E_VOUCHER, authorization.voucher_token
    return m.ID_NUMBER, registration.encounter.patient.id_number


def reported_treatment_type(registration: VisitRegistration) -> str:
    """med_type as the visit was last reported."""
    return treatment_type_of(registration, registration.reported_disease)


def ensure_registered(registration: VisitRegistration, gateway: InsuranceGateway) -> None:
    """Carry out 1101 and 2201 once for an encounter.

    Raises:
        GatewayRefused: she is not insured as stated, or the insurer does not register the visit.
        GatewayUnanswered: not known; asked again later under the same numbers.
    """
    if registration.registered_at and not registration.cancelled_at:
        return
    if not registration.person_number:
        _identify(registration, gateway)
    try:
        visit_number = _register(registration, gateway)
    except (GatewayRefused, MessageAlreadyReceived):
        visit_number = _registered_unheard(registration, gateway)
        if not visit_number:
            # What 1101 said may have been about somebody else: next time she is looked up anew.
            registration.person_number = ""
            registration.save(update_fields=["person_number"])
            raise
    registration.visit_number = visit_number
    registration.registered_at, registration.cancelled_at = clock.now(), None
    registration.save(update_fields=["visit_number", "registered_at", "cancelled_at"])


def refuse_beyond_window(registration: VisitRegistration) -> None:
    """Look at the day of the diagnosis where the province allows fewer days than the hospital itself (V-12).

    Raises:
        GatewayRefused: the diagnosis is too old for the insurance; nothing is sent.
    """
    encounter = registration.encounter
    days = profile_for(encounter.institution.region_code).revisit_window_days
    if days >= settings.REVISIT_PROOF_WINDOW_DAYS:
        return
    proof = FirstVisitProof.objects.filter(encounter=encounter).first()
    way = way_on(encounter.institution.phone)
    if proof and (found := window_violation(proof.diagnosed_on, on=encounter.service_on, days=days, way=way)):
        raise GatewayRefused(said_in_full(found))


def _register(registration: VisitRegistration, gateway: InsuranceGateway) -> str:
    """2201: the insurer's number of the visit.

    Where a number is refused that was sent before, one that was never answered is not sent again: the insurer is
    asked, and told anew when it holds no such visit. It takes our number of the visit only once.
    """
    anew = refuses_repeats(registration.encounter.institution) and is_unheard("2201", registration)
    if anew and (held := _held_visit(registration, gateway)):
        return held
    request = _visit(registration, registration.encounter)
    reply = exchange(
        "2201",
        lambda msgid: gateway.register_visit(msgid, request),
        registration=registration,
        repeatable=anew,
    )
    return reply.visit_number


def _registered_unheard(registration: VisitRegistration, gateway: InsuranceGateway) -> str:
    """The insurer's number of a visit whose registration was made, but never answered to us; empty when there is none.

    A 2201 that is refused after one without an answer says nothing about the first, so 5201 is asked.

    Raises:
        GatewayUnanswered: not known; 2201 is tried, and this asked, again later.
    """
    sent = GatewayMessage.objects.filter(registration=registration, transaction_code="2201")
    if sum(sent.values_list("attempts", flat=True)) < 2:
        return ""
    return _held_visit(registration, gateway)


def _held_visit(registration: VisitRegistration, gateway: InsuranceGateway) -> str:
    """5201: the insurer's number of our visit; empty when it holds none.

    Raises:
        GatewayUnanswered: not known.
    """
    opened_at = registration.encounter.opened_at
    request = m.QueryVisits(
        insured_region=registration.insured_region,
        person_number=registration.person_number,
        from_at=opened_at - _CLOCKS_APART,
        until_at=opened_at + _CLOCKS_APART,
    )
    try:
        reply = exchange(
            "5201",
            lambda msgid: gateway.query_visits(msgid, request),
            registration=registration,
            repeatable=True,
        )
    except GatewayRefused:
        return ""
    ours = hospital_visit_number(registration)
    return next((row.visit_number for row in reply.visits if row.hospital_visit_number == ours), "")


def hospital_visit_number(registration: VisitRegistration) -> str:
    """ipt_otp_no: our number of the encounter, with an ending when the visit was cancelled and is registered anew."""
    number = registration.encounter.number
    if registration.registered_at is None:
        return number
    cancelled = GatewayMessage.objects.filter(
        registration=registration, transaction_code="2202", state=MessageState.ANSWERED
    ).count()
    return f"{number}-{cancelled + 1}" if cancelled else number


def cancel_visit(registration: VisitRegistration, gateway: InsuranceGateway) -> None:
    """2202: the insurer knows nothing of the visit afterwards.

    Raises:
        GatewayRefused: a settlement of it is in force.
        GatewayUnanswered: not known; asked again later.
    """
    request = m.CancelVisit(
        insured_region=registration.insured_region,
        person_number=registration.person_number,
        visit_number=registration.visit_number,
        hospital_visit_number=hospital_visit_number(registration),
    )
    exchange("2202", lambda msgid: gateway.cancel_visit(msgid, request), registration=registration)
    registration.cancelled_at = clock.now()
    registration.save(update_fields=["cancelled_at"])


def _identify(registration: VisitRegistration, gateway: InsuranceGateway) -> None:
    """1101: take the coverage in force that she states."""
    patient = registration.encounter.patient
    kind, number = certificate_of(registration)
    request = m.ReadPerson(
        certificate_type=kind,
        certificate_number=number,
        id_type="01",
        id_number=patient.id_number,
        person_name=patient.name,
    )
    person = exchange(
        "1101",
        lambda msgid: gateway.read_person(msgid, request),
        registration=registration,
        repeatable=True,
    )
    row = _coverage_in_force(person, registration)
    registration.person_number = person.person_number
    registration.person_type = row.person_type
    registration.insurance_type = row.insurance_type
    registration.insured_region = row.insured_region
    registration.save(update_fields=["person_number", "person_type", "insurance_type", "insured_region"])


def _coverage_in_force(person: m.PersonReply, registration: VisitRegistration) -> m.CoverageRow:
    """The row that pays, by what she states and what is in force there."""
    stated, phone = registration.coverage, registration.encounter.institution.phone
    rows = [
        CoverageFacts(key, row.insurance_type, row.insured_region, row.status, row.suspended_on)
        for key, row in enumerate(person.coverages)
    ]
    found = coverage_that_pays(rows, insurance_type=stated.insurance_type, region=stated.insured_region)
    if found is None:
        refused = coverage_violation(rows, insurance_type=stated.insurance_type, way=way_on(phone))
        raise GatewayRefused(said_in_full(refused))
    return person.coverages[found.key]


def _visit(registration: VisitRegistration, encounter: Encounter) -> m.RegisterVisit:
    """2201 in our words."""
    doctor, department = encounter.practitioner, encounter.department
    kind, number = certificate_of(registration)
    return m.RegisterVisit(
        insured_region=registration.insured_region,
        person_number=registration.person_number,
        insurance_type=registration.insurance_type,
        registered_at=encounter.opened_at,
        certificate_type=kind,
        certificate_number=number,
        hospital_visit_number=hospital_visit_number(registration),
        doctor_code=doctor.insurance_code,
        doctor_name=doctor.name,
        department_code=department.code,
        department_name=department.name,
        subject_code=department.code,
    )
