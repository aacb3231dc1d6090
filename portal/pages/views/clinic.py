"""The doctor's workbench: her queue, one visit, and what she finds."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Role, User
from accounts.permissions import role_required, user_of
from consultations.models import Revisit
from encounters.queries import search_diagnoses
from kernel import clock, live
from kernel.errors import NotFoundForYou
from portal import operations
from portal.pages.forms import RecordForm
from portal.pages.presenters.clinic import found_items, queue_view
from portal.pages.presenters.visit import visit_context
from portal.queries.clinic import board_of, found_visits, visit_of
from registry.models import Practitioner
from registry.queries import practitioner_of

TABS = ("record", "rx", "end")


def doctor_of(request: HttpRequest) -> Practitioner:
    """The doctor who asks; 404 for an account that treats nobody any more."""
    try:
        return practitioner_of(user_of(request))
    except NotFoundForYou as error:
        raise Http404 from error


def own_visit(user: User, number: str) -> Revisit:
    """One of her visits; 404 for everything else."""
    try:
        return visit_of(user, number)
    except NotFoundForYou as error:
        raise Http404 from error


def desk_context(request: HttpRequest, doctor: Practitioner, current: str = "") -> dict[str, Any]:
    """What stands on every page of the clinic: the queue, and what was searched."""
    at, asked = clock.now(), request.GET.get("q", "").strip()
    return {
        "rail": "clinic",
        "queue": queue_view(board_of(doctor, at=at), at=at),
        "queue_token": live.token_for(f"queue:{doctor.pk}", user_of(request).pk),
        "current": current,
        "asked": asked,
        "found": found_items(found_visits(doctor, asked)) if asked else [],
    }


@never_cache
@require_safe
@role_required(Role.DOCTOR)
def clinic(request: HttpRequest) -> HttpResponse:
    """Today's queue; a visit is chosen from it."""
    return render(request, "portal/clinic.html", desk_context(request, doctor_of(request)))


@never_cache
@require_safe
@role_required(Role.DOCTOR)
def queue(request: HttpRequest) -> HttpResponse:
    """The left pane as it stands now."""
    context = desk_context(request, doctor_of(request), request.GET.get("current", ""))
    return render(request, "portal/_queue.html", context)


@never_cache
@require_safe
@role_required(Role.DOCTOR)
def encounter(request: HttpRequest, number: str) -> HttpResponse:
    """One visit: conversation, record and prescription, and who the patient is."""
    return visit_page(request, own_visit(user_of(request), number))


def visit_page(
    request: HttpRequest, revisit: Revisit, *, form: RecordForm | None = None, tab: str = "", **more: Any
) -> HttpResponse:
    """The page of one visit; a form that was refused comes back as it was typed, with status 422."""
    wanted = tab or request.GET.get("tab", "")
    context = desk_context(request, doctor_of(request), revisit.encounter.number)
    context |= visit_context(revisit, user=user_of(request), form=form, at=clock.now())
    context |= {"tab": wanted if wanted in TABS else "record", "asks_stop": "stop" in request.GET, **more}
    refused = context["form"].errors or context["stop_form"].errors
    return render(request, "portal/encounter.html", context, status=422 if refused else 200)


@never_cache
@require_safe
@role_required(Role.DOCTOR)
def diagnoses(request: HttpRequest) -> HttpResponse:
    """Diseases found by name, pinyin or code, for the list under the field."""
    text = request.GET.get("term", "").strip()
    found = search_diagnoses(text, limit=12) if text else []
    return render(request, "portal/_diagnoses.html", {"found": found, "text": text})


@never_cache
@require_POST
@role_required(Role.DOCTOR)
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Name and numbers in full, on purpose and with a trace."""
    user = user_of(request)
    revisit = own_visit(user, number)
    revealed = operations.reveal_patient(encounter_number=number, by=user, at=clock.now())
    if request.headers.get("HX-Request") == "true":
        context = visit_context(revisit, user=user, form=None, at=clock.now())
        return render(request, "portal/_who.html", context | {"revealed": revealed})
    return visit_page(request, revisit, revealed=revealed)
