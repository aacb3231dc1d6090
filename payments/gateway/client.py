"""WeChat Pay over HTTP: signs what it sends, believes only what is signed."""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import IO, Any, TypeVar

import httpx

from payments.gateway import bill_download, messages, signing
from payments.gateway.keys import private_key, public_key
from payments.gateway.port import NotificationRejected, PaymentRefused, PaymentUnanswered
from payments.gateway.signing import MalformedMessage
from payments.gateway.trade import Cashier, Notification, OrderRequest, OrderState, RefundRequest, RefundState
from payments.gateway.trade_bill import TradeLine, read_trade_bill

Wire = TypeVar("Wire")
Message = TypeVar("Message")

REPLAY_WINDOW_SECONDS = 300
"""How far the clocks may be apart. Source: WeChat Pay APIv3, signature verification."""


@dataclass(frozen=True, slots=True)
class WeChatPayConfig:
    """One merchant's account.

    ``base_url``: up to but without ``/v3``; a path before it is the road there and is not signed.
    ``platform_public_keys``: PEM by ``PUB_KEY_ID_…`` or certificate serial. Nothing else is believed,
    and an unknown serial is never looked up.
    ``public_key_id``: the one of them that the gateway is asked to sign with.
    """

    base_url: str
    mchid: str
    appid: str
    merchant_serial: str
    merchant_private_key: bytes = field(repr=False)
    apiv3_key: bytes = field(repr=False)
    public_key_id: str
    platform_public_keys: Mapping[str, bytes] = field(repr=False)
    connect_timeout_seconds: float = 3.0
    read_timeout_seconds: float = 8.0


