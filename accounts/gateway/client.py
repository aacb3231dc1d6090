"""Text messages over HTTP."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx

from accounts.gateway import messages
from accounts.gateway.port import SmsRefused, SmsUnanswered


@dataclass(frozen=True, slots=True)
class SmsConfig:
    """Our account at the text message service. ``base_url``: up to but without ``/v1``."""

    base_url: str
    app_id: str
    app_secret: bytes = field(repr=False)
    connect_timeout_seconds: float = 3.0
    read_timeout_seconds: float = 5.0


class SmsClient:
    """``SmsGateway`` over HTTP. Threads may share it; processes must not."""

    def __init__(self, config: SmsConfig, *, now: Callable[[], float] = time.time) -> None:
        """Open nothing yet. ``now``: seconds since 1970, for signatures."""
        self._config = config
        self._now = now
        timeout = httpx.Timeout(config.read_timeout_seconds, connect=config.connect_timeout_seconds)
        # trust_env is off: a proxy in the environment must not see sign-in codes by accident.
        self._http = httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False)

    def send(self, request_id: str, mobile: str, template: str, params: Mapping[str, str]) -> None:
        """See ``SmsGateway.send``."""
        body = messages.encode_message(request_id=request_id, mobile=mobile, template=template, params=params)
        headers = messages.signed_headers(
            app_id=self._config.app_id,
            secret=self._config.app_secret,
            timestamp=str(int(self._now())),
            nonce=secrets.token_hex(16),
            body=body,
        )
        try:
            reply = self._http.post(self._config.base_url + messages.PATH, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise SmsUnanswered(repr(error)) from error
        if reply.status_code != httpx.codes.OK:
            raise _refusal(reply)

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()


def _refusal(reply: httpx.Response) -> SmsRefused | SmsUnanswered:
    try:
        fields = reply.json()
        code, message = str(fields["code"]), str(fields["message"])
    except (KeyError, TypeError, ValueError):
        return SmsUnanswered(f"HTTP {reply.status_code}")
    if 400 <= reply.status_code < 500 and reply.status_code != httpx.codes.TOO_MANY_REQUESTS:
        return SmsRefused(code, message)
    return SmsUnanswered(f"HTTP {reply.status_code} {code}")
