"""Booking, step by step; every step is kept when it is sent."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.permissions import user_of
from consultations.errors import PlaceTaken, StepsMissing
from consultations.models import Revisit, Slot
from consultations.operations import hold_place, price_visit
from consultations.pages.presenters import STEPS, day_tabs, next_words, slot_choices
from consultations.queries import first_free_of, open_departments, receiving_doctors, slots_of, visit_for
from consultations.states import RevisitState
from encounters import operations as encounters
from encounters.models import Encounter
from encounters.pages.forms import ComplaintForm, ConsentForm, ProofForm
from encounters.queries import current_consent_document, own_records_of
from kernel import clock
from kernel.errors import DomainError, Violation
from kernel.forms import show_refusal, words_of
from pricing.queries import quote_for
from pricing.rules import Quote, ServiceLine
from pricing.rules.codes import ONLINE_REVISIT
from registry.models import Practitioner
from registry.permissions import patient_required
from registry.queries import coverage_of, patients_of, self_of

DAYS_SHOWN = 6


@require_GET
def departments(request: HttpRequest) -> HttpResponse:
    """Departments that receive online, with their doctors; open to everyone."""
    found = list(open_departments())
    doctors = [doctor for department in found for doctor in department.doctors]  # type: ignore[attr-defined]
    context = {
        "departments": found,
        "free": first_free_of(doctors, at=clock.now()),
        "tab": "home",
        "back": "/",
    }
    return render(request, "consultations/departments.html", context)


def _fee(doctor: Practitioner, on: date) -> Quote | None:
    """The fee of a visit on a day; None, said on the page, when no price is in force."""
    try:
        return quote_for(
            lines=[ServiceLine("consultation", ONLINE_REVISIT, Decimal(1))],
            institution=doctor.institution,
            service_on=on,
            practitioner_title=doctor.title,
        )
    except DomainError:
        return None


@patient_required
@require_http_methods(["GET", "POST"])
def book(request: HttpRequest, practitioner_id: int) -> HttpResponse:
    """Step 1: who, which day, which time."""
    doctor = get_object_or_404(receiving_doctors(), pk=practitioner_id)
    problems: list[Violation] = []
    if request.method == "POST":
        try:
            revisit = hold_place(
                slot_id=int(request.POST.get("slot") or 0),
                patient_id=int(request.POST.get("patient") or 0),
                by=user_of(request),
                at=clock.now(),
            )
            return redirect("consultations:complaint", number=revisit.encounter.number)
        except PlaceTaken as taken:
            words = next_words(taken.next_free)
            way_on = (
                _("Next free: %(slots)s.") % {"slots": words} if words else _("No other time is free now.")
            )
            problems = [Violation("booking-1", str(taken), way_on=way_on, field="when")]
        except (ValueError, Slot.DoesNotExist):
            problems = [Violation("booking-1", _("Please choose a time."), field="when")]
        except DomainError as refusal:
            problems = list(refusal.violations) or [Violation("booking-1", str(refusal), field="when")]
    return render(request, "consultations/book.html", _book_context(request, doctor, problems))


def _book_context(request: HttpRequest, doctor: Practitioner, problems: list[Violation]) -> dict[str, object]:
    """The strip of days, the slots of the chosen one, and what was chosen before."""
    now, user = clock.now(), user_of(request)
    today = clock.day_of(now)
    slots = list(slots_of(doctor, begin=now, end=now + timedelta(days=DAYS_SHOWN + 1)))
    chosen = _chosen_day(request, today)
    patients = list(patients_of(user))
    return {
        "doctor": doctor,
        "patients": patients,
        "patient_chosen": request.POST.get("patient") or (str(patients[0].pk) if patients else ""),
        "slot_chosen": request.POST.get("slot", ""),
        "days": day_tabs(slots, [today + timedelta(days=n) for n in range(DAYS_SHOWN)], chosen, today),
        "slots": slot_choices(slots, chosen),
        "chosen": chosen,
        "fee": _fee(doctor, chosen),
        "problems": [{"field": item.field, "message": words_of(item)} for item in problems],
        "steps": STEPS,
        "now_step": 1,
        "has_actionbar": True,
        "back": "/departments/",
    }


def _chosen_day(request: HttpRequest, today: date) -> date:
    """The day in the address, or today."""
    try:
        return date.fromisoformat(request.POST.get("day") or request.GET.get("day", ""))
    except ValueError:
        return today


def _preparing(request: HttpRequest, number: str) -> Revisit | HttpResponse:
    """Her visit while it is being booked; one that is past booking leads to its own page."""
    revisit = visit_for(user_of(request), number)
    if revisit.state != RevisitState.PREPARING:
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
        "now": clock.now(),
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
    context = _step_context(revisit, 2, "/visits/") | {"form": form}
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
    form = ProofForm(
        request.POST or None,
        request.FILES or None,
        own_records=list(own_records_of(encounter.patient, today)),
        today=today,
        initial=_proved(encounter),
    )
    if request.method == "POST" and form.is_valid() and _keep_proof(form, encounter.pk, user, now):
        return redirect("consultations:consent", number=number)
    context = _step_context(revisit, 3, f"/visits/{number}/complaint/")
    context |= {"form": form, "files": list(encounter.proof_files.all())}
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


def _proved(encounter: Encounter) -> dict[str, object]:
    """What she has stated before."""
    stated = getattr(encounter, "proof", None)
    if stated is None:
        return {}
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
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and document and form.is_valid():
        try:
            encounters.sign_consent(
                encounter_id=revisit.encounter_id, document_id=document.pk, signed_name=form.cleaned_data["signed_name"],
                language=request.LANGUAGE_CODE, ip_address=request.META.get("REMOTE_ADDR"), by=user, at=now,
            )  # fmt: skip
            return _priced(request, revisit)
        except DomainError as refusal:
            show_refusal(form, refusal)
    context = _step_context(revisit, 4, f"/visits/{number}/proof/")
    context |= {
        "form": form,
        "document": document,
        "signer": self_of(user),
        "coverage": revisit.encounter.coverage,
        "signed": getattr(revisit.encounter, "consent", None),
        "fee": _fee(revisit.encounter.practitioner, revisit.encounter.service_on),
    }
    return render(request, "consultations/consent.html", context)


def _priced(request: HttpRequest, revisit: Revisit) -> HttpResponse:
    """On to paying; a step that is missing leads back to it."""
    insured = coverage_of(revisit.encounter.patient) is not None
    try:
        bill = price_visit(revisit_id=revisit.pk, uses_insurance=insured, by=user_of(request), at=clock.now())
    except StepsMissing as missing:
        messages.warning(request, str(missing))
        step = _step_of(missing.violations[0].rule) if missing.violations else "visit"
        return redirect(f"consultations:{step}", number=revisit.encounter.number)
    return redirect("checkout:pay", number=bill.number)


def _step_of(rule: str) -> str:
    """The page on which a broken rule is mended."""
    if rule == "C-01":
        return "consent"
    return "proof" if rule.startswith("V-") else "complaint"