class WeChatPayClient:
    """``ChannelGateway`` for one merchant. Threads may share it; processes must not."""

    def __init__(self, config: WeChatPayConfig, *, now: Callable[[], float] = time.time) -> None:
        """Read the keys and open nothing yet.

        Args:
            config: the merchant's account.
            now: seconds since 1970, for signatures and the replay window.

        Raises:
            ValueError: a key is not in PEM, or ``public_key_id`` is not among the keys.
            TypeError: a key is not an RSA key.
        """
        if config.public_key_id not in config.platform_public_keys:
            raise ValueError("public_key_id has no key")
        if len(config.apiv3_key) != 32:
            raise ValueError("the APIv3 key has 32 bytes")
        self._config = config
        self._now = now
        self._key = private_key(config.merchant_private_key)
        self._believed = {serial: public_key(pem) for serial, pem in config.platform_public_keys.items()}
        timeout = httpx.Timeout(config.read_timeout_seconds, connect=config.connect_timeout_seconds)
        # trust_env is off: a proxy in the environment must not see payments by accident.
        self._http = httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False)

    def place_native_order(self, order: OrderRequest) -> str:
        """See ``ChannelGateway.place_native_order``."""
        body = messages.native_order_body(order, mchid=self._config.mchid, appid=self._config.appid)
        return _text(self._request("POST", "/v3/pay/transactions/native", body), "code_url")

    def place_h5_order(self, order: OrderRequest) -> str:
        """See ``ChannelGateway.place_h5_order``."""
        body = messages.h5_order_body(order, mchid=self._config.mchid, appid=self._config.appid)
        return _text(self._request("POST", "/v3/pay/transactions/h5", body), "h5_url")

    def place_jsapi_order(self, order: OrderRequest) -> str:
        """Ask for a payment inside WeChat. Returns the ``prepay_id`` for ``cashier``."""
        body = messages.jsapi_order_body(order, mchid=self._config.mchid, appid=self._config.appid)
        return _text(self._request("POST", "/v3/pay/transactions/jsapi", body), "prepay_id")

    def place(self, order: OrderRequest, scene: str) -> str:
        """See ``ChannelGateway.place``."""
        verbs = {
            "native": self.place_native_order,
            "h5": self.place_h5_order,
            "jsapi": self.place_jsapi_order,
        }
        return verbs[scene](order)

    def cashier(self, order: OrderRequest, scene: str, placed: str, return_url: str) -> Cashier:
        """See ``ChannelGateway.cashier``."""
        if scene == "h5":
            return Cashier("redirect", messages.with_return_address(placed, return_url))
        if scene == "native":
            return Cashier("code", placed)
        moment, nonce, package = str(int(self._now())), secrets.token_hex(16), f"prepay_id={placed}"
        to_sign = signing.bridge_to_sign(self._config.appid, moment, nonce, package)
        fields = {"appId": self._config.appid, "timeStamp": moment, "nonceStr": nonce, "package": package}
        return Cashier("jsapi", "", fields | {"signType": "RSA", "paySign": signing.sign(self._key, to_sign)})

    def query_order(self, out_trade_no: str) -> OrderState:
        """See ``ChannelGateway.query_order``."""
        path = f"/v3/pay/transactions/out-trade-no/{out_trade_no}?mchid={self._config.mchid}"
        state = _read(messages.order_state, self._request("GET", path))
        if state.out_trade_no != out_trade_no:
            raise PaymentUnanswered("the answer speaks of another order")
        return state

    def close_order(self, out_trade_no: str) -> None:
        """See ``ChannelGateway.close_order``."""
        path = f"/v3/pay/transactions/out-trade-no/{out_trade_no}/close"
        self._request("POST", path, messages.encode_json({"mchid": self._config.mchid}))

    def request_refund(self, refund: RefundRequest) -> RefundState:
        """See ``ChannelGateway.request_refund``."""
        fields = self._request("POST", "/v3/refund/domestic/refunds", messages.refund_body(refund))
        return self._refund(fields, refund.out_refund_no)

    def query_refund(self, out_refund_no: str, *, out_trade_no: str = "") -> RefundState:
        """See ``ChannelGateway.query_refund``."""
        fields = self._request("GET", f"/v3/refund/domestic/refunds/{out_refund_no}")
        return self._refund(fields, out_refund_no)

    def send_to_merchant(self, refund_id: str, out_refund_no: str) -> RefundState:
        """Let a refund that ended ABNORMAL come to our own bank account; twice sends once.

        Args:
            refund_id: the channel's number of the refund.
            out_refund_no: ours.
        """
        path = f"/v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund"
        body = {"out_refund_no": out_refund_no, "type": "MERCHANT_BANK_CARD"}
        return self._refund(self._request("POST", path, messages.encode_json(body)), out_refund_no)

    def fetch_trade_bill(self, on: date, into: IO[bytes]) -> None:
        """See ``ChannelGateway.fetch_trade_bill``."""
        path = f"/v3/bill/tradebill?bill_date={on.isoformat()}&bill_type=ALL&tar_type=GZIP"
        try:
            offered = self._request("GET", path)
        except PaymentRefused as refusal:
            raise bill_download.refused(refusal) from refusal
        where = bill_download.path_of(_text(offered, "download_url"), self._config.base_url)
        with self._answered("GET", where) as reply:
            bill_download.unpack(reply, into, sha1=_text(offered, "hash_value"))

    def read_trade_bill(self, bill: IO[bytes]) -> Iterator[TradeLine]:
        """See ``ChannelGateway.read_trade_bill``."""
        return read_trade_bill(bill)

    def parse_notification(self, headers: Mapping[str, str], body: bytes) -> Notification:
        """See ``ChannelGateway.parse_notification``."""
        objection = self._objection(httpx.Headers(dict(headers)), body)
        if objection:
            raise NotificationRejected(objection)
        try:
            return messages.notification(messages.decode_json(body), apiv3_key=self._config.apiv3_key)
        except MalformedMessage as error:
            raise NotificationRejected(str(error)) from error

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _refund(self, fields: dict[str, Any], out_refund_no: str) -> RefundState:
        state = _read(messages.refund_state, fields)
        if state.out_refund_no != out_refund_no:
            raise PaymentUnanswered("the answer speaks of another refund")
        return state

    def _request(self, method: str, path: str, body: bytes = b"") -> dict[str, Any]:
        """Call one verb. Returns the fields of the answer, none for 204."""
        try:
            reply = self._http.request(
                method, self._config.base_url + path, content=body, headers=self._headers(method, path, body)
            )
        except httpx.HTTPError as error:
            raise PaymentUnanswered(f"{method} {path}: {error!r}") from error
        self._insist_on_belief(reply)
        if reply.is_success:
            return _read(messages.decode_json, reply.content) if reply.content else {}
        raise _refusal(reply)

    @contextmanager
    def _answered(self, method: str, path: str) -> Iterator[httpx.Response]:
        """An answer whose body is read piece by piece; it bears no signature, its digest was signed before."""
        headers = self._headers(method, path, b"")
        try:
            with self._http.stream(method, self._config.base_url + path, headers=headers) as reply:
                if not reply.is_success:
                    reply.read()
                    raise _refusal(reply)
                yield reply
        except httpx.HTTPError as error:
            raise PaymentUnanswered(f"{method} {path}: {error!r}") from error

    def _headers(self, method: str, path: str, body: bytes) -> dict[str, str]:
        timestamp, nonce = str(int(self._now())), secrets.token_hex(16).upper()
        to_sign = signing.request_to_sign(method, path, timestamp, nonce, body)
        return {
            "Authorization": signing.authorization(
                mchid=self._config.mchid,
                serial=self._config.merchant_serial,
                nonce=nonce,
                timestamp=timestamp,
                signature=signing.sign(self._key, to_sign),
            ),
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "xinglin/1 (httpx)",
            "Wechatpay-Serial": self._config.public_key_id,
        }

    def _insist_on_belief(self, reply: httpx.Response) -> None:
        # Proxies on the way and the gateway's own 401 answer without a signature. Such a no may be
        # read, a yes may not; and a signature that is there must be right whatever it says.
        if not reply.is_success and "Wechatpay-Signature" not in reply.headers:
            return
        objection = self._objection(reply.headers, reply.content)
        if objection:
            raise PaymentUnanswered(f"the answer cannot be believed: {objection}")

    def _objection(self, headers: httpx.Headers, body: bytes) -> str:
        """Why a signed message must not be believed; empty when it may."""
        if headers.get("Wechatpay-Signature-Type", signing.SCHEME) != signing.SCHEME:
            return "unknown kind of signature"
        key = self._believed.get(headers.get("Wechatpay-Serial", ""))
        if key is None:
            return "unknown serial"
        timestamp, nonce = headers.get("Wechatpay-Timestamp", ""), headers.get("Wechatpay-Nonce", "")
        if not (timestamp.isascii() and timestamp.isdigit()):
            return "no timestamp"
        if abs(self._now() - int(timestamp)) > REPLAY_WINDOW_SECONDS:
            return "outside the replay window"
        signed = signing.reply_to_verify(timestamp, nonce, body)
        if not signing.is_signed_by(key, signed, headers.get("Wechatpay-Signature", "")):
            return "wrong signature"
        return ""


def _refusal(reply: httpx.Response) -> PaymentRefused | PaymentUnanswered:
    """A no that is final, or one that says nothing about what happened."""
    try:
        fields = messages.decode_json(reply.content)
    except MalformedMessage:
        fields = {}
    code, message = str(fields.get("code") or ""), str(fields.get("message") or "")
    # 429 and 5xx: the gateway itself asks to call again with the same words.
    if 400 <= reply.status_code < 500 and reply.status_code != 429 and code:
        return PaymentRefused(code, message, status=reply.status_code)
    return PaymentUnanswered(f"HTTP {reply.status_code} {code} {message}".strip())


def _read(read: Callable[[Wire], Message], fields: Wire) -> Message:
    try:
        return read(fields)
    except MalformedMessage as error:
        raise PaymentUnanswered(f"unreadable answer: {error}") from error


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise PaymentUnanswered(f"the answer has no {name}")
    return value
