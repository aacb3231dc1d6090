"""The patient's prescriptions."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import Role, User
from accounts.permissions import role_required, user_of
from kernel import clock, live
from prescriptions import queries
from prescriptions.models import Prescription
from prescriptions.operations import holds
from prescriptions.pages.presenters.patient import PrescriptionCard, card_of
from registry.permissions import patient_required


@never_cache
@require_GET
@patient_required
def mine(request: HttpRequest) -> HttpResponse:
    """Every prescription of hers and her family's, the newest first."""
    user = user_of(request)
    shown = {"cards": _cards(user), "token": live.token_for(f"user:{user.pk}", user.pk)}
    return render(request, "prescriptions/list.html", shown | {"tab": "prescriptions"})


@never_cache
@require_GET
@patient_required
def mine_fragment(request: HttpRequest) -> HttpResponse:
    """The list again."""
    return render(request, "prescriptions/_list.html", {"cards": _cards(user_of(request))})


def _cards(user: User) -> list[PrescriptionCard]:
    found = queries.prescriptions_of(user).prefetch_related("bill__lines")[:50]
    return [card_of(prescription) for prescription in found]


@never_cache
@require_GET
@patient_required
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One prescription: where it stands, how to take what."""
    user = user_of(request)
    prescription = queries.prescription_for(user, number)
    shown = {"card": card_of(prescription), "back": reverse("prescriptions:list"), "has_actionbar": True}
    shown["token"] = live.token_for(f"prescription:{prescription.pk}", user.pk)
    return render(request, "prescriptions/detail.html", shown)


@never_cache
@require_GET
@patient_required
def detail_fragment(request: HttpRequest, number: str) -> HttpResponse:
    """The same again, when something has changed."""
    prescription = queries.prescription_for(user_of(request), number)
    return render(request, "prescriptions/_detail.html", {"card": card_of(prescription)})


@never_cache
@require_GET
@role_required(Role.PATIENT, Role.DOCTOR, Role.PHARMACIST)
def note(request: HttpRequest, number: str) -> HttpResponse:
    """The prescription note on A5: for the patient, the doctor of the visit and pharmacists."""
    user = user_of(request)
    prescription = queries.prescription_readable_by(user, number)
    shown = {"card": card_of(prescription), "prescription": prescription, "is_whole": holds(prescription)}
    shown["lines"] = list(prescription.lines.all())
    shown["age"] = prescription.encounter.patient.age_on(clock.day_of(_signed(prescription)))
    return render(request, "prescriptions/note.html", shown)


def _signed(prescription: Prescription) -> datetime:
    return prescription.signed_at or clock.now()
