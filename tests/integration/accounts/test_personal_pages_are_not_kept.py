"""A page for one person is kept by no browser."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts.models import Role, User
from accounts.permissions import role_required, signed_in_required

pytestmark = pytest.mark.django_db


def page(request: HttpRequest) -> HttpResponse:
    """What only she may read."""
    return HttpResponse("高血压")


@pytest.mark.parametrize("guard", [signed_in_required, role_required(Role.PATIENT)])
def test_what_only_she_may_read_is_not_stored(guard: object, rf: RequestFactory) -> None:
    assert callable(guard)
    request = rf.get("/")
    request.user = User.objects.create_user("p1", roles=[Role.PATIENT])
    assert "no-store" in guard(page)(request)["Cache-Control"]
