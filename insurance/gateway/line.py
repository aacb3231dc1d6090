"""The line to one insurer: a message is written, let through the gateway, answered and read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn, TypeVar

import httpx

from insurance.gateway import messages as m
from insurance.gateway.config import GatewayConfig
from insurance.gateway.messages import envelope
from insurance.gateway.port import (
    Exchange,
    GatewayMisconfigured,
    GatewayRefused,
    GatewayUnanswered,
    MessageAlreadyReceived,
    ReplyDisputed,
    RequestNeverSent,
)

Q = TypeVar("Q")
R = TypeVar("R")
Output = Mapping[str, object]

# Provinces word these differently; the national text gives no code for them.
STALE_SIGN_NUMBER = ("未签到", "签到编号", "重新签到")
REPEATED_MESSAGE = ("报文id重复", "重复报文")
JSON_TYPE = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """What came back: the envelope in plain text, or the bytes of a file."""

    request_text: str
    text: str
    content: bytes | None = None


class Line:
    """Keeps its connections open. Safe to share between threads."""

    def __init__(
        self,
        config: GatewayConfig,
        *,
        clock: Callable[[], datetime],
        sign_number: Callable[[], str],
        new_sign_number: Callable[[str], str],
    ) -> None:
        """``clock`` gives the time of messages and signatures; the other two the day's sign number."""
        self.config = config
        self._clock = clock
        self._sign_number = sign_number
        self._new_sign_number = new_sign_number
        self._transport = config.transport()
        self._http = httpx.Client(trust_env=False, follow_redirects=False)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(
        self,
        transaction: str,
        msgid: str,
        request: Q,
        encode: Callable[[Q], dict[str, object]],
        decode: Callable[[Q, Output], R],
        *,
        signed: bool = True,
    ) -> Exchange[R]:
        """Send one message and read the answer."""
        answer = self._answer(transaction, msgid, request, encode, signed=signed)
        return Exchange(answer.request_text, answer.text, _read(request, answer, decode))

    def fetch(
        self,
        transaction: str,
        msgid: str,
        request: Q,
        encode: Callable[[Q], dict[str, object]],
        decode: Callable[[Q, bytes], R],
    ) -> Exchange[R]:
        """Send one message that is answered with the bytes of a file."""
        answer = self._answer(transaction, msgid, request, encode, signed=True)
        content = answer.content
        if content is None:
            return Exchange(answer.request_text, answer.text, _read(request, answer, _no_file))
        reply = _believed(answer, lambda: decode(request, content))
        return Exchange(answer.request_text, answer.text, reply)

    def _answer(
        self,
        transaction: str,
        msgid: str,
        request: Q,
        encode: Callable[[Q], dict[str, object]],
        *,
        signed: bool,
    ) -> Answer:
        """Send, signing in once more when the insurer has forgotten the sign number."""
        region = str(getattr(request, "insured_region", None) or "")
        input_text = self._input_text(transaction, request, encode, envelope.head_faults(msgid, region))
        number = self._sign_number() if signed else ""
        answer = self._sent(transaction, self._head(transaction, msgid, region, number), input_text)
        if signed and _is_stale(answer):
            number = self._new_sign_number(number)
            answer = self._sent(transaction, self._head(transaction, msgid, region, number), input_text)
        return answer

    def _input_text(
        self, transaction: str, request: Q, encode: Callable[[Q], dict[str, object]], faults: tuple[str, ...]
    ) -> str:
        """The input's JSON, when neither it nor the head has a fault."""
        nodes: dict[str, object] = {}
        try:
            nodes = encode(request)
        except m.RequestUnfit as unfit:
            faults = (*faults, *(fault for fault in unfit.faults if fault not in faults))
        text = envelope.input_text(nodes, amounts=self.config.amounts)
        if len(text) > envelope.MOST_INPUT_CHARACTERS and transaction != envelope.CARRIES_A_FILE:
            faults = (*faults, f"input: {len(text)} characters, {envelope.MOST_INPUT_CHARACTERS} fit")
        if faults:
            raise RequestNeverSent(faults)
        return text

    def _head(self, transaction: str, msgid: str, region: str, sign_number: str) -> dict[str, object]:
        return envelope.request_head(
            transaction=transaction,
            msgid=msgid,
            sender=self.config.sender,
            at=self._clock(),
            sign_number=sign_number,
            insured_region=region,
        )

    def _sent(self, transaction: str, head: dict[str, object], input_text: str) -> Answer:
        """Send the text; only an answer with HTTP 200 comes back. The texts kept are those before sealing, without files."""
        text = envelope.kept_text(head, input_text)
        content = self._transport.wrap(head, input_text).encode()
        answer = self._posted(transaction, text, content)
        if answer.status_code != httpx.codes.OK and self._is_refused(answer) and self._transport.renew():
            answer = self._posted(transaction, text, content)
        if answer.status_code == httpx.codes.OK:
            return self._opened(text, answer)
        if reason := self._transport.refusal(answer.status_code, answer.text):
            raise GatewayMisconfigured(reason, request_text=text, reply_text=answer.text)
        raise GatewayUnanswered(f"HTTP {answer.status_code}", request_text=text, reply_text=answer.text)

    def _is_refused(self, answer: httpx.Response) -> bool:
        return bool(self._transport.refusal(answer.status_code, answer.text))

    def _posted(self, transaction: str, text: str, content: bytes) -> httpx.Response:
        config = self.config
        signed = self._transport.headers(transaction, at=self._clock(), http=self._http)
        try:
            return self._http.post(
                config.address_of(transaction),
                content=content,
                headers={**signed, "content-type": JSON_TYPE},
                timeout=httpx.Timeout(config.patience_for(transaction), connect=config.connect_seconds),
            )
        except httpx.HTTPError as silent:
            raise GatewayUnanswered(f"{type(silent).__name__}: {silent}", request_text=text) from silent

    def _opened(self, text: str, answer: httpx.Response) -> Answer:
        if answer.headers.get("content-type", "").startswith("application/octet-stream"):
            return Answer(text, f"({len(answer.content)} bytes)", answer.content)
        try:
            return Answer(text, self._transport.unwrap(answer.text))
        except m.ReplyInconsistent as wrong:
            raise GatewayUnanswered(str(wrong), request_text=text, reply_text=answer.text) from wrong


