"""The pharmacist's decision, and what follows from a pass."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from billing import operations as billing
from billing.models import BillPurpose
from billing.queries import charged_before
from checkout import operations as checkout
from kernel import jobs, live
from kernel.clock import day_of
from prescriptions.errors import AlreadyDecided, ReviewRefused, refuse
from prescriptions.models import Drug, Prescription, PrescriptionLine, PrescriptionReview, ReturnReason
from prescriptions.operations import bells, stock
from prescriptions.operations.circulation.opening import open_circulation
from prescriptions.operations.locking import lock_charges_for, locked_with_visit
from prescriptions.operations.screening import screen_before_charging
from prescriptions.operations.sealing import moment, seal, under
from prescriptions.queries import pharmacist_of, uses_insurance
from prescriptions.rules.findings import Words
from prescriptions.rules.reviewing import DecisionFacts, ReviewerFacts, decision_findings, reviewer_findings
from prescriptions.states import PRESCRIPTION, PrescriptionEvent, PrescriptionState
from pricing.operations import keep_quote
from pricing.queries import ReasonedQuote, reasoned_quote_for
from pricing.rules.facts import Quote, ServiceLine
from registry.models import Practitioner


@transaction.atomic
def review(
    *, prescription_id: int, passed: bool, reason_code: str = "", reason: str = "", by: User, at: datetime
) -> Prescription:
    """Pass a prescription, so that it may be charged, or return it to the doctor with a reason.

    On a pass the packs are reserved, the lines priced, and bill and checkout opened, valid as long as the
    prescription. The same decision of the same pharmacist twice does it once.

    Raises:
        NotFoundForYou: the user is no pharmacist.
        ReviewRefused: he may not decide on this one (R-01 to R-03), gives no reason (R-04), or it can no
            longer be delivered (R-05).
        AlreadyDecided: another decision was made before.
        PricingRefused: a medicine has no price today, or a charging rule forbids it.
        ScreeningRefused: an audit rule denies it by now.
    """
    reviewer = pharmacist_of(by)
    if passed:
        lock_charges_for(prescription_id)
    prescription = locked_with_visit(prescription_id)
    if prescription.state != PrescriptionState.SUBMITTED:
        return _decided_before(prescription, reviewer, passed=passed)
    drugs = stock.locked(prescription)
    decision = _decision(prescription, drugs, passed=passed, reason_code=reason_code, reason=reason, at=at)
    refuse(
        (*reviewer_findings(reviewer_facts(prescription, reviewer, at)), *decision_findings(decision)),
        ReviewRefused,
    )
    _write(prescription, reviewer, decision, at=at)
    event = PrescriptionEvent.PASS if passed else PrescriptionEvent.RETURN
    prescription.state = PRESCRIPTION.after(prescription.state, event)
    if passed:
        _take_effect(prescription, drugs, by=by, at=at)
    else:
        prescription.ended_at = at
    prescription.save()
    audit.record(
        f"prescriptions.prescription.{prescription.state.value}",
        on=prescription,
        by=by,
        at=at,
        facts={"reason_code": reason_code},
    )
    bells.ring_for(prescription)
    live.ring("review")
    return prescription


def reviewer_facts(prescription: Prescription, reviewer: Practitioner, at: datetime) -> ReviewerFacts:
    """The pharmacist against this prescription; the same identity number is the same person."""
    prescriber = prescription.prescriber
    same_number = bool(reviewer.id_fingerprint) and reviewer.id_fingerprint == prescriber.id_fingerprint
    same_account = reviewer.user_id is not None and reviewer.user_id == prescriber.user_id
    return ReviewerFacts(
        profession=reviewer.profession,
        title=reviewer.title,
        years=reviewer.independent_years_on(day_of(at)),
        is_of_the_institution=reviewer.institution_id == prescription.encounter.institution_id,
        is_the_prescriber=reviewer.pk == prescriber.pk or same_account or same_number,
    )


def _decided_before(prescription: Prescription, reviewer: Practitioner, *, passed: bool) -> Prescription:
    decided = PrescriptionReview.objects.filter(prescription=prescription).first()
    if decided and decided.reviewer_id == reviewer.pk and decided.is_passed == passed:
        return prescription
    raise AlreadyDecided


def _decision(
    prescription: Prescription,
    drugs: dict[int, Drug],
    *,
    passed: bool,
    reason_code: str,
    reason: str,
    at: datetime,
) -> DecisionFacts:
    short = [
        drug
        for drug_id, packs in stock.packs_of(prescription).items()
        if (drug := drugs[drug_id]).available < packs
    ]
    return DecisionFacts(
        passed=passed,
        reason_code=reason_code,
        reason=reason,
        known_codes=frozenset(ReturnReason.values),
        is_still_valid=prescription.valid_until is not None and at < prescription.valid_until,
        shortages=tuple(Words(str(drug), f"{drug.generic_name_en} {drug.strength}") for drug in short),
    )


def _write(
    prescription: Prescription, reviewer: Practitioner, decision: DecisionFacts, *, at: datetime
) -> None:
    code = "" if decision.passed else decision.reason_code
    reason = "" if decision.passed else decision.reason.strip()
    said = ("passed" if decision.passed else "returned", code, reason, reviewer.insurance_code, moment(at))
    PrescriptionReview.objects.create(
        prescription=prescription, is_passed=decision.passed, reason_code=code, reason=reason,
        reviewer=reviewer, reviewed_at=at, signature=seal(under(prescription.signature, *said)),
    )  # fmt: skip


def _take_effect(prescription: Prescription, drugs: dict[int, Drug], *, by: User, at: datetime) -> None:
    if prescription.valid_until is None:
        raise ValueError("a signed prescription has an end of validity")
    screen_before_charging(prescription, by=by, at=at)
    stock.reserve(prescription, drugs)
    prescription.effective_at = at
    priced = _priced(prescription, at)
    prescription.bill = billing.open_bill(
        encounter_id=prescription.encounter_id,
        purpose=BillPurpose.DRUGS,
        quote=priced.quote,
        stored_quote=keep_quote(priced, at=at),
        by=by,
        at=at,
    )
    jobs.enqueue("prescriptions.analyse_before_charging", prescription_id=prescription.pk)
    checkout.open_checkout(
        bill_id=prescription.bill.pk, uses_insurance=uses_insurance(prescription.encounter),
        pay_by=prescription.valid_until, by=by, at=at,
    )  # fmt: skip
    open_circulation(prescription, by=by, at=at)


def quote_of(
    prescription: Prescription, at: datetime, lines: Sequence[PrescriptionLine] | None = None
) -> Quote:
    """What the packs cost on the day of ``at``, after everything that stands charged to the patient.

    Raises:
        PricingRefused: a medicine has no price, or a charging rule forbids it; ``violations`` names each.
    """
    return _priced(prescription, at, lines).quote


def _priced(
    prescription: Prescription, at: datetime, lines: Sequence[PrescriptionLine] | None = None
) -> ReasonedQuote:
    chosen = prescription.lines.select_related("drug") if lines is None else lines
    encounter = prescription.encounter
    return reasoned_quote_for(
        lines=[ServiceLine(str(line.number), line.drug.code, Decimal(line.packs)) for line in chosen],
        institution=encounter.institution,
        service_on=day_of(at),
        patient_age=encounter.patient.age_on(day_of(at)),
        department=encounter.department.code,
        encounter=encounter.number,
        charged=charged_before(encounter, day_of(at)),
    )
