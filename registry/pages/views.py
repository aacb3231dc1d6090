"""Me: who she is, for whom she acts, what insurance they have."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Role, User
from accounts.permissions import role_required, signed_in_required, user_of, wanted_address, with_next
from kernel import clock, live
from kernel.errors import DomainError, NotFoundForYou
from kernel.forms import show_refusal
from registry import operations
from registry.models import Patient, VerificationRequest
from registry.models.patients import Relation
from registry.pages import presenters
from registry.pages.forms import CoverageForm, FamilyForm, RealNameForm
from registry.permissions import patient_required
from registry.queries import coverage_of, open_verifications_of, patient_for, self_of, verification_for
from registry.states import VerificationState


@never_cache
@require_GET
@signed_in_required
def me(request: HttpRequest) -> HttpResponse:
    """Profile, family, insurance, language, sign out."""
    return render(request, "registry/me.html", presenters.me(user_of(request)))


@never_cache
@sensitive_post_parameters("name", "id_number")
@require_http_methods(["GET", "POST"])
@role_required(Role.PATIENT)
def real_name(request: HttpRequest) -> HttpResponse:
    """Name and number; then the insurance, then where the person was going."""
    user = user_of(request)
    own = self_of(user)
    if own is not None:
        return redirect(_after(request, own))
    waiting = open_verifications_of(user).filter(relation=Relation.SELF).first()
    if waiting is not None:
        return redirect(with_next("registry:verification", request, number=waiting.number))
    form = RealNameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        question = _asked_about_self(form, user)
        if question is not None:
            return _shown(request, question, form, "registry/real_name.html")
    return _form_page(request, "registry/real_name.html", form)


def _asked_about_self(form: RealNameForm, user: User) -> VerificationRequest | None:
    now = clock.now()
    try:
        question = operations.request_verification(
            relation=Relation.SELF, **form.cleaned_data, by=user, at=now
        )
    except DomainError as error:
        show_refusal(form, error)
        return None
    return operations.ask_identity(verification_id=question.pk, by=user, at=clock.now())


def _shown(
    request: HttpRequest, question: VerificationRequest, form: RealNameForm, template: str
) -> HttpResponse:
    """Go on when confirmed, wait when open, say beside the field what the register said otherwise."""
    if question.state == VerificationState.MATCHED and question.patient is not None:
        messages.success(request, _("%(name)s is confirmed.") % {"name": question.patient})
        return redirect(_after(request, question.patient))
    if question.is_open:
        return redirect(with_next("registry:verification", request, number=question.number))
    show_refusal(form, presenters.refusal_of(question))
    return _form_page(request, template, form)


def _after(request: HttpRequest, patient: Patient) -> str:
    """The insurance when nothing is stated yet, else where she was going, else Me."""
    if coverage_of(patient) is None and patient.pays_self_since is None:
        return with_next("registry:coverage", request, patient_id=patient.pk)
    return wanted_address(request) or with_next("registry:me", request)


@never_cache
@require_GET
@role_required(Role.PATIENT)
def verification(request: HttpRequest, number: str) -> HttpResponse:
    """How a confirmation stands: she may leave; the page follows by itself."""
    user = user_of(request)
    try:
        question = verification_for(user, number)
    except NotFoundForYou as error:
        raise Http404 from error
    is_part = request.headers.get("X-Requested-With") == "fetch"
    if question.state == VerificationState.MATCHED and question.patient is not None:
        # The part tells the page to come here itself, so that the message is shown once, on the next page.
        if is_part:
            return HttpResponse(headers={"X-Location": request.get_full_path()})
        messages.success(request, _("%(name)s is confirmed.") % {"name": question.patient})
        return redirect(_after(request, question.patient))
    context = presenters.standing(question) | {
        "next": wanted_address(request),
        "tab": "me",
        "back": reverse("registry:me"),
        "live_token": live.token_for(f"user:{user.pk}", user.pk),
    }
    template = "registry/_verification.html" if is_part else "registry/verification.html"
    return render(request, template, context)


@never_cache
@sensitive_post_parameters("name", "id_number", "mobile")
@require_http_methods(["GET", "POST"])
@patient_required
def family_add(request: HttpRequest) -> HttpResponse:
    """Add a family member."""
    form = FamilyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            question = operations.add_family_member(**form.cleaned_data, by=user_of(request), at=clock.now())
        except DomainError as error:
            show_refusal(form, error)
        else:
            question = operations.ask_identity(
                verification_id=question.pk, by=user_of(request), at=clock.now()
            )
            return _shown(request, question, form, "registry/family_add.html")
    return _form_page(request, "registry/family_add.html", form)


@never_cache
@require_http_methods(["GET", "POST"])
@role_required(Role.PATIENT)
def family_remove(request: HttpRequest, patient_id: int) -> HttpResponse:
    """Ask once more, then stop acting for a family member."""
    if request.method == "POST":
        return _removed(request, patient_id)
    return render(
        request,
        "registry/family_remove.html",
        {"patient": _patient(request, patient_id), "tab": "me", "back": reverse("registry:me")},
    )


def _removed(request: HttpRequest, patient_id: int) -> HttpResponse:
    try:
        right = operations.end_guardianship(patient_id=patient_id, by=user_of(request), at=clock.now())
    except NotFoundForYou as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("You no longer act for %(name)s.") % {"name": right.patient})
    return redirect("registry:me")


@never_cache
@require_http_methods(["GET", "POST"])
@role_required(Role.PATIENT)
def coverage(request: HttpRequest, patient_id: int) -> HttpResponse:
    """State or change the insurance of a patient."""
    patient = _patient(request, patient_id)
    form = CoverageForm(request.POST or None, initial=presenters.coverage_initial(patient))
    if request.method == "POST" and form.is_valid():
        kind = form.cleaned_data["insurance_type"]
        try:
            operations.state_coverage(
                patient_id=patient.pk,
                insurance_type="" if kind == "none" else kind,
                insured_region=form.cleaned_data["insured_region"],
                by=user_of(request),
                at=clock.now(),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The insurance of %(name)s is saved.") % {"name": patient})
            return redirect(wanted_address(request) or "registry:me")
    return _form_page(request, "registry/coverage.html", form, patient=patient)


def _patient(request: HttpRequest, patient_id: int) -> Patient:
    try:
        return patient_for(user_of(request), patient_id)
    except NotFoundForYou as error:
        raise Http404 from error


def _form_page(request: HttpRequest, template: str, form: object, **context: object) -> HttpResponse:
    page = {
        "form": form,
        "next": wanted_address(request),
        "tab": "me",
        "back": reverse("registry:me"),
        "has_actionbar": True,
        **context,
    }
    return render(request, template, page)
