"""The wire format of the text message service: what is sent and how it is signed."""

import hashlib
import hmac
import json
from collections.abc import Mapping

PATH = "/v1/messages"


def encode_message(*, request_id: str, mobile: str, template: str, params: Mapping[str, str]) -> bytes:
    """The exact bytes that are both signed and sent."""
    fields = {"request_id": request_id, "mobile": mobile, "template": template, "params": dict(params)}
    return json.dumps(fields, ensure_ascii=False).encode()


def signed_headers(*, app_id: str, secret: bytes, timestamp: str, nonce: str, body: bytes) -> dict[str, str]:
    """Headers of a signed request: HMAC-SHA256 in hex over five lines, the last a digest of the body."""
    lines = ["POST", PATH, timestamp, nonce, hashlib.sha256(body).hexdigest()]
    signature = hmac.new(secret, "\n".join(lines).encode(), hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-App-Id": app_id,
        "X-Timestamp": timestamp,
        "X-Nonce": nonce,
        "X-Signature": signature,
    }
