"""Who may open which page."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from accounts.models import Role, User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def user_of(request: HttpRequest) -> User:
    """The person signed in, for views that let nobody else through.

    Raises:
        PermissionDenied: nobody is signed in.
    """
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def signed_in_required(view: View[P]) -> View[P]:
    """Let anyone in who is signed in; others sign in (as patients) and come back."""
    return _guarded(view, roles=(), sign_in="accounts:sign_in")


def role_required(*roles: Role) -> Callable[[View[P]], View[P]]:
    """Let in who holds one of the roles.

    Nobody signed in: to the sign-in of patients or of staff, and back here afterwards. Signed in without
    the role: 403, and the view is never called.
    """
    sign_in = "accounts:sign_in" if Role.PATIENT in roles else "accounts:staff_sign_in"

    def decorate(view: View[P]) -> View[P]:
        return _guarded(view, roles=roles, sign_in=sign_in)

    return decorate


def _guarded(view: View[P], *, roles: tuple[Role, ...], sign_in: str) -> View[P]:
    # What one person may see is kept by no browser: another may use it next.
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return sent_to(request, reverse(sign_in))
        if roles and not request.user.is_in_any(roles):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def sent_to(request: HttpRequest, address: str) -> HttpResponse:
    """Send the browser to a step that must come first, remembering where it wanted to go.

    A part of a page (htmx) is not replaced by a whole page: the browser is told to leave. It comes back to
    the page that holds the part; a form that was posted comes back to its page, too, never to a second post.
    """
    is_part = request.headers.get("HX-Request") == "true"
    wanted = request.headers.get("HX-Current-URL", "") if is_part else request.get_full_path()
    if request.method != "GET" and not is_part:
        wanted = request.headers.get("Referer", wanted)
    target = f"{address}?{urlencode({REDIRECT_FIELD_NAME: wanted})}"
    if is_part:
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)


def wanted_address(request: HttpRequest) -> str:
    """Where the person was going (``next``), when it is a page of ours; else empty."""
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else ""


def with_next(name: str, request: HttpRequest, **arguments: object) -> str:
    """The address of a step that keeps where the person was going."""
    wanted = wanted_address(request)
    address = reverse(name, kwargs=arguments or None)
    return f"{address}?{urlencode({REDIRECT_FIELD_NAME: wanted})}" if wanted else address
