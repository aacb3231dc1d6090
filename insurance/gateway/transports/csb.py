"""CSB gateway: HMAC-SHA1 over four headers; the JSON body itself is not signed.

Source: a public hospital client [S:TEA CSBHelper]: sorted "k=v&k=v", Base64, timestamp in seconds. The form of the
gateway's own refusal is not told there; any HTTP 401 or 403 is taken as one [G].
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from insurance.gateway.messages.envelope import request_text
from insurance.gateway.transports.port import Opened, said

_CLOSED = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)


@dataclass(frozen=True, kw_only=True)
class CsbKeys:
    """``api_name`` may hold ``{transaction}``, where the gateway publishes each transaction as a service."""

    access_key: str
    secret_key: str = field(repr=False)
    api_name: str = "{transaction}"
    api_version: str = "1.0.0"


class CsbTransport:
    """Signs the name of the service, its version, the access key and the time."""

    def __init__(self, keys: CsbKeys) -> None:
        """As given by the operator of the gateway."""
        self._keys = keys

    def headers(self, transaction: str, *, at: datetime, http: httpx.Client) -> dict[str, str]:
        """_api_…"""
        signed = {
            "_api_access_key": self._keys.access_key,
            "_api_name": self._keys.api_name.format(transaction=transaction),
            "_api_timestamp": str(int(at.timestamp())),
            "_api_version": self._keys.api_version,
        }
        return signed | {"_api_signature": csb_signature(signed, self._keys.secret_key)}

    def wrap(self, head: Mapping[str, object], input_text: str) -> str:
        """As it is."""
        return request_text(head, input_text)

    def unwrap(self, text: str) -> Opened:
        """As it is."""
        return text

    def refusal(self, status: int, text: str) -> str:
        """HTTP 401 or 403."""
        return (said(text, "message", "msg") or f"CSB HTTP {status}") if status in _CLOSED else ""

    def renew(self) -> bool:
        """There is nothing to renew."""
        return False


def csb_signature(signed: Mapping[str, str], secret_key: str) -> str:
    """Base64 of HMAC-SHA1 over the sorted pairs."""
    plain_text = "&".join(f"{name}={signed[name]}" for name in sorted(signed))
    return base64.b64encode(
        hmac.new(secret_key.encode(), plain_text.encode(), hashlib.sha1).digest()
    ).decode()
