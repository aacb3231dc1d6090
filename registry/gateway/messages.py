"""The wire format of the real-name check: what is asked, what is answered, how it is signed."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

PATH = "/v1/real-name-checks"


class MalformedMessage(ValueError):
    """An answer lacks a field, or a field is not what was agreed."""


class RealNameResult(StrEnum):
    """What the register says of a name and an ID number."""

    MATCH = "MATCH"
    MISMATCH = "MISMATCH"
    NOT_FOUND = "NOT_FOUND"


@dataclass(frozen=True, slots=True)
class RealNameAnswer:
    """An answer. ``checked_at``: aware, when the register was asked."""

    request_id: str
    result: RealNameResult
    checked_at: datetime


def encode_check(*, request_id: str, name: str, id_number: str) -> bytes:
    """The exact bytes that are both signed and sent."""
    fields = {"request_id": request_id, "name": name, "id_number": id_number}
    return json.dumps(fields, ensure_ascii=False).encode()


def decode_answer(body: bytes) -> RealNameAnswer:
    """Read an answer.

    Raises:
        MalformedMessage: it is not JSON, or a field is missing or of the wrong kind.
    """
    try:
        fields: Mapping[str, Any] = json.loads(body)
        checked_at = datetime.fromisoformat(fields["checked_at"])
        answer = RealNameAnswer(str(fields["request_id"]), RealNameResult(fields["result"]), checked_at)
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedMessage(repr(error)) from error
    if checked_at.tzinfo is None:
        raise MalformedMessage("checked_at has no time zone")
    return answer


def signed_headers(
    *, app_id: str, secret: bytes, method: str, path: str, timestamp: str, nonce: str, body: bytes
) -> dict[str, str]:
    """Headers of a signed request: HMAC-SHA256 in hex over five lines, the last a digest of the body."""
    lines = [method, path, timestamp, nonce, hashlib.sha256(body).hexdigest()]
    signature = hmac.new(secret, "\n".join(lines).encode(), hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-App-Id": app_id,
        "X-Timestamp": timestamp,
        "X-Nonce": nonce,
        "X-Signature": signature,
    }
