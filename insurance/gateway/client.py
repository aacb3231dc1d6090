"""The real way to the insurer: HTTP through the TIF gateway."""

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TypeVar

import httpx

from insurance.gateway import messages as m
from insurance.gateway.config import GatewayConfig, SignNumbers
from insurance.gateway.messages import envelope, fees, people, reversals, settlements, visits
from insurance.gateway.messages.wire import SHANGHAI, decode_nothing
from insurance.gateway.port import (
    Exchange,
    GatewayMisconfigured,
    GatewayRefused,
    GatewayUnanswered,
    InsuranceGateway,
    MessageAlreadyReceived,
    ReplyDisputed,
)

Q = TypeVar("Q")
R = TypeVar("R")
Output = Mapping[str, object]

TIF_REFUSED = 400001
# Provinces word these differently; the national text gives no code for them.
STALE_SIGN_NUMBER = ("未签到", "签到编号", "重新签到")
REPEATED_MESSAGE = ("报文id重复", "重复报文")


def _now() -> datetime:
    return datetime.now(SHANGHAI)


class InsuranceClient(InsuranceGateway):
    """The insurer over HTTP. Safe to share between threads; keeps its connections open."""

    def __init__(
        self, config: GatewayConfig, sign_numbers: SignNumbers, *, clock: Callable[[], datetime] = _now
    ) -> None:
        """``clock`` gives the time written into messages and signatures."""
        self.config = config
        self._sign_numbers = sign_numbers
        self._clock = clock
        self._http = httpx.Client(trust_env=False, follow_redirects=False)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def sign_in(self, msgid: str, request: m.SignIn) -> Exchange[m.SignInReply]:
        """9001."""
        return self._request(
            "9001", msgid, request, people.encode_sign_in, people.decode_sign_in, signed=False
        )

    def sign_out(self, msgid: str, request: m.SignOut) -> Exchange[m.Acknowledged]:
        """9002."""
        return self._request("9002", msgid, request, people.encode_sign_out, decode_nothing)

    def read_person(self, msgid: str, request: m.ReadPerson) -> Exchange[m.PersonReply]:
        """1101."""
        return self._request("1101", msgid, request, people.encode_person, people.decode_person)

    def register_visit(self, msgid: str, request: m.RegisterVisit) -> Exchange[m.VisitReply]:
        """2201."""
        return self._request(
            "2201", msgid, request, visits.encode_register_visit, visits.decode_register_visit
        )

    def cancel_visit(self, msgid: str, request: m.CancelVisit) -> Exchange[m.Acknowledged]:
        """2202."""
        return self._request("2202", msgid, request, visits.encode_cancel_visit, decode_nothing)

    def report_visit(self, msgid: str, request: m.ReportVisit) -> Exchange[m.Acknowledged]:
        """2203A."""
        return self._request("2203A", msgid, request, visits.encode_report_visit, decode_nothing)

    def upload_fees(self, msgid: str, request: m.UploadFees) -> Exchange[m.FeesReply]:
        """2204."""
        return self._request("2204", msgid, request, fees.encode_upload_fees, fees.decode_upload_fees)

    def withdraw_fees(self, msgid: str, request: m.WithdrawFees) -> Exchange[m.Acknowledged]:
        """2205."""
        return self._request("2205", msgid, request, fees.encode_withdraw_fees, decode_nothing)

    def presettle(self, msgid: str, request: m.Presettle) -> Exchange[m.SettlementReply]:
        """2206A."""
        return self._request("2206A", msgid, request, settlements.encode_data, settlements.decode_presettle)

    def settle(self, msgid: str, request: m.Settle) -> Exchange[m.SettlementReply]:
        """2207A."""
        decode = partial(settlements.decode_settle, msgid=msgid)
        return self._request("2207A", msgid, request, settlements.encode_data, decode)

    def cancel_settlement(self, msgid: str, request: m.CancelSettlement) -> Exchange[m.SettlementReply]:
        """2208."""
        decode = partial(settlements.decode_cancel, msgid=msgid)
        return self._request("2208", msgid, request, settlements.encode_data, decode)

    def reverse_message(self, msgid: str, request: m.ReverseMessage) -> Exchange[m.Acknowledged]:
        """2601."""
        return self._request("2601", msgid, request, reversals.encode_reverse, decode_nothing)

    def query_settlement(self, msgid: str, request: m.QuerySettlement) -> Exchange[m.QueryReply]:
        """5203."""
        return self._request("5203", msgid, request, settlements.encode_query, settlements.decode_query)

    def _request(
        self,
        transaction: str,
        msgid: str,
        request: Q,
        encode: Callable[[Q], dict[str, object]],
        decode: Callable[[Q, Output], R],
        *,
        signed: bool = True,
    ) -> Exchange[R]:
        """Send one message, signing in once more when the insurer has forgotten the sign number."""
        try:
            nodes = encode(request)
        except m.RequestUnfit as unfit:
            raise GatewayRefused(str(unfit)) from unfit
        region = getattr(request, "insured_region", "")
        sign_number = self._sign_numbers.current(self) if signed else ""
        text = self._written(transaction, msgid, nodes, region, sign_number)
        reply_text = self._post(transaction, text)
        if signed and _is_stale(reply_text):
            sign_number = self._sign_numbers.renewed(self, sign_number)
            text = self._written(transaction, msgid, nodes, region, sign_number)
            reply_text = self._post(transaction, text)
        return Exchange(text, reply_text, _read(request, text, reply_text, decode))

    def _written(
        self, transaction: str, msgid: str, nodes: Mapping[str, object], insured_region: str, sign_number: str
    ) -> str:
        return envelope.write_request(
            transaction=transaction,
            msgid=msgid,
            sender=self.config.sender,
            at=self._clock(),
            sign_number=sign_number,
            insured_region=insured_region,
            nodes=nodes,
        )

    def _post(self, transaction: str, text: str) -> str:
        """Send the text and return the text that came back with HTTP 200."""
        config = self.config
        patience = config.patience_for(transaction)
        headers = envelope.tif_headers(
            paasid=config.tif_paasid, token=config.tif_token, at=self._clock(), nonce=uuid.uuid4().hex
        )
        try:
            answer = self._http.post(
                config.address_of(transaction),
                content=text.encode(),
                headers={**headers, "content-type": "application/json; charset=utf-8"},
                timeout=httpx.Timeout(patience, connect=config.connect_seconds),
            )
        except httpx.HTTPError as silent:
            raise GatewayUnanswered(f"{type(silent).__name__}: {silent}", request_text=text) from silent
        if answer.status_code == httpx.codes.OK:
            return answer.text
        if reason := _tif_refusal(answer.text):
            raise GatewayMisconfigured(reason, request_text=text, reply_text=answer.text)
        raise GatewayUnanswered(f"HTTP {answer.status_code}", request_text=text, reply_text=answer.text)


