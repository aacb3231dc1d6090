"""The sealed envelope of the mobile payment centre and the e-prescription centre, from their side.

Written from the description of the envelope alone and with another SM2 library than the hospital's, so that a
mistake on one side does not hide behind the same mistake on the other.
"""

import base64
import functools
import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import gmalg
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

USER_ID = b"1234567812345678"
WINDOW_MILLISECONDS = 300_000
OUTSIDE_THE_SIGNATURE = ("signData", "encData", "extra")


class EnvelopeRefused(Exception):
    """The envelope is not accepted; the text is what the platform answers."""


@dataclass(frozen=True)
class PlatformKeys:
    """The platform's private key (32 bytes), and what it knows of one hospital (public key: 64 bytes)."""

    app_id: str
    app_secret: str
    private_key: bytes
    hospital_public_key: bytes

    def content_key(self) -> bytes:
        """The SM4 key of encData."""
        block = _sm4(self.app_id.encode()[:16]).encryptor()
        padder = PKCS7(128).padder()
        padded = padder.update(self.app_secret.encode()) + padder.finalize()
        return (block.update(padded) + block.finalize()).hex().upper()[:16].encode()


def new_key_pair() -> tuple[bytes, bytes]:
    """A private key (32 bytes) and its public key (64 bytes)."""
    private, public = gmalg.SM2().generate_keypair()
    return private.rjust(32, b"\0"), public[1:]


@functools.lru_cache(maxsize=16)
def public_key_of(private: bytes) -> bytes:
    """The public key (64 bytes) of a private one."""
    public: bytes = gmalg.SM2().generate_pk(private)
    return public[1:]


def seal(
    data: dict[str, Any] | None,
    keys: PlatformKeys,
    *,
    now: datetime,
    case_insensitive: bool = False,
    **outside: Any,
) -> dict[str, Any]:
    """An answer or a call to the hospital; ``outside`` are members beside the content, such as code and message."""
    body: dict[str, Any] = {
        "appId": keys.app_id,
        "encType": "SM4",
        "signType": "SM2",
        "timestamp": str(int(now.timestamp() * 1000)),
        "version": "2.0.1",
        **outside,
    }
    if data:
        body["data"] = _pruned(data)
    body["signData"] = _sign(keys, _text(body, keys.app_secret, case_insensitive))
    if data:
        body["encData"] = _encrypt(keys, body.pop("data"))
    return body


def open_sealed(
    body: Any, keys: PlatformKeys, *, now: datetime, case_insensitive: bool = False
) -> dict[str, Any]:
    """The content of a hospital's message.

    Raises:
        EnvelopeRefused: it cannot be read, or is not this hospital's, or not fresh.
    """
    if not isinstance(body, dict) or body.get("appId") != keys.app_id:
        raise EnvelopeRefused("appId不存在")
    if (body.get("encType"), body.get("signType")) != ("SM4", "SM2"):
        raise EnvelopeRefused("encType、signType应为SM4、SM2")
    content = _decrypt(keys, body.get("encData"))
    text = _text({**body, "data": content}, keys.app_secret, case_insensitive)
    if not _is_signed(keys, text, body.get("signData")):
        raise EnvelopeRefused("验签失败")
    stamp = str(body.get("timestamp"))
    if not stamp.isdigit() or abs(now.timestamp() * 1000 - int(stamp)) > WINDOW_MILLISECONDS:
        raise EnvelopeRefused("timestamp超出允许范围")
    return content


def _sign(keys: PlatformKeys, text: str) -> str:
    signer = gmalg.SM2(sk=keys.private_key, uid=USER_ID, pk=b"\x04" + public_key_of(keys.private_key))
    # The library leaves leading zeros away; the platform's signature is always 64 bytes.
    r, s = signer.sign(text.encode())
    return base64.b64encode(r.rjust(32, b"\0") + s.rjust(32, b"\0")).decode()


def _is_signed(keys: PlatformKeys, text: str, given: Any) -> bool:
    try:
        raw = base64.b64decode(given, validate=True)
    except (TypeError, ValueError):
        return False
    if len(raw) != 64:
        return False
    judge = gmalg.SM2(uid=USER_ID, pk=b"\x04" + keys.hospital_public_key)
    return bool(judge.verify(text.encode(), raw[:32], raw[32:]))


def _encrypt(keys: PlatformKeys, content: Any) -> str:
    padder, block = PKCS7(128).padder(), _sm4(keys.content_key()).encryptor()
    padded = padder.update(_compact(content).encode()) + padder.finalize()
    return (block.update(padded) + block.finalize()).hex().upper()


def _decrypt(keys: PlatformKeys, sealed: Any) -> dict[str, Any]:
    try:
        block, unpadder = _sm4(keys.content_key()).decryptor(), PKCS7(128).unpadder()
        padded = block.update(bytes.fromhex(sealed)) + block.finalize()
        content = json.loads(unpadder.update(padded) + unpadder.finalize(), parse_float=Decimal)
    except (TypeError, ValueError) as wrong:
        raise EnvelopeRefused("encData解密失败") from wrong
    if not isinstance(content, dict):
        raise EnvelopeRefused("data不是对象")
    return content


def _sm4(key: bytes) -> Cipher[modes.ECB]:
    return Cipher(algorithms.SM4(key), modes.ECB())  # noqa: S305 (prescribed by the platform)


def _text(body: dict[str, Any], secret: str, case_insensitive: bool) -> str:  # noqa: FBT001
    """What is signed, of all members but the signature itself and the encrypted copy."""
    kept = {name: _pruned(body[name]) for name in body if name not in OUTSIDE_THE_SIGNATURE}
    parts = [
        f"{name}={_written(kept[name], case_insensitive)}"
        for name in sorted(kept, key=str.lower)
        if kept[name] is not None
    ]
    return "&".join([*parts, f"key={secret}"])


def _pruned(value: Any) -> Any:
    """The value without anything empty in it, None when that leaves nothing."""
    if isinstance(value, dict):
        value = {name: kept for name in value if (kept := _pruned(value[name])) is not None}
    elif isinstance(value, list):
        value = [kept for child in value if (kept := _pruned(child)) is not None]
    return None if value in ("", [], {}) else value


def _written(value: Any, case_insensitive: bool) -> str:  # noqa: FBT001
    flat = _texts(value, case_insensitive)
    return flat if isinstance(flat, str) else _compact(flat)


def _texts(value: Any, case_insensitive: bool) -> Any:  # noqa: FBT001
    if isinstance(value, dict):
        names = sorted(value, key=str.lower if case_insensitive else None)
        return {name: _texts(value[name], case_insensitive) for name in names}
    if isinstance(value, list):
        return [_texts(child, case_insensitive) for child in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
