"""Stand-ins for the addresses that the shells of the pages link to, for runs without the apps above."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from hospital.urls import urlpatterns as real


def nothing(request: HttpRequest) -> HttpResponse:
    """An empty page."""
    return HttpResponse("")


def shell(namespace: str, **names: str) -> object:
    """One namespace with some addresses."""
    patterns = [path(address, nothing, name=name) for name, address in names.items()]
    return path("", include((patterns, namespace)))


urlpatterns = [
    *real,
    shell("portal", home="", elder="elder/"),
    shell("consultations", visits="visits/"),
    shell("prescriptions", mine="prescriptions/"),
]
