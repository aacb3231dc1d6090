"""Addresses of the simulators: one prefix for each, and one for their health."""

from importlib.util import find_spec

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from simulators import cashier_pages


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer "ok" when the simulators' database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def stylesheet(request: HttpRequest) -> HttpResponse:
    """The few rules that every control page shares."""
    return render(request, "simulators/page.css", content_type="text/css")


# A simulator is met at its own name: simulators.insurer at /insurer/, simulators.insurer.evoucher at /evoucher/.
SIMULATORS = [app for app in settings.INSTALLED_APPS if find_spec(f"{app}.urls")]

urlpatterns = [
    path("healthz", healthz),
    path("page.css", stylesheet),
    path("cashier.css", cashier_pages.stylesheet),
    *(path(f"{app.rpartition('.')[2]}/", include(f"{app}.urls")) for app in SIMULATORS),
]
