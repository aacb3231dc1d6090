"""How WeChat Pay APIv3 signs, verifies and encrypts.

Source: WeChat Pay merchant documentation, APIv3: signature generation, signature verification,
decryption of certificates and notifications (AEAD_AES_256_GCM, RFC 5116).
"""

import base64
import binascii

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

SCHEME = "WECHATPAY2-SHA256-RSA2048"
CIPHER = "AEAD_AES_256_GCM"


class MalformedMessage(ValueError):
    """A message from outside lacks a field, or a field is not what the documentation promises."""


def request_to_sign(method: str, path: str, timestamp: str, nonce: str, body: bytes) -> bytes:
    """The five lines a merchant signs; ``path`` with its query, from ``/v3``."""
    return f"{method}\n{path}\n{timestamp}\n{nonce}\n".encode() + body + b"\n"


def bridge_to_sign(appid: str, timestamp: str, nonce: str, package: str) -> bytes:
    """The four lines a merchant signs for WeChat's bridge on a page (JSAPI)."""
    return f"{appid}\n{timestamp}\n{nonce}\n{package}\n".encode()


def reply_to_verify(timestamp: str, nonce: str, body: bytes) -> bytes:
    """The three lines the gateway signs, in an answer and in a notification."""
    return f"{timestamp}\n{nonce}\n".encode() + body + b"\n"


def sign(key: RSAPrivateKey, message: bytes) -> str:
    """SHA256 with RSA (PKCS #1 v1.5), in base64."""
    return base64.b64encode(key.sign(message, PKCS1v15(), SHA256())).decode()


def is_signed_by(key: RSAPublicKey, message: bytes, signature: str) -> bool:
    """Whether ``signature`` (base64) is this key's over ``message``."""
    try:
        key.verify(base64.b64decode(signature, validate=True), message, PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def authorization(*, mchid: str, serial: str, nonce: str, timestamp: str, signature: str) -> str:
    """The value of the ``Authorization`` header."""
    return (
        f'{SCHEME} mchid="{mchid}",nonce_str="{nonce}",signature="{signature}",'
        f'timestamp="{timestamp}",serial_no="{serial}"'
    )


def decrypt(apiv3_key: bytes, nonce: bytes, associated_data: bytes, ciphertext: str) -> bytes:
    """Open an AES-256-GCM resource; ``ciphertext`` is base64 and ends with the 16-byte tag.

    Raises:
        MalformedMessage: the key is wrong, or something was altered.
    """
    try:
        sealed = base64.b64decode(ciphertext, validate=True)
        return AESGCM(apiv3_key).decrypt(nonce, sealed, associated_data)
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise MalformedMessage("the resource cannot be decrypted") from error
