"""Two small rules for every request: which language, and a looser content policy for the admin."""

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.views.defaults import page_not_found

from kernel.errors import NotFoundForYou

GetResponse = Callable[[HttpRequest], HttpResponse]


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Chinese unless the person chose English.

    The browser's own preference is not asked: a hospital's pages are Chinese by default, and the switch to
    English is on every page.
    """

    def process_request(self, request: HttpRequest) -> None:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = {code for code, _name in settings.LANGUAGES}
        translation.activate(chosen if chosen in known else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()


class AdminContentPolicyMiddleware:
    """Let the admin's theme run: it evaluates expressions and styles elements in place.

    Only administrators reach these pages; every other page keeps the strict policy.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            looser = {"script-src": [SELF, UNSAFE_EVAL, UNSAFE_INLINE], "style-src": [SELF, UNSAFE_INLINE]}
            response._csp_replace = looser  # type: ignore[attr-defined]  # noqa: SLF001  # for CSPMiddleware
        return response


class NotFoundMiddleware:
    """Answer 404 where a record is not there or not this person's: both look the same, and neither is an error."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return page_not_found(request, exception) if isinstance(exception, NotFoundForYou) else None
