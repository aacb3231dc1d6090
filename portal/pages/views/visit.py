"""What a doctor does in a visit: begin, decide, write, sign, stop, finish."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Role, User
from accounts.permissions import role_required, user_of
from consultations import operations as consultations
from consultations.models import Decision, Revisit
from encounters import operations as encounters
from kernel import clock
from kernel.errors import DomainError
from kernel.forms import show_refusal
from portal.pages.forms import RecordForm, StopForm, diagnosis_ids_in, record_initial, texts_of
from portal.pages.presenters.visit import codes_in_order, proven_disease
from portal.pages.views.clinic import own_visit, visit_page


def _back(number: str, tab: str = "record") -> HttpResponse:
    address = reverse("portal:encounter", kwargs={"number": number})
    return redirect(address if tab == "record" else f"{address}?tab={tab}")


def _done(
    request: HttpRequest, number: str, act: Callable[[Revisit], object], *, tab: str = "record"
) -> HttpResponse:
    """Do one thing to her visit; a refusal is said at the top of the page, and nothing is half done."""
    revisit = own_visit(user_of(request), number)
    try:
        act(revisit)
    except DomainError as refusal:
        _say(request, refusal)
    return _back(number, tab)


def _say(request: HttpRequest, refusal: DomainError) -> None:
    sentences = [f"{one.message} {one.way_on}".strip() for one in refusal.violations] or [
        str(refusal.message)
    ]
    for sentence in sentences:
        messages.warning(request, sentence)


@never_cache
@require_POST
@role_required(Role.DOCTOR)
def begin(request: HttpRequest, number: str) -> HttpResponse:
    """Receive the patient."""
    user = user_of(request)
    return _done(
        request, number, lambda row: consultations.begin_visit(revisit_id=row.pk, by=user, at=clock.now())
    )


@never_cache
@require_POST
@role_required(Role.DOCTOR)
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Say that it is a re-diagnosis; that it is none is said with a reason, by stopping."""
    return _done(request, number, lambda row: _confirm(row, user_of(request)))


@transaction.atomic
def _confirm(revisit: Revisit, user: User) -> None:
    """The record begins with what the patient has stated and the disease that is proven."""
    at = clock.now()
    consultations.decide(revisit_id=revisit.pk, decision=Decision.REVISIT, by=user, at=at)
    encounter = revisit.encounter
    if getattr(encounter, "record", None) is None:
        disease = proven_disease(encounter)
        encounters.save_record(
            encounter_id=encounter.pk,
            **record_initial(encounter, None),
            diagnosis_ids=[disease.pk] if disease else [],
            by=user,
            at=at,
        )


@never_cache
@require_http_methods(["GET", "POST"])
@role_required(Role.DOCTOR)
def stop(request: HttpRequest, number: str) -> HttpResponse:
    """Stop the visit and send the patient offline, with a reason she will read."""
    if request.method == "GET":  # a reload after a refusal
        return _back(number)
    user = user_of(request)
    revisit = own_visit(user, number)
    form = StopForm(request.POST)
    if not form.is_valid():
        return visit_page(request, revisit, stop_form=form, asks_stop=True)
    try:
        consultations.stop_visit(revisit_id=revisit.pk, **form.cleaned_data, by=user, at=clock.now())
    except DomainError as refusal:
        show_refusal(form, refusal)
        return visit_page(request, revisit, stop_form=form, asks_stop=True)
    messages.success(
        request, _("The visit is stopped. The patient is told, and the money goes back by itself.")
    )
    return redirect("portal:clinic")


@never_cache
@require_http_methods(["GET", "POST"])
@role_required(Role.DOCTOR)
def record(request: HttpRequest, number: str) -> HttpResponse:
    """Keep the record as a draft; sign it when the pressed button says so."""
    if request.method == "GET":  # a reload after a refusal
        return _back(number)
    user = user_of(request)
    revisit = own_visit(user, number)
    form = RecordForm(request.POST)
    is_part = request.headers.get("HX-Request") == "true"
    signs = request.POST.get("do") == "sign" and not is_part
    saved_at = _saved(request, revisit, form)
    if is_part:
        return render(request, "portal/_record_state.html", {"form": form, "saved_at": saved_at})
    if signs and saved_at is not None:
        try:
            encounters.sign_record(encounter_id=revisit.encounter_id, by=user, at=clock.now())
        except DomainError as refusal:
            show_refusal(form, refusal)
    if form.errors:
        chosen = codes_in_order(diagnosis_ids_in(request.POST))
        return visit_page(request, revisit, form=form, chosen=chosen, saved_at=saved_at)
    if signs:
        messages.success(request, _("The record is signed."))
    return _back(number, "rx" if signs else "record")


def _saved(request: HttpRequest, revisit: Revisit, form: RecordForm) -> datetime | None:
    """When the draft was kept; None, with the reason in the form, when it was not."""
    if not form.is_valid():
        return None
    at = clock.now()
    try:
        encounters.save_record(
            encounter_id=revisit.encounter_id,
            **texts_of(form),
            diagnosis_ids=diagnosis_ids_in(request.POST),
            by=user_of(request),
            at=at,
        )
    except DomainError as refusal:
        show_refusal(form, refusal)
        return None
    return at


@never_cache
@require_POST
@role_required(Role.DOCTOR)
def finish(request: HttpRequest, number: str) -> HttpResponse:
    """End the visit; what is still missing is named."""
    user = user_of(request)
    revisit = own_visit(user, number)
    try:
        consultations.complete_visit(revisit_id=revisit.pk, by=user, at=clock.now())
    except DomainError as refusal:
        _say(request, refusal)
        return _back(number, "end")
    messages.success(request, _("The visit is finished."))
    return redirect("portal:clinic")