def _read(request: Q, text: str, reply_text: str, decode: Callable[[Q, Output], R]) -> R:
    """Turn the text of an answer into a reply, or say why it is none."""
    try:
        reply = envelope.read_reply(reply_text)
        if reply.code == envelope.OK:
            return decode(request, reply.output)
    except m.AmountsDisputed as wrong:
        raise ReplyDisputed(str(wrong), request_text=text, reply_text=reply_text) from wrong
    except m.ReplyInconsistent as wrong:
        raise GatewayUnanswered(str(wrong), request_text=text, reply_text=reply_text) from wrong
    raise _failure(reply, text, reply_text)


def _failure(reply: envelope.ReplyEnvelope, text: str, reply_text: str) -> Exception:
    reason = reply.error_text or f"infcode {reply.code}"
    kind: type[GatewayRefused | GatewayUnanswered] = GatewayRefused
    if reply.code != envelope.BUSINESS_ERROR or _says(reason, STALE_SIGN_NUMBER):
        # A sign number that is refused even when new says nothing about the matter itself.
        kind = GatewayUnanswered
    elif _says(reason, REPEATED_MESSAGE):
        kind = MessageAlreadyReceived
    return kind(reason, request_text=text, reply_text=reply_text)


def _is_stale(reply_text: str) -> bool:
    try:
        reply = envelope.read_reply(reply_text)
    except m.ReplyInconsistent:
        return False
    return reply.code == envelope.BUSINESS_ERROR and _says(reply.error_text, STALE_SIGN_NUMBER)


def _says(text: str, phrases: tuple[str, ...]) -> bool:
    return any(phrase in text.lower() for phrase in phrases)


def _tif_refusal(text: str) -> str:
    """The gateway's own refusal, empty when the text is something else."""
    try:
        content = json.loads(text)
    except ValueError:
        return ""
    if not isinstance(content, dict) or content.get("code") != TIF_REFUSED:
        return ""
    return str(content.get("msg") or "TIF")
