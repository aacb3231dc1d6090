"""What must be true of a person before she reaches a page of care."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Role
from accounts.permissions import role_required, sent_to, user_of
from registry.queries import self_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def patient_required(view: View[P]) -> View[P]:
    """Let in a signed-in patient whose real name is verified.

    Others are led to the step that is missing (sign-in, real name) and come back here afterwards.
    """

    @role_required(Role.PATIENT)
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if self_of(user_of(request)) is None:
            messages.info(request, _("Before you can be treated online we have to know who you are."))
            return sent_to(request, reverse("registry:real_name"))
        return view(request, *args, **kwargs)

    return guarded
