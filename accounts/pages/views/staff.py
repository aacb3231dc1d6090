"""Sign in with a staff number and a password; five failures lock the door for a quarter of an hour."""

from typing import Any

from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.pages.forms import StaffForm
from accounts.pages.views.session import home_of, open_session
from accounts.permissions import wanted_address

TEMPLATE = "accounts/staff_sign_in.html"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def staff_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for staff number and password."""
    if isinstance(request.user, User) and request.method == "GET":
        return redirect(wanted_address(request) or home_of(request.user))
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        if isinstance(user, User):
            return open_session(request, user)
        form.add_error(None, _("Staff number and password do not fit together. Please type both again."))
    return _page(request, form)


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Say why the door is locked and until when; called by the lock-out instead of the view's answer."""
    form = StaffForm(request.POST or None)
    form.is_valid()
    words = _(
        "Five wrong passwords: this account is locked for 15 minutes. Then try again, or ask the administrator."
    )
    form.add_error(None, words)
    return _page(request, form, status=429)


def _page(request: HttpRequest, form: StaffForm, *, status: int = 200) -> HttpResponse:
    return render(request, TEMPLATE, {"form": form, "next": wanted_address(request)}, status=status)
