"""Signing, verifying and decrypting, against published vectors."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from payments.gateway import signing
from payments.gateway.signing import MalformedMessage


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


# RFC 7515, appendix A.2: RSASSA-PKCS1-v1_5 with SHA-256.
RFC_7515_KEY = rsa.RSAPublicNumbers(
    e=65537,
    n=_number(
        "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4Ql"
        "L-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUs"
        "LA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoud"
        "F8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
    ),
).public_key()
RFC_7515_MESSAGE = (
    b"eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
    b"cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
)
RFC_7515_SIGNATURE = base64.b64encode(
    base64.urlsafe_b64decode(
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujG"
        "bds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K"
        "0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6"
        "LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw=="
    )
).decode()

# McGrew and Viega, "The Galois/Counter Mode of Operation", test case 16: AES-256 with associated data.
GCM_KEY = bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2)
GCM_NONCE = bytes.fromhex("cafebabefacedbaddecaf888")
GCM_EXTRA = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
GCM_PLAIN = bytes.fromhex(
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
)
GCM_SEALED = base64.b64encode(
    bytes.fromhex(
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )
).decode()


def test_the_signature_of_rfc_7515_is_recognised() -> None:
    assert signing.is_signed_by(RFC_7515_KEY, RFC_7515_MESSAGE, RFC_7515_SIGNATURE)


def test_an_altered_message_is_not_signed() -> None:
    assert not signing.is_signed_by(RFC_7515_KEY, RFC_7515_MESSAGE + b".", RFC_7515_SIGNATURE)


@pytest.mark.parametrize("signature", ["", "not base64!", "AAAA", "é"])
def test_nonsense_is_not_a_signature(signature: str) -> None:
    assert not signing.is_signed_by(RFC_7515_KEY, RFC_7515_MESSAGE, signature)


def test_the_published_gcm_vector_opens() -> None:
    assert signing.decrypt(GCM_KEY, GCM_NONCE, GCM_EXTRA, GCM_SEALED) == GCM_PLAIN


@pytest.mark.parametrize(
    ("key", "nonce", "extra", "sealed"),
    [
        (bytes(32), GCM_NONCE, GCM_EXTRA, GCM_SEALED),
        (GCM_KEY, bytes(12), GCM_EXTRA, GCM_SEALED),
        (GCM_KEY, GCM_NONCE, b"", GCM_SEALED),
        (GCM_KEY, GCM_NONCE, GCM_EXTRA, "A" + GCM_SEALED[1:]),
        (GCM_KEY, GCM_NONCE, GCM_EXTRA, "%"),
    ],
    ids=["wrong key", "wrong nonce", "wrong associated data", "altered", "not base64"],
)
def test_what_was_altered_does_not_open(key: bytes, nonce: bytes, extra: bytes, sealed: str) -> None:
    with pytest.raises(MalformedMessage):
        signing.decrypt(key, nonce, extra, sealed)


def test_what_we_sign_the_public_key_recognises() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    assert signing.is_signed_by(key.public_key(), b"message", signing.sign(key, b"message"))


def test_a_request_is_signed_over_five_lines() -> None:
    # The example of the documentation: GET without a body ends with an empty line.
    path = "/v3/certificates"
    signed = signing.request_to_sign("GET", path, "1554208460", "593BEC0C930BF1AFEB40B4A08C8FB242", b"")

    assert signed == b"GET\n/v3/certificates\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n\n"


def test_an_answer_is_verified_over_three_lines() -> None:
    assert (
        signing.reply_to_verify("1554209980", "c5ac7061fccab6bf", b"{}")
        == b"1554209980\nc5ac7061fccab6bf\n{}\n"
    )


def test_the_authorization_names_the_merchant_and_the_key() -> None:
    value = signing.authorization(
        mchid="1900000109", serial="5FA3", nonce="N", timestamp="17", signature="S="
    )

    assert value == (
        'WECHATPAY2-SHA256-RSA2048 mchid="1900000109",nonce_str="N",signature="S=",'
        'timestamp="17",serial_no="5FA3"'
    )
