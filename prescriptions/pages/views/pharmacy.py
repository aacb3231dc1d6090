"""The pharmacist's desk: review, then hand out."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role, User
from accounts.permissions import role_required, user_of
from kernel import clock, live
from kernel.errors import DomainError
from kernel.forms import show_refusal
from kernel.workflow import IllegalTransition
from prescriptions import operations, queries
from prescriptions.errors import NotDispensable
from prescriptions.models import Prescription
from prescriptions.pages.forms import PacksForm, ReturnForm
from prescriptions.pages.presenters.packs import handed_out, packs_forms, show_packs_refusal
from prescriptions.pages.presenters.pharmacy import review_view, rows_of
from prescriptions.pages.views.packs import remember_suspicion
from prescriptions.states import PrescriptionState
from registry.models import Practitioner
from screening.errors import ScreeningRefused


@never_cache
@require_GET
@role_required(Role.PHARMACIST)
def review_queue(request: HttpRequest) -> HttpResponse:
    """What waits for review and for handing out, the longest waiting first."""
    return render(request, "prescriptions/pharmacy.html", _page(user_of(request)))


@never_cache
@require_GET
@role_required(Role.PHARMACIST)
def queue_fragment(request: HttpRequest) -> HttpResponse:
    """The lists again; ``on`` is the number that is open."""
    return render(
        request, "prescriptions/_queue.html", _lists(user_of(request)) | {"on": request.GET.get("on", "")}
    )


@never_cache
@require_GET
@role_required(Role.PHARMACIST)
def review(request: HttpRequest, number: str) -> HttpResponse:
    """One prescription with everything needed to decide."""
    user = user_of(request)
    prescription = queries.prescription_for_review(user, number)
    return _shown(request, user, prescription, ReturnForm())


@never_cache
@require_POST
@role_required(Role.PHARMACIST)
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Pass it, or return it with a reason."""
    user = user_of(request)
    prescription = queries.prescription_for_review(user, number)
    passed = request.POST.get("decision") == "pass"
    form = ReturnForm(request.POST)
    try:
        form.is_valid()
        operations.review(
            prescription_id=prescription.pk, passed=passed, by=user, at=clock.now(),
            reason_code=request.POST.get("reason_code", ""), reason=request.POST.get("reason", ""),
        )  # fmt: skip
    except DomainError as error:
        return _refused(request, user, prescription, error, form)
    said = _("Passed. The patient can pay now.") if passed else _("Returned to the doctor.")
    messages.success(request, said)
    return redirect(*_next(queries.pharmacist_of(user)))


def _refused(
    request: HttpRequest, user: User, prescription: Prescription, error: DomainError, form: ReturnForm
) -> HttpResponse:
    """Say why beside the fields; what was typed stays."""
    wants_to_return = request.POST.get("decision") == "return"
    shown = form if wants_to_return else ReturnForm(initial=request.POST.dict())
    if wants_to_return and form.errors:
        return _shown(
            request, user, queries.prescription_for_review(user, prescription.number), form, status=422
        )
    if wants_to_return:
        show_refusal(shown, error)
    messages.error(request, _said(error))
    fresh = queries.prescription_for_review(user, prescription.number)
    return _shown(request, user, fresh, shown, status=409)


def _said(error: DomainError) -> str:
    if not error.violations:
        return str(error.message)
    return " ".join(f"{violation.message} {violation.way_on}".strip() for violation in error.violations)


@never_cache
@require_POST
@role_required(Role.PHARMACIST)
def dispense(request: HttpRequest, number: str) -> HttpResponse:
    """Hand the medicines out after the ten comparisons."""
    user = user_of(request)
    prescription = queries.prescription_for_review(user, number)
    ticked = request.POST.getlist("checks")
    forms = packs_forms(prescription, request.POST)
    fresh = partial(queries.prescription_for_review, user, number)
    if not all(form.is_valid() for form in forms):
        return _shown(request, user, fresh(), ReturnForm(), ticked=ticked, packs=forms, status=422)
    packs = [form.packs() for form in forms]
    try:
        operations.dispense(
            prescription_id=prescription.pk, checks=ticked, packs=packs, by=user, at=clock.now()
        )
    except (NotDispensable, ScreeningRefused, IllegalTransition) as error:
        remember_suspicion(prescription, packs, error, by=user)
        show_packs_refusal(forms, error)
        messages.error(request, _said(error))
        return _shown(request, user, fresh(), ReturnForm(), ticked=ticked, packs=forms, status=409)
    messages.success(request, _("Handed out."))
    return redirect(*_next(queries.pharmacist_of(user)))


def _next(pharmacist: Practitioner) -> list[Any]:
    """The next one in the queue, or the empty desk."""
    following = queries.review_queue(pharmacist).values_list("number", flat=True).first()
    return ["prescriptions:review", following] if following else ["prescriptions:review_queue"]


def _shown(
    request: HttpRequest, user: User, prescription: Prescription, form: ReturnForm,
    *, ticked: list[str] | None = None, packs: list[PacksForm] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    view = review_view(prescription, queries.pharmacist_of(user), clock.now())
    shown = _page(user) | {"view": view, "form": form, "on": prescription.number, "ticked": ticked or []}
    shown["may_decide"] = prescription.state == PrescriptionState.SUBMITTED
    shown["may_dispense"] = prescription.state == PrescriptionState.PAID
    if shown["may_dispense"]:
        shown["packs_forms"] = packs or packs_forms(prescription)
    shown |= handed_out(prescription)
    return render(request, "prescriptions/review.html", shown, status=status)


def _page(user: User) -> dict[str, Any]:
    return _lists(user) | {"rail": "pharmacy", "token": live.token_for("review", user.pk), "on": ""}


def _lists(user: User) -> dict[str, Any]:
    """Three lists; the number of statements does not depend on their length."""
    pharmacist, now = queries.pharmacist_of(user), clock.now()
    midnight = operations.valid_until(now, 0)
    return {
        "waiting": rows_of(list(queries.review_queue(pharmacist)), now),
        "to_dispense": rows_of(list(queries.dispensing_queue(pharmacist)), now),
        "decided": list(queries.decided_by(pharmacist, midnight)[:20]),
    }
