"""The real-name check over HTTP."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from registry.gateway import messages
from registry.gateway.messages import MalformedMessage, RealNameResult
from registry.gateway.port import IdentityRefused, IdentityUnanswered


@dataclass(frozen=True, slots=True)
class IdentityConfig:
    """Our account at the identity service. ``base_url``: up to but without ``/v1``."""

    base_url: str
    app_id: str
    app_secret: bytes = field(repr=False)
    connect_timeout_seconds: float = 3.0
    read_timeout_seconds: float = 5.0


class IdentityClient:
    """``IdentityGateway`` over HTTP. Threads may share it; processes must not."""

    def __init__(self, config: IdentityConfig, *, now: Callable[[], float] = time.time) -> None:
        """Open nothing yet. ``now``: seconds since 1970, for signatures."""
        self._config = config
        self._now = now
        timeout = httpx.Timeout(config.read_timeout_seconds, connect=config.connect_timeout_seconds)
        # trust_env is off: a proxy in the environment must not see ID numbers by accident.
        self._http = httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False)

    def check_real_name(self, request_id: str, name: str, id_number: str) -> RealNameResult:
        """See ``IdentityGateway.check_real_name``."""
        body = messages.encode_check(request_id=request_id, name=name, id_number=id_number)
        reply = self._post(body)
        if reply.status_code == httpx.codes.OK:
            return self._result(reply, request_id)
        raise _refusal(reply)

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _post(self, body: bytes) -> httpx.Response:
        headers = messages.signed_headers(
            app_id=self._config.app_id,
            secret=self._config.app_secret,
            method="POST",
            path=messages.PATH,
            timestamp=str(int(self._now())),
            nonce=secrets.token_hex(16),
            body=body,
        )
        try:
            return self._http.post(self._config.base_url + messages.PATH, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise IdentityUnanswered(repr(error)) from error

    def _result(self, reply: httpx.Response, request_id: str) -> RealNameResult:
        try:
            answer = messages.decode_answer(reply.content)
        except MalformedMessage as error:
            raise IdentityUnanswered(f"unreadable answer: {error}") from error
        if answer.request_id != request_id:
            raise IdentityUnanswered("the answer belongs to another question")
        return answer.result


def _refusal(reply: httpx.Response) -> IdentityRefused | IdentityUnanswered:
    try:
        fields = reply.json()
        code, message = str(fields["code"]), str(fields["message"])
    except (KeyError, TypeError, ValueError):
        return IdentityUnanswered(f"HTTP {reply.status_code}")
    if 400 <= reply.status_code < 500 and reply.status_code != httpx.codes.TOO_MANY_REQUESTS:
        return IdentityRefused(code, message)
    return IdentityUnanswered(f"HTTP {reply.status_code} {code}")
