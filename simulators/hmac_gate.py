"""The door of the identity and SMS simulators: requests signed with HMAC-SHA256, within five minutes.

Headers: ``X-App-Id``, ``X-Timestamp`` (seconds), ``X-Nonce``, ``X-Signature``: lower-case hex of
HMAC-SHA256 by the app's secret over ``METHOD\\nPATH\\nTIMESTAMP\\nNONCE\\nSHA256(body) in hex``, where PATH
begins at ``/<name>/v1`` without the name of the simulator, for example ``/v1/real-name-checks``.
"""

import functools
import hashlib
import hmac
import json
import time
from typing import Any

from django.http import HttpRequest, JsonResponse

from simulators import keys

WINDOW_SECONDS = 300


@functools.cache
def secret_of(name: str) -> tuple[str, bytes]:
    """App id and secret that ``name`` (``IDENTITY``, ``SMS``) expects of the hospital."""
    settings = keys.from_environment().settings
    return settings[f"{name}_APP_ID"], settings[f"{name}_APP_SECRET"].encode()


def objection(request: HttpRequest, name: str) -> str:
    """Why this request must be turned away; empty when it may come in."""
    app_id, secret = secret_of(name)
    given = request.headers
    timestamp = given.get("X-Timestamp", "")
    if given.get("X-App-Id") != app_id:
        return "UNKNOWN_APP"
    if (
        not (timestamp.isascii() and timestamp.isdigit())
        or abs(time.time() - int(timestamp)) > WINDOW_SECONDS
    ):
        return "TIMESTAMP_EXPIRED"
    path = request.path[request.path.index("/v1/") :]
    digest = hashlib.sha256(request.body).hexdigest()
    message = "\n".join([request.method or "", path, timestamp, given.get("X-Nonce", ""), digest])
    right = hmac.new(secret, message.encode(), hashlib.sha256).hexdigest()
    return "" if hmac.compare_digest(right, given.get("X-Signature", "")) else "WRONG_SIGNATURE"


def refusal(status: int, code: str, message: str) -> JsonResponse:
    """An error in the one form of these services."""
    return reply({"code": code, "message": message}, status)


def reply(fields: dict[str, Any], status: int = 200) -> JsonResponse:
    """JSON with Chinese as it is."""
    return JsonResponse(fields, status=status, json_dumps_params={"ensure_ascii": False})


def posted(request: HttpRequest) -> dict[str, Any]:
    """The fields of a JSON body or of a form; empty when unreadable."""
    if request.content_type != "application/json":
        return request.POST.dict()
    try:
        fields = json.loads(request.body or b"{}")
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}
