"""The sealed envelope of mobile payment and e-prescription: SM2 signature, SM4 encryption.

A message is an object ``{appId, encType, signType, timestamp, version, encData, signData}``. What is signed is the
content in the clear, written as :func:`text_to_sign` says; what is sent of it is ``encData``.

Source: five independent implementations of the envelope agree on it, except for the order of nested keys, which is
therefore a parameter (``ordinal``: upper case before lower; ``case_insensitive``).
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from kernel.sm import SIGNATURE_BYTES, sm2_sign, sm2_verify, sm4_ecb_decrypt, sm4_ecb_encrypt

VERSION = "2.0.1"
UNSIGNED = frozenset({"signData", "encData", "extra"})
# No source names a window; five minutes are what other platforms allow.
WINDOW = timedelta(minutes=5)
_KEY_BYTES = 16

Order = Callable[[str], Any]
ORDERS: Mapping[str, Order] = {
    "ordinal": lambda name: name,
    "case_insensitive": lambda name: (name.lower(), name),
}


class EnvelopeUnreadable(ValueError):
    """It is no envelope, or what is in it cannot be decrypted."""


class EnvelopeNotGenuine(ValueError):
    """Not for us, not from the platform, changed on the way, or too old."""


@dataclass(frozen=True)
class EnvelopeKeys:
    """What a platform gave us; ``private_key`` is ours (32 bytes), ``platform_public_key`` is X‖Y (64 bytes)."""

    app_id: str
    app_secret: str = field(repr=False)
    private_key: bytes = field(repr=False)
    platform_public_key: bytes

    @classmethod
    def from_text(
        cls, *, app_id: str, app_secret: str, private_key: str, platform_public_key: str
    ) -> "EnvelopeKeys":
        """Keys as platforms hand them out, in Base64.

        A private key is 32 bytes or 33 with a leading zero, a public key 64 bytes or 65 with a leading 04.

        Raises:
            ValueError: naming what does not fit.
        """
        if len(app_id.encode()) < _KEY_BYTES or not app_secret:
            raise ValueError("an app id has 16 characters at least, and a secret belongs to it")
        return cls(
            app_id,
            app_secret,
            _bare(private_key, 32, b"\0", "the private key"),
            _bare(platform_public_key, 64, b"\4", "the platform's public key"),
        )

    @property
    def content_key(self) -> bytes:
        """The SM4 key of ``encData``: the first 16 hexadecimal digits of the secret sealed under the app id."""
        sealed = sm4_ecb_encrypt(self.app_id.encode()[:_KEY_BYTES], self.app_secret.encode())
        return sealed.hex().upper()[:_KEY_BYTES].encode()


def seal(
    data: Mapping[str, Any], keys: EnvelopeKeys, *, at: datetime, nested_key_order: str = "ordinal"
) -> dict[str, Any]:
    """Sign and encrypt what is to be said.

    Args:
        data: the content; amounts as text, never floating point.
        keys: ours for this platform.
        at: the moment of sending.
        nested_key_order: ``ordinal`` or ``case_insensitive``, as the platform sorts.

    Raises:
        ValueError: the content holds a floating-point number, or something JSON does not know.
    """
    content = without_empty(data) or {}
    body: dict[str, Any] = {
        "appId": keys.app_id,
        "encType": "SM4",
        "signType": "SM2",
        "timestamp": int(at.timestamp() * 1000),
        "version": VERSION,
        "data": content,
    }
    text = text_to_sign(body, keys.app_secret, nested_key_order=nested_key_order)
    body["signData"] = base64.b64encode(sm2_sign(keys.private_key, text.encode())).decode()
    body["encData"] = sm4_ecb_encrypt(keys.content_key, _json(content).encode()).hex().upper()
    del body["data"]
    return body


def open_sealed(
    body: Mapping[str, Any], keys: EnvelopeKeys, *, now: datetime, nested_key_order: str = "ordinal"
) -> dict[str, Any]:
    """The content of an envelope, once it is known to be the platform's and fresh.

    Other members of ``body`` (code, message) are covered by the signature and may be read afterwards.

    Raises:
        EnvelopeUnreadable: it cannot be decrypted or parsed.
        EnvelopeNotGenuine: the signature is not the platform's, it is for another app, or older than five minutes.
    """
    opened = decrypted(body, keys)
    if opened.get("appId") != keys.app_id:
        raise EnvelopeNotGenuine("the envelope is for another app")
    text = text_to_sign(opened, keys.app_secret, nested_key_order=nested_key_order)
    if not sm2_verify(keys.platform_public_key, text.encode(), _signature(body)):
        raise EnvelopeNotGenuine("the signature is not the platform's")
    _refuse_stale(opened.get("timestamp"), now)
    data: dict[str, Any] = opened.get("data") or {}
    return data


def decrypted(body: Mapping[str, Any], keys: EnvelopeKeys) -> dict[str, Any]:
    """The envelope with its content in the clear under ``data``; nothing is verified.

    Raises:
        EnvelopeUnreadable: it cannot be decrypted or parsed.
    """
    opened = dict(body)
    if sealed := body.get("encData"):
        try:
            text = sm4_ecb_decrypt(keys.content_key, bytes.fromhex(sealed))
            opened["data"] = json.loads(text, parse_float=Decimal)
        except (TypeError, ValueError) as wrong:
            raise EnvelopeUnreadable("encData cannot be decrypted with the key of this app") from wrong
    if not isinstance(opened.get("data", {}), dict):
        raise EnvelopeUnreadable("data is no object")
    return opened


def text_to_sign(body: Mapping[str, Any], app_secret: str, *, nested_key_order: str = "ordinal") -> str:
    """``key=value&`` of every member in order, whatever the case of the name, and ``key=`` the secret at last.

    Empty members are left out at every depth; an object is compact JSON with sorted keys and every scalar as text.
    """
    order = ORDERS[nested_key_order]
    content = without_empty({name: value for name, value in body.items() if name not in UNSIGNED}) or {}
    members = sorted(content.items(), key=lambda member: (member[0].lower(), member[0]))
    written = "".join(f"{name}={_signed_form(value, order)}&" for name, value in members)
    return f"{written}key={app_secret}"


def without_empty(value: Any) -> Any:
    """The value without null, empty texts, lists and objects, at every depth; None when nothing is left."""
    if isinstance(value, Mapping):
        pruned = {name: without_empty(child) for name, child in value.items()}
        return {name: child for name, child in pruned.items() if child is not None} or None
    if isinstance(value, (list, tuple)):
        return [child for child in map(without_empty, value) if child is not None] or None
    return None if value == "" else value


def _signed_form(value: Any, order: Order) -> str:
    nested = _as_text(value, order)
    return nested if isinstance(nested, str) else _json(nested)


def _as_text(value: Any, order: Order) -> Any:
    """Every scalar a text, every object in key order; arrays keep theirs."""
    if isinstance(value, dict):
        return {name: _as_text(value[name], order) for name in sorted(value, key=order)}
    if isinstance(value, list):
        return [_as_text(child, order) for child in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, Decimal)):
        return str(value)
    raise ValueError(f"{type(value).__name__} has no place in a sealed message")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def _signature(body: Mapping[str, Any]) -> bytes:
    try:
        signature = base64.b64decode(body.get("signData") or "", validate=True)
    except (TypeError, binascii.Error, ValueError) as wrong:
        raise EnvelopeNotGenuine("signData is not Base64") from wrong
    if len(signature) != SIGNATURE_BYTES:
        raise EnvelopeNotGenuine(f"signData is {len(signature)} bytes instead of {SIGNATURE_BYTES}")
    return signature


def _refuse_stale(timestamp: object, now: datetime) -> None:
    """Milliseconds since 1970, as a number or as digits."""
    try:
        sent_at = datetime.fromtimestamp(int(str(timestamp)) / 1000, UTC)
    except (ValueError, OverflowError, OSError) as wrong:
        raise EnvelopeNotGenuine("the envelope bears no time") from wrong
    if abs(now - sent_at) > WINDOW:
        raise EnvelopeNotGenuine("the envelope is older than five minutes, or from the future")


def _bare(text: str, length: int, lead: bytes, what: str) -> bytes:
    """Base64 of a key without the byte that some platforms put before it."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise ValueError(f"{what} is not Base64") from wrong
    if len(raw) == length + 1 and raw.startswith(lead):
        raw = raw[1:]
    if len(raw) != length:
        raise ValueError(f"{what} is {len(raw)} bytes instead of {length}")
    return raw
