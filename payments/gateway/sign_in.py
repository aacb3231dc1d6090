"""Who holds the phone inside WeChat: web authorisation (网页授权, ``snsapi_base``), silent for the payer.

The browser goes to WeChat and comes back with a code; a call of our own turns the code into her openid at our account.

Source: WeChat documentation for service accounts, web authorisation: ``connect/oauth2/authorize``, ``sns/oauth2/access_token``.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx

from payments.gateway.port import PaymentRefused, PaymentUnanswered

CODE_REFUSED = frozenset({"40029", "40163", "42003"})
"""The code is wrong, was used, or is too old: with a new one it works."""
_BUSY = frozenset({"-1", "45009", "45011"})
"""The gateway itself asks to call again later."""
_OPENID = re.compile(r"[0-9A-Za-z_\-]{6,128}")


@dataclass(frozen=True, slots=True)
class SignInConfig:
    """Our service account at WeChat; ``appid`` is the one that the merchant's orders bear.

    ``open_url`` is where browsers go, ``api_url`` where this server calls; both without a slash at the end.
    """

    open_url: str
    api_url: str
    appid: str
    app_secret: str = field(repr=False)
    connect_timeout_seconds: float = 3.0
    read_timeout_seconds: float = 5.0


class WeChatSignIn:
    """Asks WeChat who holds the phone. Threads may share it. Neither code, secret nor openid stands in an error."""

    def __init__(self, config: SignInConfig) -> None:
        """Open nothing yet."""
        self._config = config
        timeout = httpx.Timeout(config.read_timeout_seconds, connect=config.connect_timeout_seconds)
        # trust_env is off: a proxy in the environment must not see the secret by accident.
        self._http = httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False)

    def address(self, *, return_url: str, state: str) -> str:
        """Where her browser goes to be recognised; WeChat sends it back to ``return_url`` with ``code`` and ``state``."""
        asked = {
            "appid": self._config.appid,
            "redirect_uri": return_url,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
        }
        return f"{self._config.open_url}/connect/oauth2/authorize?{urlencode(asked)}#wechat_redirect"

    def openid_of(self, code: str) -> str:
        """Who came back with a code; a code is good once and for five minutes.

        Raises:
            PaymentRefused: the code is of no use (``CODE_REFUSED``), or our account is not known there.
            PaymentUnanswered: nobody knows; she may try again with a new code.
        """
        fields = self._asked(code)
        if error := str(fields.get("errcode") or ""):
            if error in _BUSY:
                raise PaymentUnanswered(f"WeChat is busy: {error}")
            raise PaymentRefused(error, "WeChat does not say who came")
        openid = fields.get("openid")
        if not isinstance(openid, str) or not _OPENID.fullmatch(openid):
            raise PaymentUnanswered("the answer names nobody")
        return openid

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _asked(self, code: str) -> dict[str, Any]:
        asked = {
            "appid": self._config.appid,
            "secret": self._config.app_secret,
            "code": code,
            "grant_type": "authorization_code",
        }
        try:
            reply = self._http.get(f"{self._config.api_url}/sns/oauth2/access_token", params=asked)
        except httpx.HTTPError as error:
            # Without its cause: the address in it bears the secret.
            raise PaymentUnanswered(f"WeChat did not answer: {type(error).__name__}") from None
        if not reply.is_success:
            raise PaymentUnanswered(f"WeChat answered {reply.status_code}")
        return _object(reply.content)


def _object(body: bytes) -> dict[str, Any]:
    """The JSON object of an answer; WeChat calls it text/plain."""
    try:
        fields = json.loads(body)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise PaymentUnanswered("the answer is not a JSON object")
    return fields
