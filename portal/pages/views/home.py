"""The first page: open to everyone, a patient's own, or the way to the workbench."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Role, User
from accounts.permissions import role_required, user_of
from kernel import clock
from portal.pages.presenters import home as presenter
from portal.pages.views.public import public_home
from registry.queries import institution


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """One address for all: what is shown depends on who asks."""
    if not isinstance(request.user, User):
        return public_home(request)
    workbench = _workbench_of(request.user)
    if workbench:
        return redirect(workbench)
    if not request.user.is_in_role(Role.PATIENT):
        return public_home(request)
    return _patient_home(request, request.user)


def _workbench_of(user: User) -> str:
    """Where this person works; empty for patients and for offices without a desk of their own."""
    if user.is_in_role(Role.DOCTOR):
        return reverse("portal:clinic")
    if user.is_in_role(Role.PHARMACIST):
        return reverse("prescriptions:review_queue")
    if user.is_staff:
        return reverse("admin:index")
    if user.is_in_role(Role.INSURANCE_OFFICE):
        return reverse("insurance:office")
    return reverse("pricing:office") if user.is_in_role(Role.FINANCE) else ""


def _patient_home(request: HttpRequest, user: User) -> HttpResponse:
    at = clock.now()
    hospital = institution()
    context = {
        "tab": "home",
        "hello": presenter.hello(at),
        "hospital": hospital,
        "help_phone": hospital.phone if hospital else "",
        **presenter.next_context(user, at=at),
        **presenter.todo_context(user, at=at),
    }
    return render(request, "portal/patient_home.html", context)


@never_cache
@require_safe
@role_required(Role.PATIENT)
def home_next(request: HttpRequest) -> HttpResponse:
    """The card of the next visit as it stands now."""
    return render(request, "portal/_next.html", presenter.next_context(user_of(request), at=clock.now()))


@never_cache
@require_safe
@role_required(Role.PATIENT)
def home_todo(request: HttpRequest) -> HttpResponse:
    """What needs her as it stands now."""
    return render(request, "portal/_todo.html", presenter.todo_context(user_of(request), at=clock.now()))
