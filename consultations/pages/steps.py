"""Steps 2 to 4 of booking: complaint, proof, consent; every step is kept when it is sent."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.permissions import user_of
from consultations.errors import StepsMissing
from consultations.models import Revisit
from consultations.operations import price_visit, release_hold
from consultations.pages.presenters import STEPS
from consultations.queries import fee_of, visit_for
from consultations.states import RevisitState
from encounters import operations as encounters
from encounters.models import Encounter, MedicalRecord
from encounters.pages.forms import ComplaintForm, ConsentForm, ProofForm
from encounters.queries import current_consent_document, own_records_of
from kernel import clock
from kernel.errors import DomainError
from kernel.forms import show_refusal, words_of
from pricing.rules import PricingRefused
from registry.permissions import patient_required
from registry.queries import coverage_of
from screening.errors import ScreeningRefused


def _preparing(request: HttpRequest, number: str) -> Revisit | HttpResponse:
    """Her visit while it is being booked; one that is past booking leads to its own page."""
    revisit = visit_for(user_of(request), number)
    if revisit.state != RevisitState.PREPARING or release_hold(revisit_id=revisit.pk, at=clock.now()):
        return redirect("consultations:visit", number=number)
    if revisit.bill:
        return redirect("checkout:pay", number=revisit.bill.number)
    return revisit


def _step_context(revisit: Revisit, step: int, back: str) -> dict[str, object]:
    """What every step shows."""
    return {
        "revisit": revisit,
        "encounter": revisit.encounter,
        "steps": STEPS,
        "now_step": step,
        "has_actionbar": True,
        "back": back,
        "deadline": revisit.place.held_until,
    }


@patient_required
@require_http_methods(["GET", "POST"])
def complaint(request: HttpRequest, number: str) -> HttpResponse:
    """Step 2: what is wrong, allergies, medicines, and the disease already diagnosed."""
    revisit = _preparing(request, number)
    if isinstance(revisit, HttpResponse):
        return revisit
    encounter = revisit.encounter
    form = ComplaintForm(request.POST or None, initial=_said(encounter))
    if request.method == "POST" and not form.wants_search and form.is_valid():
        try:
            encounters.describe(
                encounter_id=encounter.pk, **form.cleaned_data, by=user_of(request), at=clock.now()
            )
            return redirect("consultations:proof", number=number)
        except DomainError as refusal:
            show_refusal(form, refusal)
    context = _step_context(revisit, 2, reverse("consultations:visits")) | {"form": form}
    return render(request, "consultations/complaint.html", context)


@patient_required
@require_http_methods(["GET", "POST"])
def proof(request: HttpRequest, number: str) -> HttpResponse:
    """Step 3: the proof that a hospital has diagnosed the same disease."""
    revisit = _preparing(request, number)
    if isinstance(revisit, HttpResponse):
        return revisit
    encounter, user, now = revisit.encounter, user_of(request), clock.now()
    today = clock.day_of(now)
    if request.method == "POST" and request.POST.get("remove", "").isdecimal():
        encounters.remove_proof_file(
            encounter_id=encounter.pk, file_id=int(request.POST["remove"]), by=user, at=now
        )
        return redirect("consultations:proof", number=number)
    records = list(own_records_of(encounter.patient, today))
    form = ProofForm(
        request.POST or None,
        request.FILES or None,
        own_records=records,
        today=today,
        initial=_proved(encounter, records),
    )
    if request.method == "POST" and form.is_valid() and _keep_proof(form, encounter.pk, user, now):
        return redirect("consultations:consent", number=number)
    context = _step_context(revisit, 3, reverse("consultations:complaint", args=[number]))
    context |= {
        "form": form,
        "files": list(encounter.proof_files.all()),
        "window": settings.REVISIT_PROOF_WINDOW_DAYS,
    }
    return render(request, "consultations/proof.html", context)


def _keep_proof(form: ProofForm, encounter_id: int, user: User, now: datetime) -> bool:
    """Keep the files first, then what they prove; a refusal stands beside its field and keeps the files."""
    try:
        for upload in form.uploads:
            encounters.add_proof_file(encounter_id=encounter_id, upload=upload, by=user, at=now)
        encounters.state_proof(encounter_id=encounter_id, **form.statement(), by=user, at=now)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return False
    return True


def _said(encounter: Encounter) -> dict[str, object]:
    """What she has said before, so that coming back shows it."""
    return {
        "complaint": encounter.complaint,
        "allergies": encounter.allergies,
        "current_medicines": encounter.current_medicines,
        "disease_id": encounter.known_disease_id,
    }


def _proved(encounter: Encounter, records: Sequence[MedicalRecord]) -> dict[str, object]:
    """What she has stated before; at first the newest record of the same disease, when there is one."""
    stated = getattr(encounter, "proof", None)
    if stated is None:
        known = encounter.known_disease.category if encounter.known_disease else ""
        same = [
            record for record in records if known in {one.code.category for one in record.diagnoses.all()}
        ]
        return {"own_record_id": same[0].pk} if same else {}
    return {
        "own_record_id": stated.own_record_id or "",
        "kind": stated.kind,
        "diagnosed_on": stated.diagnosed_on,
        "hospital_name": stated.hospital_name,
    }


@patient_required
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, number: str) -> HttpResponse:
    """Step 4: the informed consent, then the price."""
    revisit = _preparing(request, number)
    if isinstance(revisit, HttpResponse):
        return revisit
    user, now = user_of(request), clock.now()
    document = current_consent_document(clock.day_of(now))
    signed = getattr(revisit.encounter, "consent", None)
    form = ConsentForm(request.POST if request.method == "POST" and not signed else None)
    if request.method == "POST" and signed:
        return _priced(request, revisit)
    if request.method == "POST" and document and form.is_valid():
        try:
            encounters.sign_consent(
                encounter_id=revisit.encounter_id, document_id=document.pk, signed_name=form.cleaned_data["signed_name"],
                language=request.LANGUAGE_CODE, ip_address=request.META.get("REMOTE_ADDR"), by=user, at=now,
            )  # fmt: skip
            return _priced(request, revisit)
        except DomainError as refusal:
            show_refusal(form, refusal)
    context = _step_context(revisit, 4, reverse("consultations:proof", args=[number]))
    context |= {
        "form": form,
        "document": signed.document if signed else document,
        "signed": signed,
        "fee": fee_of(revisit.encounter.practitioner, revisit.encounter.service_on),
    }
    return render(request, "consultations/consent.html", context)


def _priced(request: HttpRequest, revisit: Revisit) -> HttpResponse:
    """On to paying; a step that is missing leads back to it, and what forbids charging is told."""
    insured = coverage_of(revisit.encounter.patient) is not None
    try:
        bill = price_visit(revisit_id=revisit.pk, uses_insurance=insured, by=user_of(request), at=clock.now())
    except StepsMissing as missing:
        messages.warning(request, str(missing))
        step = _step_of(missing.violations[0].rule) if missing.violations else "visit"
        return redirect(f"consultations:{step}", number=revisit.encounter.number)
    except (PricingRefused, ScreeningRefused) as refused:
        for violation in refused.violations:
            messages.warning(request, words_of(violation))
        return redirect("consultations:consent", number=revisit.encounter.number)
    return redirect("checkout:pay", number=bill.number)


def _step_of(rule: str) -> str:
    """The page on which a broken rule is mended."""
    if rule == "C-01":
        return "consent"
    return "proof" if rule.startswith("V-") else "complaint"