def _read(request: Q, answer: Answer, decode: Callable[[Q, Output], R]) -> R:
    """Turn the text of an answer into a reply, or say why it is none."""

    def read() -> R:
        reply = envelope.read_reply(answer.text)
        if reply.code != envelope.OK:
            raise _failure(reply, answer)
        return decode(request, reply.output)

    return _believed(answer, read)


def _believed(answer: Answer, read: Callable[[], R]) -> R:
    texts = {"request_text": answer.request_text, "reply_text": answer.text}
    try:
        return read()
    except m.Refused as refusal:
        raise GatewayRefused(str(refusal), **texts) from refusal
    except m.AmountsDisputed as wrong:
        raise ReplyDisputed(str(wrong), **texts) from wrong
    except m.ReplyInconsistent as wrong:
        raise GatewayUnanswered(str(wrong), **texts) from wrong


def _no_file(request: object, output: Output) -> NoReturn:
    raise m.ReplyInconsistent("a message came instead of a file")


def _failure(reply: envelope.ReplyEnvelope, answer: Answer) -> Exception:
    reason = reply.error_text or f"infcode {reply.code}"
    kind: type[GatewayRefused | GatewayUnanswered] = GatewayRefused
    if reply.code != envelope.BUSINESS_ERROR or _says(reason, STALE_SIGN_NUMBER):
        # A sign number that is refused even when new says nothing about the matter itself.
        kind = GatewayUnanswered
    elif _says(reason, REPEATED_MESSAGE):
        kind = MessageAlreadyReceived
    return kind(reason, request_text=answer.request_text, reply_text=answer.text)


def _is_stale(answer: Answer) -> bool:
    try:
        reply = envelope.read_reply(answer.text)
    except m.ReplyInconsistent:
        return False
    return reply.code == envelope.BUSINESS_ERROR and _says(reply.error_text, STALE_SIGN_NUMBER)


def _says(text: str, phrases: tuple[str, ...]) -> bool:
    return any(phrase in text.lower() for phrase in phrases)
