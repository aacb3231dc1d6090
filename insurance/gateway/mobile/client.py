"""The real way to the mobile payment centre: sealed envelopes over HTTP."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

import httpx

from insurance.gateway.messages.fields import AmountsDisputed, ReplyInconsistent, RequestUnfit
from insurance.gateway.messages.wire import Acknowledged
from insurance.gateway.mobile import replies, requests
from insurance.gateway.mobile.replies import OrderRefunded, OrderStatus, OrderUploaded
from insurance.gateway.mobile.requests import AskOrder, PayOrder, RefundOrder, UploadOrder
from insurance.gateway.port import (
    Exchange,
    GatewayMisconfigured,
    GatewayRefused,
    GatewayUnanswered,
    ReplyDisputed,
    RequestNeverSent,
)
from insurance.gateway.sealing import EnvelopeKeys, EnvelopeNotGenuine, EnvelopeUnreadable, open_sealed, seal

Q = TypeVar("Q")
R = TypeVar("R")

# Source: one province's contract; other provinces have the same tails behind other heads.
PATHS = {
    "6201": "/org/local/api/hos/uldFeeInfo",
    "6202": "/org/local/api/hos/pay_order",
    "6203": "/org/local/api/hos/refund_Order",
    "6301": "/org/local/api/hos/query_order_info",
    "6401": "/org/local/api/hos/revoke_order",
}
OK, SYSTEM_ERROR, NOT_AUTHORISED = 0, -1, 401


@dataclass(frozen=True, kw_only=True)
class CentreConfig:
    """Address, keys and patience (seconds); ``nested_key_order`` as the province sorts."""

    base_url: str
    keys: EnvelopeKeys
    nested_key_order: str = "ordinal"
    connect_seconds: float = 5
    read_seconds: float = 30


class MobilePaymentClient:
    """The centre over HTTP. Safe to share between threads; keeps its connections open.

    Every verb raises GatewayRefused (final, nothing happened), GatewayUnanswered (nobody knows) or
    GatewayMisconfigured, and calls out: never inside a transaction.
    """

    def __init__(self, config: CentreConfig, *, clock: Callable[[], datetime] | None = None) -> None:
        """``clock`` gives the time written into envelopes and compared with the centre's."""
        self.config = config
        self._clock = clock or (lambda: datetime.now(UTC))
        timeout = httpx.Timeout(config.read_seconds, connect=config.connect_seconds)
        self._http = httpx.Client(trust_env=False, follow_redirects=False, timeout=timeout)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def upload_order(self, request: UploadOrder) -> Exchange[OrderUploaded]:
        """6201: fee lines, and what would be paid. The same ``order_number`` is the same order."""
        return self._request("6201", request, requests.encode_upload, replies.decode_upload)

    def pay_order(self, request: PayOrder) -> Exchange[OrderStatus]:
        """6202: settle the insurance part. An answer of success does not say that it is settled."""
        return self._request("6202", request, requests.encode_plain, replies.decode_status)

    def ask_order(self, request: AskOrder) -> Exchange[OrderStatus]:
        """6301: how far an order is. No side effect."""
        return self._request("6301", request, requests.encode_plain, replies.decode_status)

    def refund_order(self, request: RefundOrder) -> Exchange[OrderRefunded]:
        """6203: give back. The same ``refund_number`` is the same refund."""
        return self._request("6203", request, requests.encode_refund, replies.decode_refund)

    def revoke_order(self, request: AskOrder) -> Exchange[Acknowledged]:
        """6401: close an order that is not paid, for good."""
        return self._request("6401", request, requests.encode_plain, lambda _asked, _data: Acknowledged())

    def _request(
        self,
        transaction: str,
        request: Q,
        encode: Callable[[Q], dict[str, Any]],
        decode: Callable[[Q, Mapping[str, Any]], R],
    ) -> Exchange[R]:
        try:
            content = encode(request)
        except RequestUnfit as unfit:
            raise RequestNeverSent(unfit.faults) from unfit
        # Kept in the clear by the journal, which encrypts it with our own key.
        text = json.dumps(content, ensure_ascii=False)
        body = self._posted(PATHS[transaction], content, text)
        data = self._opened(body, text)
        reply_text = json.dumps({**_outside(body), "data": data}, ensure_ascii=False, default=str)
        if fault := _fault(body):
            raise fault(
                str(body.get("message") or body.get("code")), request_text=text, reply_text=reply_text
            )
        try:
            return Exchange(text, reply_text, decode(request, data))
        except AmountsDisputed as wrong:
            raise ReplyDisputed(str(wrong), request_text=text, reply_text=reply_text) from wrong
        except ReplyInconsistent as wrong:
            raise GatewayUnanswered(str(wrong), request_text=text, reply_text=reply_text) from wrong

    def _posted(self, path: str, content: dict[str, Any], text: str) -> dict[str, Any]:
        """Send sealed, and return the object that came back with HTTP 200."""
        config = self.config
        sealed = seal(content, config.keys, at=self._clock(), nested_key_order=config.nested_key_order)
        try:
            answer = self._http.post(config.base_url.rstrip("/") + path, json=sealed)
            body = json.loads(answer.content, parse_float=Decimal) if answer.is_success else None
        except (httpx.HTTPError, ValueError) as silent:
            raise GatewayUnanswered(f"{type(silent).__name__}: {silent}", request_text=text) from silent
        if not isinstance(body, dict):
            raise GatewayUnanswered(f"HTTP {answer.status_code}", request_text=text, reply_text=answer.text)
        return body

    def _opened(self, body: dict[str, Any], text: str) -> dict[str, Any]:
        """The content of a reply, once it is known to be the centre's."""
        config = self.config
        try:
            return open_sealed(body, config.keys, now=self._clock(), nested_key_order=config.nested_key_order)
        except EnvelopeNotGenuine as wrong:
            if _code(body) == NOT_AUTHORISED:
                # Who does not know us cannot sign for us: nothing happened there, and nobody may rely on it.
                raise GatewayMisconfigured(str(body.get("message")), request_text=text) from wrong
            raise GatewayUnanswered(f"not believed: {wrong}", request_text=text) from wrong
        except EnvelopeUnreadable as wrong:
            raise GatewayUnanswered(f"not readable: {wrong}", request_text=text) from wrong


def _code(body: Mapping[str, Any]) -> int | None:
    code = str(body.get("code", ""))
    return int(code) if code.lstrip("-").isdigit() else None


def _fault(body: Mapping[str, Any]) -> type[GatewayRefused | GatewayUnanswered] | None:
    """What kind of no it is; None for a yes."""
    code = _code(body)
    if code == OK and body.get("success") is not False:
        return None
    return GatewayUnanswered if code in (None, SYSTEM_ERROR) else GatewayRefused


def _outside(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in ("data", "encData", "signData")}
