"""Alipay over HTTP: signs what it sends, believes only what is signed."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import IO, Any
from urllib.parse import urlencode

import httpx

from payments.gateway.alipay import bill, messages, signing
from payments.gateway.alipay.refusals import believed_refusal
from payments.gateway.keys import private_key, public_key
from payments.gateway.port import NotificationRejected, PaymentRefused, PaymentUnanswered
from payments.gateway.signing import MalformedMessage, is_signed_by
from payments.gateway.trade import Cashier, Notification, OrderRequest, OrderState, RefundRequest, RefundState
from payments.gateway.trade_bill import TradeLine

REPLAY_WINDOW = timedelta(hours=25)
"""How old a notification may be. Alipay repeats one for 25 hours under the same id, and only the id counts once.

Source: Alipay open platform, asynchronous notifications, rules of repetition.
"""
CLOCKS_APART = timedelta(minutes=5)
NOT_KNOWN = "REFUND_NOT_KNOWN"


@dataclass(frozen=True, slots=True)
class AlipayConfig:
    """One app's account.

    ``gateway_url``: the whole address, ending in ``gateway.do``.
    ``seller_id``: the partner id (2088…) that payments must go to.
    ``alipay_public_key``: PEM of the platform's key; nothing else is believed.
    """

    gateway_url: str
    app_id: str
    seller_id: str
    private_key: bytes = field(repr=False)
    alipay_public_key: bytes = field(repr=False)
    connect_timeout_seconds: float = 3.0
    read_timeout_seconds: float = 8.0


class AlipayClient:
    """``ChannelGateway`` for one app. Threads may share it; processes must not."""

    def __init__(self, config: AlipayConfig, *, now: Callable[[], float] = time.time) -> None:
        """Read the keys and open nothing yet.

        Args:
            config: the app's account.
            now: seconds since 1970, for timestamps and the replay window.

        Raises:
            ValueError: a key is not in PEM.
            TypeError: a key is not an RSA key.
        """
        self._config, self._now = config, now
        self._key, self._believed = private_key(config.private_key), public_key(config.alipay_public_key)
        timeout = httpx.Timeout(config.read_timeout_seconds, connect=config.connect_timeout_seconds)
        # trust_env is off: a proxy in the environment must not see payments by accident.
        self._http = httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False)

    def place(self, order: OrderRequest, scene: str) -> str:
        """See ``ChannelGateway.place``. Only a code is asked for; the other two ways are an address that we sign."""
        method, product = messages.PRODUCTS[scene]
        if scene != "precreate":
            return self._address(order, scene, "")
        common = {"notify_url": order.notify_url}
        fields = self._ask(method, messages.order_fields(order, product), common)
        self._insist_on(fields, "out_trade_no", order.out_trade_no)
        return _text(fields, "qr_code")

    def cashier(self, order: OrderRequest, scene: str, placed: str, return_url: str) -> Cashier:
        """See ``ChannelGateway.cashier``."""
        if scene == "precreate":
            return Cashier("code", placed)
        return Cashier("redirect", self._address(order, scene, return_url))

    def query_order(self, out_trade_no: str) -> OrderState:
        """See ``ChannelGateway.query_order``; a payer who has not opened the cashier yet has made no trade."""
        fields = self._ask("alipay.trade.query", {"out_trade_no": out_trade_no})
        self._insist_on(fields, "out_trade_no", out_trade_no)
        try:
            return messages.order_state(fields)
        except MalformedMessage as error:
            raise PaymentUnanswered(f"unreadable answer: {error}") from error

    def close_order(self, out_trade_no: str) -> None:
        """See ``ChannelGateway.close_order``."""
        self._ask("alipay.trade.close", {"out_trade_no": out_trade_no})

    def request_refund(self, refund: RefundRequest) -> RefundState:
        """See ``ChannelGateway.request_refund``; what did not happen now may have happened before, so it is asked."""
        fields = self._ask("alipay.trade.refund", messages.refund_fields(refund))
        self._insist_on(fields, "out_trade_no", refund.out_trade_no)
        if fields.get("fund_change") == "Y":
            return messages.refund_state(
                refund.out_refund_no, refund.out_trade_no, refund.refund_fen,
                is_done=True, at=fields.get("gmt_refund_pay"),
            )  # fmt: skip
        try:
            return self.query_refund(refund.out_refund_no, out_trade_no=refund.out_trade_no)
        except PaymentRefused as refusal:
            if refusal.code != NOT_KNOWN:
                raise
        return messages.refund_state(
            refund.out_refund_no, refund.out_trade_no, refund.refund_fen, is_done=False
        )

    def query_refund(self, out_refund_no: str, *, out_trade_no: str = "") -> RefundState:
        """See ``ChannelGateway.query_refund``; of a refund that is not done nothing is said."""
        asked = {"out_trade_no": out_trade_no, "out_request_no": out_refund_no}
        fields = self._ask("alipay.trade.fastpay.refund.query", asked)
        if fields.get("refund_status") != "REFUND_SUCCESS":
            raise PaymentRefused(NOT_KNOWN, "nothing is said of this refund", status=404)
        self._insist_on(fields, "out_request_no", out_refund_no)
        try:
            back = messages.refunded_fen(fields)
        except MalformedMessage as error:
            raise PaymentUnanswered(f"unreadable answer: {error}") from error
        return messages.refund_state(
            out_refund_no, out_trade_no, back, is_done=True, at=fields.get("gmt_refund_pay")
        )

    def fetch_trade_bill(self, on: date, into: IO[bytes]) -> None:
        """See ``ChannelGateway.fetch_trade_bill``."""
        asked = {"bill_type": "trade", "bill_date": on.isoformat()}
        try:
            fields = self._ask("alipay.data.dataservice.bill.downloadurl.query", asked)
        except PaymentRefused as refusal:
            raise bill.refused(refusal, on, datetime.fromtimestamp(self._now(), UTC)) from refusal
        address = bill.address(_text(fields, "bill_download_url"), self._config.gateway_url)
        try:
            with self._http.stream("GET", address) as reply:
                bill.take(reply, into)
        except httpx.HTTPError as error:
            raise PaymentUnanswered(f"the bill: {error!r}") from error

    def read_trade_bill(self, bill_file: IO[bytes]) -> Iterator[TradeLine]:
        """See ``ChannelGateway.read_trade_bill``."""
        return bill.read(bill_file)

    def parse_notification(self, headers: Mapping[str, str], body: bytes) -> Notification:
        """See ``ChannelGateway.parse_notification``."""
        try:
            said = messages.form(body)
            if not signing.is_believable(self._believed, said):
                raise NotificationRejected("wrong signature")
            sent_at = self._in_time(said.get("notify_time", ""))
            is_ours = (said.get("app_id"), said.get("seller_id")) == (
                self._config.app_id,
                self._config.seller_id,
            )
            order = messages.order_state(said, is_ours=is_ours)
        except MalformedMessage as error:
            raise NotificationRejected(str(error)) from error
        number = said.get("notify_id", "")
        if not number:
            raise NotificationRejected("no notify_id")
        return Notification(
            number, said["trade_status"], sent_at, order=order, refund_to_ask=said.get("out_biz_no", "")
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _in_time(self, text: str) -> datetime:
        try:
            sent_at = messages.read_moment(text)
        except ValueError as error:
            raise NotificationRejected("no notify_time") from error
        now = datetime.fromtimestamp(self._now(), UTC)
        if not now - REPLAY_WINDOW <= sent_at <= now + CLOCKS_APART:
            raise NotificationRejected("outside the replay window")
        return sent_at

    def _address(self, order: OrderRequest, scene: str, return_url: str) -> str:
        """Where the payer's browser goes; the trade is made when it arrives there."""
        method, product = messages.PRODUCTS[scene]
        common = {"notify_url": order.notify_url, "return_url": return_url}
        signed = self._request(method, messages.order_fields(order, product), common)
        return f"{self._config.gateway_url}?{urlencode(signed)}"

    def _request(self, method: str, content: Mapping[str, str], common: Mapping[str, str]) -> dict[str, str]:
        fields = {
            "app_id": self._config.app_id,
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": signing.SIGN_TYPE,
            "timestamp": messages.moment(datetime.fromtimestamp(self._now(), UTC)),
            "version": "1.0",
            "biz_content": json.dumps(content, ensure_ascii=False, separators=(",", ":")),
            **{name: value for name, value in common.items() if value},
        }
        return signing.signed_request(self._key, fields)

    def _ask(
        self, method: str, content: Mapping[str, str], common: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Call one verb. Returns the fields of a signed yes."""
        request = self._request(method, content, common or {})
        try:
            reply = self._http.post(self._config.gateway_url, params={"charset": "utf-8"}, data=request)
        except httpx.HTTPError as error:
            raise PaymentUnanswered(f"{method}: {error!r}") from error
        if not reply.is_success:
            raise PaymentUnanswered(f"{method}: HTTP {reply.status_code}")
        try:
            answer = signing.taken_apart(reply.content, method)
        except MalformedMessage as error:
            raise PaymentUnanswered(f"{method}: {error}") from error
        is_signed = is_signed_by(self._believed, answer.signed, answer.signature)
        if answer.fields.get("code") == "10000" and is_signed:
            return answer.fields
        raise believed_refusal(answer, is_signed=is_signed)

    @staticmethod
    def _insist_on(fields: Mapping[str, Any], name: str, value: str) -> None:
        if fields.get(name) != value:
            raise PaymentUnanswered("the answer speaks of something else")


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise PaymentUnanswered(f"the answer has no {name}")
    return value
