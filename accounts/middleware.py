"""Sessions end when nobody uses them: soon for staff, late for patients."""

import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]

RENEWED_AT = "renewed_at"
SLICES = 15


def idle_time_of(user: User) -> timedelta:
    """How long a session of this user lives without use."""
    return settings.SESSION_IDLE_STAFF if user.is_staff_member else settings.SESSION_IDLE_PATIENT


class IdleSessionMiddleware:
    """Move the end of a session on while it is used.

    Written once a fifteenth of the idle time, not at every request, so that a page costs no write. What a
    page asks for by itself (live parts and the ping, ``X-Requested-With: fetch``) does not count as use.
    """

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer first; then renew when a person has used her session."""
        response = self.get_response(request)
        is_background = request.headers.get("X-Requested-With") == "fetch"
        if request.session.accessed and not is_background and isinstance(request.user, User):
            self._renew(request, request.user)
        return response

    def _renew(self, request: HttpRequest, user: User) -> None:
        idle = int(idle_time_of(user).total_seconds())
        renewed_at = request.session.get(RENEWED_AT, 0)
        if time.time() - renewed_at >= idle / SLICES:
            request.session[RENEWED_AT] = int(time.time())
            request.session.set_expiry(idle)
