"""Encryption of single fields (SM4-GCM) and a keyed fingerprint to search them by (HMAC-SM3)."""

import base64
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.db import models

_PREFIX = "sm4:"


def _key() -> bytes:
    """The 16-byte key of this installation."""
    return bytes.fromhex(settings.FIELD_ENCRYPTION_KEY)


def encrypt(text: str) -> str:
    """Encrypt text with a fresh nonce; equal texts give different results."""
    nonce = secrets.token_bytes(12)
    encryptor = Cipher(algorithms.SM4(_key()), modes.GCM(nonce)).encryptor()
    sealed = encryptor.update(text.encode()) + encryptor.finalize()
    return _PREFIX + base64.b64encode(nonce + encryptor.tag + sealed).decode()


def decrypt(text: str) -> str:
    """The text that was encrypted.

    Raises:
        ValueError: it was not encrypted with this key, or was changed since.
    """
    if not text.startswith(_PREFIX):
        raise ValueError("not an encrypted value")
    raw = base64.b64decode(text.removeprefix(_PREFIX))
    decryptor = Cipher(algorithms.SM4(_key()), modes.GCM(raw[:12], raw[12:28])).decryptor()
    try:
        return (decryptor.update(raw[28:]) + decryptor.finalize()).decode()
    except InvalidTag as error:
        raise ValueError("the value was changed or the key is another one") from error


def fingerprint(text: str) -> str:
    """64 hex digits that are equal for equal texts and say nothing without the key."""
    mac = hmac.HMAC(b"fingerprint:" + _key(), hashes.SM3())
    mac.update(text.encode())
    return mac.finalize().hex()


class EncryptedTextField(models.TextField[str, str]):
    """Text that lies encrypted in the database; it cannot be filtered by, use a fingerprint beside it."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way in; empty stays empty."""
        return encrypt(str(value)) if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """Decrypt on the way out."""
        return decrypt(value) if value else value
