"""Fields that lie encrypted, and the fingerprint they are searched by."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from kernel.crypto import EncryptedTextField, decrypt, encrypt, fingerprint

OTHER_KEY = "ff" * 16


@given(st.text(st.characters(codec="utf-8")))
def test_what_was_encrypted_comes_back(text: str) -> None:
    assert decrypt(encrypt(text)) == text


def test_equal_texts_look_different_and_do_not_show() -> None:
    one, other = encrypt("330106195603089829"), encrypt("330106195603089829")
    assert one != other
    assert b"330106" not in base64.b64decode(one.removeprefix("sm4:"))


@pytest.mark.parametrize("place", [0, 12, 28, -1], ids=["nonce", "tag", "first byte", "last byte"])
def test_one_changed_bit_anywhere_is_noticed(place: int) -> None:
    raw = bytearray(base64.b64decode(encrypt("张秀英").removeprefix("sm4:")))
    raw[place] ^= 1
    with pytest.raises(ValueError, match="changed"):
        decrypt("sm4:" + base64.b64encode(bytes(raw)).decode())


def test_another_key_opens_nothing(settings: Settings) -> None:
    sealed = encrypt("张秀英")
    settings.FIELD_ENCRYPTION_KEY = OTHER_KEY
    with pytest.raises(ValueError, match="key"):
        decrypt(sealed)


def test_plain_text_is_not_taken_for_encrypted() -> None:
    with pytest.raises(ValueError, match="not an encrypted value"):
        decrypt("张秀英")


def test_a_fingerprint_is_equal_for_equal_texts_and_differs_by_text_and_key(settings: Settings) -> None:
    mine = fingerprint("330106195603089829")
    assert mine == fingerprint("330106195603089829")
    assert len(mine) == 64
    assert mine != fingerprint("33010619560308981X")
    settings.FIELD_ENCRYPTION_KEY = OTHER_KEY
    assert mine != fingerprint("330106195603089829")


def test_empty_stays_empty_so_that_it_can_be_told_from_something() -> None:
    field = EncryptedTextField()
    assert field.get_prep_value("") == ""
    assert field.from_db_value("", None, None) == ""
    assert field.get_prep_value(None) is None
