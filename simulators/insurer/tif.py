"""The gateway in front of the core: the x-tif headers."""

import hashlib
from collections.abc import Mapping

from django.conf import settings

FRESH_SECONDS = 180
HEADERS = ("x-tif-paasid", "x-tif-timestamp", "x-tif-nonce", "x-tif-signature")
INCOMPLETE = "鉴权参数不完整"
FAILED = "鉴权失败"


def failure(headers: Mapping[str, str], *, now: float) -> str | None:
    """Say why a request does not pass, None when it does. ``now`` is in unix seconds."""
    paasid, timestamp, nonce, signature = (headers.get(name, "") for name in HEADERS)
    if not (paasid and timestamp and nonce and signature):
        return INCOMPLETE
    if not timestamp.isascii() or not timestamp.isdigit() or abs(now - int(timestamp)) > FRESH_SECONDS:
        return FAILED
    plain = f"{timestamp}{settings.INSURANCE_TIF_TOKEN}{nonce}{timestamp}"
    expected = hashlib.sha256(plain.encode()).hexdigest()
    if paasid != settings.INSURANCE_TIF_PAASID or signature.lower() != expected:
        return FAILED
    return None
