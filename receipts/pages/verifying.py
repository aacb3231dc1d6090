"""Whether a receipt is genuine: open to everybody."""

from django.http import HttpRequest, HttpResponse


def entry(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


def verify(request: HttpRequest, code: str) -> HttpResponse:
    raise NotImplementedError
