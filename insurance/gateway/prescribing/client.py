"""The real way to the e-prescription centre: sealed JSON over HTTP."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

import httpx

from insurance.gateway.messages.wire import SHANGHAI, ReplyInconsistent, RequestUnfit
from insurance.gateway.port import Exchange, GatewayMisconfigured, GatewayRefused, GatewayUnanswered
from insurance.gateway.prescribing import following, prechecking, signing
from insurance.gateway.prescribing.fields import without_files
from insurance.gateway.prescribing.port import NoSuchPrescription, NumberTaken, PrescriptionCentre
from insurance.gateway.sealing import (
    EnvelopeKeys,
    EnvelopeNotGenuine,
    EnvelopeUnreadable,
    open_sealed,
    seal,
)

Q = TypeVar("Q")
R = TypeVar("R")
Content = Mapping[str, object]

PATHS = {
    "D001": "/fixmedins/uploadChk",
    "D002": "/fixmedins/rxFixmedinsSign",
    "D003": "/fixmedins/rxFileUpld",
    "D004": "/fixmedins/rxUndo",
    "D005": "/fixmedins/hospRxDetlQuery",
    "D006": "/fixmedins/rxChkInfoQuery",
    "D007": "/fixmedins/rxSetlInfoQuery",
}
"""Source: public integration of the 医保电子处方中心 (base ``…/epc/api``)."""

OK, SYSTEM_ERROR = 0, -1
# Centres word these differently; no source gives codes for them.
TAKEN_WORDS = ("重复", "已使用", "已存在")
UNKNOWN_WORDS = ("处方不存在", "未查询到处方")


def _now() -> datetime:
    return datetime.now(SHANGHAI)


@dataclass(frozen=True, kw_only=True)
class CentreConfig:
    """Address, keys and patience; times are seconds."""

    base_url: str
    keys: EnvelopeKeys = field(repr=False)
    nested_key_order: str = "ordinal"
    connect_seconds: float = 5
    read_seconds: float = 30

    def __post_init__(self) -> None:
        """Refuse at start what could only fail later.

        Raises:
            GatewayMisconfigured: the address is none.
        """
        if not self.base_url.startswith(("http://", "https://")):
            raise GatewayMisconfigured("base_url is not an http address")


class PrescriptionCentreClient(PrescriptionCentre):
    """The centre over HTTP. Safe to share between threads; keeps its connections open."""

    def __init__(self, config: CentreConfig, *, clock: Callable[[], datetime] = _now) -> None:
        """``clock`` gives the time written into the envelope and compared with the answer's."""
        self.config = config
        self._clock = clock
        self._http = httpx.Client(trust_env=False, follow_redirects=False)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def precheck(self, request: prechecking.PrecheckPrescription) -> Exchange[prechecking.PrecheckReply]:
        """D001."""
        return self._request("D001", request, prechecking.encode_precheck, prechecking.decode_precheck)

    def sign(self, request: signing.SignPrescription) -> Exchange[signing.SignatureReply]:
        """D002."""
        return self._request("D002", request, signing.encode_sign, signing.decode_sign)

    def upload(self, request: signing.UploadPrescription) -> Exchange[signing.UploadReply]:
        """D003."""
        return self._request("D003", request, signing.encode_upload, signing.decode_upload)

    def withdraw(self, request: following.WithdrawPrescription) -> Exchange[following.HeldPrescription]:
        """D004."""
        return self._request("D004", request, following.encode_withdraw, following.decode_held)

    def read(self, request: following.AskPrescription) -> Exchange[following.HeldPrescription]:
        """D005."""
        return self._request("D005", request, following.encode_ask, following.decode_held)

    def review_of(self, request: following.AskPrescription) -> Exchange[following.PharmacyReview]:
        """D006."""
        return self._request("D006", request, following.encode_ask, following.decode_review)

    def taking_of(self, request: following.AskPrescription) -> Exchange[following.TakingReply]:
        """D007."""
        return self._request("D007", request, following.encode_ask, following.decode_taking)

    def _request(
        self,
        verb: str,
        request: Q,
        encode: Callable[[Q], dict[str, object]],
        decode: Callable[[Q, Content], R],
    ) -> Exchange[R]:
        """Send one message. The texts kept are the unsealed ones, without the files."""
        try:
            content = encode(request)
        except RequestUnfit as unfit:
            raise GatewayRefused(str(unfit)) from unfit
        text = _shown(content)
        order = self.config.nested_key_order
        body = seal(content, self.config.keys, at=self._clock(), nested_key_order=order)
        answer = self._post(verb, body, text)
        try:
            opened = self._opened(answer)
            reply = decode(request, opened)
        except (ReplyInconsistent, EnvelopeNotGenuine, EnvelopeUnreadable) as wrong:
            raise GatewayUnanswered(str(wrong), request_text=text, reply_text=str(answer)[:2000]) from wrong
        except GatewayRefused as refused:
            refused.request_text, refused.reply_text = text, _shown(answer)
            raise
        return Exchange(text, _shown(opened), reply)

    def _post(self, verb: str, body: Mapping[str, object], text: str) -> dict[str, object]:
        patience = httpx.Timeout(self.config.read_seconds, connect=self.config.connect_seconds)
        address = self.config.base_url.rstrip("/") + PATHS[verb]
        try:
            answer = self._http.post(address, json=body, timeout=patience)
        except httpx.HTTPError as silent:
            raise GatewayUnanswered(f"{type(silent).__name__}: {silent}", request_text=text) from silent
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise GatewayMisconfigured(_reason(answer), request_text=text, reply_text=answer.text)
        if answer.status_code != httpx.codes.OK:
            reason = f"HTTP {answer.status_code}"
            raise GatewayUnanswered(reason, request_text=text, reply_text=answer.text[:2000])
        return _object(answer, text)

    def _opened(self, answer: dict[str, object]) -> Content:
        """What the sealed answer holds.

        Raises:
            GatewayRefused: the centre says no.
            ReplyInconsistent: it says that its own system failed.
            EnvelopeNotGenuine, EnvelopeUnreadable: whoever says this is not the centre, or cannot be understood.
        """
        order = self.config.nested_key_order
        opened = open_sealed(answer, self.config.keys, now=self._clock(), nested_key_order=order)
        # Code and message stand beside the content and are covered by the same signature.
        code = str(answer.get("code", ""))
        reason = str(answer.get("message") or f"code {code}")
        if code in ("", str(SYSTEM_ERROR)):
            raise ReplyInconsistent(reason)
        if code != str(OK):
            raise _refusal(reason)
        return opened


def _refusal(reason: str) -> GatewayRefused:
    if any(word in reason for word in UNKNOWN_WORDS):
        return NoSuchPrescription(reason)
    if any(word in reason for word in TAKEN_WORDS):
        return NumberTaken(reason)
    return GatewayRefused(reason)


def _object(answer: httpx.Response, text: str) -> dict[str, object]:
    try:
        content = json.loads(answer.text, parse_float=Decimal)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise GatewayUnanswered("no message", request_text=text, reply_text=answer.text[:2000])
    return content


def _reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json().get("message") or "HTTP 401")
    except (ValueError, AttributeError):
        return "HTTP 401"


def _shown(content: Mapping[str, object]) -> str:
    """The content as JSON for people."""
    return json.dumps(without_files(content), ensure_ascii=False, default=str)
