"""``POST /api/quotes``: what lines cost here on a day, and why; nothing is charged."""

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import APIException, ParseError, Throttled
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from kernel import clock
from kernel.errors import DomainError
from kernel.problems import MEDIA_TYPE, problem_of
from pricing.queries.answering import InstitutionUnknown, answered
from pricing.rules.decoding import NotJson
from pricing.rules.wire import QuoteRequest, quote_document, read_request

_LARGEST = 256 * 1024  # bytes


class NotForYou(DomainError):
    """History of a patient, or facts of one's own, are taken only from staff."""

    code = "not_for_you"
    default_message = _("What was charged to a patient before is asked only by staff who are signed in.")


class AnyText(BaseParser):
    """The body as it came; it is read by the reader that the command line has."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> dict[str, str]:
        """The text under ``text``.

        Raises:
            ParseError: it is too large, or not UTF-8.
        """
        body = stream.read(_LARGEST + 1)
        if len(body) > _LARGEST:
            raise ParseError(_("This question is too large."))
        try:
            return {"text": str(body, "utf-8-sig")}
        except UnicodeDecodeError as fault:
            raise ParseError(_("This is not UTF-8.")) from fault


class Quotes(APIView):
    """Anyone may ask for public prices; the answer is that of ``manage.py quote``."""

    authentication_classes = (SessionAuthentication,)
    permission_classes = (AllowAny,)
    parser_classes = (AnyText,)

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The quote, or every reason why there is none."""
        with translation.override(_language(request)):
            try:
                asked = read_request(_text(request))
                _refuse_history(asked, request)
                found = answered(asked, today=clock.day_of(clock.now()))
            except DomainError as refusal:
                return _problem(problem_of(refusal, status=_status(refusal)))
        return Response(quote_document(found.lines, found.context, found.facts, found.quote))

    def handle_exception(self, exc: Exception) -> Response:
        """Also what is refused before anything is read is a problem document."""
        answer = super().handle_exception(exc)
        if isinstance(exc, APIException):
            refusal = DomainError(str(exc.detail))
            refusal.code = "limit_reached" if isinstance(exc, Throttled) else str(exc.default_code)
            told = _problem(problem_of(refusal, status=answer.status_code))
            for name in ("Allow", "Retry-After"):
                if name in answer.headers:
                    told.headers[name] = answer.headers[name]
            return told
        return answer


def _text(request: Request) -> str:
    """The body as the parser gave it; empty where nothing was sent."""
    return str(request.data.get("text", "")) if isinstance(request.data, dict) else ""


def _refuse_history(asked: QuoteRequest, request: Request) -> None:
    """Nobody who is not of the staff sends in a patient's history, or facts to be printed in our name."""
    if not asked.charged and asked.facts is None:
        return
    if not isinstance(request.user, User) or not request.user.is_staff_member:
        raise NotForYou


def _status(refusal: DomainError) -> int:
    if isinstance(refusal, NotJson):
        return 400
    if isinstance(refusal, InstitutionUnknown):
        return 404
    return 403 if isinstance(refusal, NotForYou) else 422


def _problem(document: dict[str, Any]) -> Response:
    return Response(document, status=document["status"], content_type=MEDIA_TYPE)


def _language(request: Request) -> str:
    """The language of the cookie, else English where the machine asks for it, else Chinese."""
    chosen = str(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))
    if chosen in dict(settings.LANGUAGES):
        return chosen
    asked = request.headers.get("Accept-Language", "").lower()
    return "en" if asked.startswith("en") else settings.LANGUAGE_CODE
