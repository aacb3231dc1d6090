"""SM2 signatures, SM3 digests and SM4 blocks in the raw shapes that Chinese platforms put on the wire.

Source: GB/T 32918.2 (SM2 signature) and 32918.5 (the curve), GB/T 32905 (SM3), GB/T 32907 (SM4).
"""

from functools import lru_cache

import gmssl_pyx
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

USER_ID = b"1234567812345678"
SIGNATURE_BYTES = 64
_HALF = 32
_BLOCK_BITS = 128

_Point = tuple[int, int] | None

# The curve of GB/T 32918.5: y² = x³ + ax + b over the field of _P, with the base point _G of order _N.
_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_A = _P - 3
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)


def sm2_key_pair() -> tuple[bytes, bytes]:
    """A fresh private key (32 bytes) and its public key (64 bytes, X‖Y)."""
    public, private = gmssl_pyx.sm2_key_generate()
    return private, public


def sm2_public_key(private: bytes) -> bytes:
    """The public key (64 bytes, X‖Y) that belongs to a private key of 32 bytes.

    Raises:
        ValueError: it is no private key of this curve.
    """
    if len(private) != _HALF or not 0 < int.from_bytes(private) < _N - 1:
        raise ValueError("an SM2 private key is 32 bytes, above zero and below the order less one")
    return _public_key(private)


def sm2_sign(private: bytes, message: bytes, *, user_id: bytes = USER_ID) -> bytes:
    """SM3withSM2 over a message: always 64 bytes, r‖s, each padded on the left to 32.

    The library answers in DER, whose whole numbers lose their leading zeros: about one signature
    in 128 has an r or an s of fewer than 32 bytes, and a bare joining of the two would be refused.

    Raises:
        ValueError: the private key is no key of this curve.
    """
    digest = _digest(sm2_public_key(private), message, user_id)
    r, s = decode_dss_signature(gmssl_pyx.sm2_sign_sm3_digest(private, digest))
    return r.to_bytes(_HALF) + s.to_bytes(_HALF)


def sm2_verify(public: bytes, message: bytes, signature: bytes, *, user_id: bytes = USER_ID) -> bool:
    """Whether ``signature`` (64 bytes, r‖s) over ``message`` is by the holder of ``public``."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    r, s = int.from_bytes(signature[:_HALF]), int.from_bytes(signature[_HALF:])
    if not (0 < r < _N and 0 < s < _N):
        return False
    try:
        digest = _digest(public, message, user_id)
        return bool(gmssl_pyx.sm2_verify_sm3_digest(public, digest, encode_dss_signature(r, s)))
    except gmssl_pyx.InvalidValueError:
        return False


def sm3(message: bytes) -> bytes:
    """The digest of a message, 32 bytes."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(message)
    return digest.finalize()


def sm4_ecb_encrypt(key: bytes, text: bytes) -> bytes:
    """Blocks of 16 bytes under a key of 16, padded by PKCS#7; equal blocks look equal.

    Electronic code book is weak and is here only because the platforms prescribe it on the wire.
    """
    padder = padding.PKCS7(_BLOCK_BITS).padder()
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()  # noqa: S305
    return encryptor.update(padder.update(text) + padder.finalize()) + encryptor.finalize()


def sm4_ecb_decrypt(key: bytes, sealed: bytes) -> bytes:
    """The text under :func:`sm4_ecb_encrypt`.

    Raises:
        ValueError: another key, a cut message, or a padding that is none.
    """
    decryptor = Cipher(algorithms.SM4(key), modes.ECB()).decryptor()  # noqa: S305
    unpadder = padding.PKCS7(_BLOCK_BITS).unpadder()
    padded = decryptor.update(sealed) + decryptor.finalize()
    return unpadder.update(padded) + unpadder.finalize()


def _digest(public: bytes, message: bytes, user_id: bytes) -> bytes:
    """What is signed: SM3 over Z and the message, Z being the digest of signer, curve and key.

    Source: GB/T 32918.2, 5.5 and 6.1. Made here, for the library takes ten times as long over it.
    """
    signer = (len(user_id) * 8).to_bytes(2) + user_id
    curve = b"".join(number.to_bytes(_HALF) for number in (_A, _B, *_G))
    return sm3(sm3(signer + curve + public) + message)


@lru_cache(maxsize=16)
def _public_key(private: bytes) -> bytes:
    """The base point times the key; kept, for a process signs with one or two keys for its life."""
    result: _Point = None
    for bit in f"{int.from_bytes(private):b}":
        result = _sum(result, result)
        if bit == "1":
            result = _sum(result, _G)
    if result is None:
        raise ValueError("the key times the base point is the point at infinity")
    return result[0].to_bytes(_HALF) + result[1].to_bytes(_HALF)


def _sum(one: _Point, other: _Point) -> _Point:
    """The sum of two points of the curve; None is the point at infinity."""
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % _P == 0:
        return None
    slope = (3 * x1 * x1 + _A) * pow(2 * y1, -1, _P) if one == other else (y2 - y1) * pow(x2 - x1, -1, _P)
    x3 = (slope * slope - x1 - x2) % _P
    return x3, (slope * (x1 - x3) - y1) % _P
