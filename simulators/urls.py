"""Addresses of the simulators: one prefix for each, and one for their health."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer "ok" when the simulators' database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def stylesheet(request: HttpRequest) -> HttpResponse:
    """The few rules that every control page shares."""
    return render(request, "simulators/page.css", content_type="text/css")


urlpatterns = [
    path("healthz", healthz),
    path("page.css", stylesheet),
    path("insurer/", include("simulators.insurer.urls")),
    path("wechatpay/", include("simulators.wechatpay.urls")),
    path("identity/", include("simulators.identity.urls")),
    path("sms/", include("simulators.sms.urls")),
]
