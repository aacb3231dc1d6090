"""The documents of a bill, and each of them as a file."""

from django.http import HttpRequest, HttpResponse


def of_bill(request: HttpRequest, number: str) -> HttpResponse:
    raise NotImplementedError


def document(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    raise NotImplementedError
