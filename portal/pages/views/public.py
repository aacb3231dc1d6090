"""The open pages: what the hospital offers, who licensed it, large print, and the page without a network."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import wanted_address
from kernel import clock
from kernel.presentation import MODE_COOKIE
from portal.pages.presenters.public import hospital_context, public_home_context

ELDER = "elder"
YEAR = 365 * 24 * 3600


def public_home(request: HttpRequest) -> HttpResponse:
    """The first page for whoever is not signed in."""
    context = public_home_context(on=clock.day_of(clock.now()))
    return render(request, "portal/public_home.html", context)


@require_safe
def hospital(request: HttpRequest) -> HttpResponse:
    """Licence, departments, doctors with their papers, and where to complain."""
    context = hospital_context(on=clock.day_of(clock.now()))
    if context is None:
        raise Http404
    return render(request, "portal/hospital.html", context)


@require_POST
def elder(request: HttpRequest) -> HttpResponse:
    """Switch large print on or off for this browser and stay on the page."""
    response = redirect(wanted_address(request) or "portal:home")
    if request.POST.get("mode") == ELDER:
        response.set_cookie(MODE_COOKIE, ELDER, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie(MODE_COOKIE, samesite="Lax")
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown when there is no network."""
    return render(request, "offline.html")
