"""TIF gateway: signed headers, the message in the open.

Source: public gateway filter and clients [S:TIF, NMG]: SHA256(timestamp + token + nonce + timestamp), 180 seconds,
HTTP 500 with code 400001 on failure.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime

import httpx

from insurance.gateway.messages.envelope import request_text, tif_headers
from insurance.gateway.transports.port import Opened, said

TIF_REFUSED = "400001"


class TifTransport:
    """Credentials are the application's number and its token."""

    def __init__(self, *, paasid: str, token: str) -> None:
        """As given by the operator of the gateway."""
        self._paasid = paasid
        self._token = token

    def headers(self, transaction: str, *, at: datetime, http: httpx.Client) -> dict[str, str]:
        """x-tif-…"""
        return tif_headers(paasid=self._paasid, token=self._token, at=at, nonce=uuid.uuid4().hex)

    def wrap(self, head: Mapping[str, object], input_text: str) -> str:
        """As it is."""
        return request_text(head, input_text)

    def unwrap(self, text: str) -> Opened:
        """As it is."""
        return text

    def refusal(self, status: int, text: str) -> str:
        """鉴权失败 and the like."""
        return said(text, "msg") or "TIF" if said(text, "code") == TIF_REFUSED else ""

    def renew(self) -> bool:
        """There is nothing to renew."""
        return False
