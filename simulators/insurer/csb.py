"""The CSB door: HMAC-SHA1 over four headers.

Source: a public hospital client; what the gateway answers to a wrong signature is our choice (HTTP 403).
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from simulators import keys

from .views import answer

FRESH_SECONDS = 180
SIGNED = ("_api_access_key", "_api_name", "_api_timestamp", "_api_version")


@require_POST
def csb(request: HttpRequest, infno: str = "") -> HttpResponse:
    """Answer one transaction; which one is the name of the service that is called."""
    sent = {name: _header(request, name) for name in (*SIGNED, "_api_signature")}
    if reason := failure(sent, keys.from_environment().settings, now=time.time()):
        return JsonResponse({"code": "403", "message": reason}, status=403)
    return answer(sent["_api_name"], request.body)


def failure(sent: Mapping[str, str], settings: Mapping[str, str], *, now: float) -> str:
    """Say why a call does not pass, nothing when it does. ``now`` is in unix seconds."""
    if not all(sent.values()):
        return "Auth failed: missing header"
    stamp = sent["_api_timestamp"]
    if not stamp.isascii() or not stamp.isdigit() or abs(now - int(stamp)) > FRESH_SECONDS:
        return "Auth failed: timestamp"
    plain = "&".join(f"{name}={sent[name]}" for name in sorted(SIGNED))
    digest = hmac.new(settings["INSURANCE_CSB_SECRET_KEY"].encode(), plain.encode(), hashlib.sha1).digest()
    right = hmac.compare_digest(base64.b64encode(digest).decode(), sent["_api_signature"])
    if sent["_api_access_key"] != settings["INSURANCE_CSB_ACCESS_KEY"] or not right:
        return "Auth failed: signature"
    return ""


def _header(request: HttpRequest, name: str) -> str:
    # WSGI writes a header's underscores and hyphens alike.
    return str(request.META.get("HTTP_" + name.upper().replace("-", "_"), ""))
