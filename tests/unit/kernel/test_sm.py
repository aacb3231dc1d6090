"""SM2, SM3 and SM4 against the examples of the standards, and against a second implementation."""

from collections.abc import Iterator

import gmalg
import pytest

from kernel.sm import (
    sm2_key_pair,
    sm2_public_key,
    sm2_sign,
    sm2_verify,
    sm3,
    sm4_ecb_decrypt,
    sm4_ecb_encrypt,
)

# GB/T 32918.5, appendix A: the example of a signature.
PRIVATE = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
PUBLIC = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
MESSAGE = b"message digest"

# GB/T 32907, appendix A: one block, and the same after a million rounds.
SM4_KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
SM4_BLOCK = bytes.fromhex("681edf34d206965e86b3e94f536e4246")


def test_the_signature_of_the_standard_is_recognised() -> None:
    assert sm2_verify(PUBLIC, MESSAGE, SIGNATURE)


def test_the_public_key_of_the_standard_follows_from_its_private_key() -> None:
    assert sm2_public_key(PRIVATE) == PUBLIC


@pytest.mark.parametrize(
    ("message", "signature"),
    [
        (b"message digest.", SIGNATURE),
        (MESSAGE, SIGNATURE[:-1] + b"\xab"),
        (MESSAGE, SIGNATURE[:-1]),
        (MESSAGE, bytes(64)),
        (MESSAGE, b"\xff" * 64),
    ],
)
def test_anything_changed_is_not_recognised(message: bytes, signature: bytes) -> None:
    assert not sm2_verify(PUBLIC, message, signature)


def test_another_user_id_is_another_signature() -> None:
    signature = sm2_sign(PRIVATE, MESSAGE, user_id=b"ALICE123@YAHOO.COM")

    assert sm2_verify(PUBLIC, MESSAGE, signature, user_id=b"ALICE123@YAHOO.COM")
    assert not sm2_verify(PUBLIC, MESSAGE, signature)


def test_a_key_that_is_none_signs_and_recognises_nothing() -> None:
    assert not sm2_verify(b"\x01" * 64, MESSAGE, SIGNATURE)
    for private in (b"", bytes(32), b"\xff" * 32, PRIVATE[:-1]):
        with pytest.raises(ValueError, match="private key"):
            sm2_sign(private, MESSAGE)


@pytest.fixture(scope="module")
def signed() -> list[tuple[bytes, bytes, bytes]]:
    """2,000 signatures over 20 keys: public key, message, signature."""
    pairs = [sm2_key_pair() for _ in range(20)]
    messages = [b"order %d" % number for number in range(2000)]
    return [
        (public, message, sm2_sign(private, message))
        for number, message in enumerate(messages)
        for private, public in [pairs[number // 100]]
    ]


def test_two_thousand_signatures_are_all_of_64_bytes(
    signed: list[tuple[bytes, bytes, bytes]],
) -> None:
    assert {len(signature) for _, _, signature in signed} == {64}


def _worth_a_second_look(signed: list[tuple[bytes, bytes, bytes]]) -> Iterator[int]:
    """Every 50th, and all whose r or s begins with a zero byte: the ones bare joining would break."""
    for number, (_, _, signature) in enumerate(signed):
        if number % 50 == 0 or 0 in (signature[0], signature[32]):
            yield number


def test_the_second_implementation_recognises_them_short_halves_included(
    signed: list[tuple[bytes, bytes, bytes]],
) -> None:
    chosen = list(_worth_a_second_look(signed))

    assert any(0 in (signed[number][2][0], signed[number][2][32]) for number in chosen)
    for number in chosen:
        public, message, signature = signed[number]
        other = gmalg.SM2(pk=b"\x04" + public, uid=b"1234567812345678")
        assert other.verify(message, signature[:32], signature[32:])


def test_a_signature_of_the_second_implementation_is_recognised() -> None:
    other = gmalg.SM2(sk=PRIVATE, uid=b"1234567812345678", pk=b"\x04" + PUBLIC)

    for number in range(10):
        r, s = other.sign(b"reply %d" % number)
        assert sm2_verify(PUBLIC, b"reply %d" % number, r.rjust(32, b"\0") + s.rjust(32, b"\0"))


def test_sm3_of_the_standards_two_examples() -> None:
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_sm4_of_the_standards_block() -> None:
    sealed = sm4_ecb_encrypt(SM4_KEY, SM4_KEY)

    assert sealed[:16] == SM4_BLOCK
    assert len(sealed) == 32  # a whole block of padding follows a full block
    assert sm4_ecb_decrypt(SM4_KEY, sealed) == SM4_KEY


@pytest.mark.parametrize("text", [b"", b"a", b"0" * 15, b"0" * 17, "医保".encode() * 9])
def test_sm4_gives_back_every_length(text: bytes) -> None:
    assert sm4_ecb_decrypt(SM4_KEY, sm4_ecb_encrypt(SM4_KEY, text)) == text


def test_sm4_with_another_key_or_cut_is_an_error_not_a_text() -> None:
    sealed = sm4_ecb_encrypt(SM4_KEY, b"payAuthNo")

    for key, message in ((SM4_KEY[::-1], sealed), (SM4_KEY, sealed[:-1]), (SM4_KEY, b"")):
        with pytest.raises(ValueError, match=r".+"):
            sm4_ecb_decrypt(key, message)
