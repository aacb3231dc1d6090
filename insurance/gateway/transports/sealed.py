"""OAuth2 bearer token; the input signed with SM2 (``cainfo``) and encrypted with SM4.

Source: a public client of one province [S:JL]: password grant with Basic client authentication; ``cainfo`` is the
Base64 signature over the input's JSON; ``input`` is Base64 of SM4-ECB under the client's number; the output likewise.
That a reply is signed too, and what a refused token answers (HTTP 401), is general knowledge [G].
"""

import base64
import binascii
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from insurance.gateway.messages.wire import ReplyInconsistent
from insurance.gateway.port import GatewayMisconfigured, GatewayUnanswered
from insurance.gateway.transports.port import Opened, said
from kernel import sm

KEY_BYTES = 16
# A token is not used in its last minute: the message is still under way then.
_RESERVE = timedelta(seconds=60)
_CLOSED = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)


@dataclass(frozen=True, kw_only=True)
class SealedKeys:
    """``client_id`` has 16 characters: it is the SM4 key, too. Keys of SM2 are 32 bytes and X‖Y (64 bytes)."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    username: str
    password: str = field(repr=False)
    private_key: bytes = field(repr=False)
    platform_public_key: bytes | None = None
    token_seconds: float = 20

    def __post_init__(self) -> None:
        """Refuse at start what could only fail later.

        Raises:
            GatewayMisconfigured: naming the value.
        """
        if len(self.client_id.encode()) != KEY_BYTES:
            raise GatewayMisconfigured(f"client_id has not {KEY_BYTES} characters")
        if len(self.private_key) != 2 * KEY_BYTES:
            raise GatewayMisconfigured("the SM2 private key has not 32 bytes")


class SealedTransport:
    """Keeps one token until shortly before it ends."""

    def __init__(self, keys: SealedKeys) -> None:
        """As given by the operator of the gateway."""
        self._keys = keys
        self._lock = threading.Lock()
        self._token = ""
        self._until: datetime | None = None

    def headers(self, transaction: str, *, at: datetime, http: httpx.Client) -> dict[str, str]:
        """The bearer token, fetched when there is none."""
        with self._lock:
            if not self._token or (self._until is not None and at >= self._until):
                self._fetch(at, http)
            return {"authorization": f"Bearer {self._token}"}

    def wrap(self, head: Mapping[str, object], input_text: str) -> str:
        """Sign the input's text and encrypt it."""
        text = input_text.encode()
        signature = sm.sm2_sign(self._keys.private_key, text)
        sealed = dict(head) | {
            "cainfo": base64.b64encode(signature).decode(),
            "signtype": "SM2",
            "enc_type": "SM4",
            "input": base64.b64encode(sm.sm4_ecb_encrypt(self._key, text)).decode(),
        }
        return json.dumps(sealed, ensure_ascii=False)

    def unwrap(self, text: str) -> Opened:
        """Decrypt the output and check who signed it; an answer without one is left as it is."""
        try:
            body = json.loads(text)
        except ValueError:
            return text
        sealed = body.get("output") if isinstance(body, dict) else None
        if not isinstance(sealed, str) or not sealed:
            return text
        output = self._opened(sealed)
        self._check_signature(body.get("cainfo"), output)
        body["output"] = None
        # The output is put in as it came: its numbers keep every digit.
        return f'{json.dumps(body, ensure_ascii=False)[:-1]}, "output": {output.decode()}}}'

    def refusal(self, status: int, text: str) -> str:
        """HTTP 401 or 403."""
        return (said(text, "error_description", "error") or f"HTTP {status}") if status in _CLOSED else ""

    def renew(self) -> bool:
        """Forget the token, which the gateway may have ended early."""
        with self._lock:
            self._token = ""
        return True

    @property
    def _key(self) -> bytes:
        return self._keys.client_id.encode()

    def _opened(self, sealed: str) -> bytes:
        try:
            return sm.sm4_ecb_decrypt(self._key, base64.b64decode(sealed, validate=True))
        except (ValueError, binascii.Error) as wrong:
            raise ReplyInconsistent("the output cannot be decrypted") from wrong

    def _check_signature(self, cainfo: object, output: bytes) -> None:
        key = self._keys.platform_public_key
        if key is None:
            return
        try:
            signature = base64.b64decode(str(cainfo or ""), validate=True)
        except binascii.Error as wrong:
            raise ReplyInconsistent("cainfo is no signature") from wrong
        if not sm.sm2_verify(key, output, signature):
            raise ReplyInconsistent("cainfo is not the insurer's signature")

    def _fetch(self, at: datetime, http: httpx.Client) -> None:
        keys = self._keys
        form = {"grant_type": "password", "username": keys.username, "password": keys.password}
        try:
            answer = http.post(
                keys.token_url,
                data=form,
                auth=(keys.client_id, keys.client_secret),
                timeout=keys.token_seconds,
            )
        except httpx.HTTPError as silent:
            raise GatewayUnanswered(f"no token: {type(silent).__name__}") from silent
        token = said(answer.text, "access_token")
        if answer.status_code in (httpx.codes.BAD_REQUEST, *_CLOSED):
            raise GatewayMisconfigured(said(answer.text, "error_description", "error") or "no token")
        if answer.status_code != httpx.codes.OK or not token:
            raise GatewayUnanswered(f"no token: HTTP {answer.status_code}")
        life = timedelta(seconds=int(said(answer.text, "expires_in") or 0))
        self._token, self._until = token, at + max(life - _RESERVE, timedelta(0))
