"""What both ways of signing in share."""

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role, User
from accounts.permissions import wanted_address

BACKEND = "django.contrib.auth.backends.ModelBackend"


def address_of(request: HttpRequest) -> str:
    """The IP address that asks, as the lock-out counts it."""
    return str(get_client_ip_address(request) or "unknown")


def open_session(request: HttpRequest, user: User) -> HttpResponse:
    """Begin a session and go where the person was going."""
    wanted = wanted_address(request)
    login(request, user, backend=BACKEND)
    return redirect(wanted or home_of(user))


def home_of(user: User) -> str:
    """The page where this person's work begins."""
    if user.is_in_role(Role.ADMINISTRATOR) and user.is_staff:
        return "/admin/"
    return str(settings.LOGIN_REDIRECT_URL)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; the drafts a page keeps go with it."""
    logout(request)
    response = HttpResponseRedirect("/")
    # Somebody else may use this browser next. Only the page's own storage: cookies hold the language.
    response["Clear-Site-Data"] = '"storage"'
    return response


@never_cache
@require_GET
def ping(request: HttpRequest) -> HttpResponse:
    """204 while the session lives, 401 when it has ended; asking does not prolong it."""
    return HttpResponse(status=204 if request.user.is_authenticated else 401)
