"""Booking, step 1: department, doctor, who is to be seen, and when."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.permissions import user_of
from consultations.errors import PlaceTaken
from consultations.models import Slot
from consultations.operations import hold_place
from consultations.operations.schedules import DAYS_AHEAD
from consultations.pages.presenters import (
    STEPS,
    day_parts,
    day_tabs,
    days_words,
    next_words,
    slot_choices,
)
from consultations.queries import (
    day_bounds,
    fee_of,
    first_free_of,
    open_departments,
    receiving_doctors,
    slots_of,
)
from kernel import clock
from kernel.errors import DomainError, Violation
from kernel.forms import words_of
from registry.models import Patient, Practitioner
from registry.permissions import patient_required
from registry.queries import guardianships_of
from screening.operations import note_device

DAYS_SHOWN = 6


@require_GET
def departments(request: HttpRequest) -> HttpResponse:
    """Departments that receive online, with their doctors; open to everyone."""
    now = clock.now()
    found = list(open_departments())
    doctors = [doctor for department in found for doctor in department.doctors]  # type: ignore[attr-defined]
    free = first_free_of(doctors, at=now)
    for doctor in doctors:
        doctor.first_free = free.get(doctor.pk)
    context = {
        "departments": found,
        # The fee is that of an ordinary outpatient visit, the same for every doctor of the hospital (C-14).
        "fee": fee_of(doctors[0], clock.day_of(now)) if doctors else None,
        "tab": "home",
        "back": "/",
    }
    return render(request, "consultations/departments.html", context)


@patient_required
@require_http_methods(["GET", "POST"])
def book(request: HttpRequest, practitioner_id: int) -> HttpResponse:
    """Step 1: who, which day, which time."""
    doctor = get_object_or_404(receiving_doctors(), pk=practitioner_id)
    problems: list[Violation] = []
    if request.method == "POST":
        try:
            revisit = hold_place(
                slot_id=int(request.POST.get("slot", "")),
                patient_id=int(request.POST.get("patient", "")),
                by=user_of(request),
                at=clock.now(),
            )
            note_device(encounter_id=revisit.encounter_id, device=_device_of(request), at=clock.now())
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
            problems = list(refusal.violations) or [Violation("booking-1", refusal.message, field="when")]
    return render(request, "consultations/book.html", _book_context(request, doctor, problems))


def _device_of(request: HttpRequest) -> str:
    """What tells one device from another; kept as a keyed fingerprint only."""
    return f"{request.META.get('REMOTE_ADDR', '')} {request.META.get('HTTP_USER_AGENT', '')}".strip()


def _book_context(request: HttpRequest, doctor: Practitioner, problems: list[Violation]) -> dict[str, object]:
    """The strip of days, the slots of the chosen one, and what was chosen before."""
    now = clock.now()
    today = clock.day_of(now)
    chosen = _chosen_day(request, today)
    # The strip that holds the chosen day.
    first = today + timedelta(days=(chosen - today).days // DAYS_SHOWN * DAYS_SHOWN)
    days = [
        day
        for n in range(DAYS_SHOWN)
        if (day := first + timedelta(days=n)) <= today + timedelta(days=DAYS_AHEAD)
    ]
    begin, _midnight = day_bounds(first)
    slots = list(slots_of(doctor, begin=max(now, begin), end=begin + timedelta(days=DAYS_SHOWN)))
    patients = _patients(user_of(request))
    wanted = request.POST.get("patient") or request.GET.get("patient", "")
    known = {str(patient.pk) for patient in patients}
    later = first + timedelta(days=DAYS_SHOWN)
    return {
        "doctor": doctor,
        "patients": patients,
        "patient_chosen": wanted if wanted in known else str(patients[0].pk) if patients else "",
        "slot_chosen": request.POST.get("slot", ""),
        "days": day_tabs(slots, days, chosen, today),
        "month": days_words(days),
        "earlier": first - timedelta(days=DAYS_SHOWN) if first > today else None,
        "later": later if later <= today + timedelta(days=DAYS_AHEAD) else None,
        "parts": day_parts(slot_choices(slots, chosen)),
        "chosen": chosen,
        "fee": fee_of(doctor, chosen),
        "problems": [{"field": item.field, "message": words_of(item)} for item in problems],
        "is_time_refused": any(item.field != "patient" for item in problems),
        "steps": STEPS,
        "now_step": 1,
        "has_actionbar": True,
        "back": reverse("consultations:departments"),
    }


def _patients(user: User) -> list[Patient]:
    """Whom she may book for, herself first, each with ``relation`` in words."""
    guardianships = list(guardianships_of(user))
    for guardianship in guardianships:
        guardianship.patient.relation = guardianship.get_relation_display()  # type: ignore[attr-defined]
    return [guardianship.patient for guardianship in guardianships]


def _chosen_day(request: HttpRequest, today: date) -> date:
    """The day in the address, when places are opened for it by then; else today."""
    try:
        day = date.fromisoformat(request.POST.get("day") or request.GET.get("day", ""))
    except ValueError:
        return today
    return day if today <= day <= today + timedelta(days=DAYS_AHEAD) else today
