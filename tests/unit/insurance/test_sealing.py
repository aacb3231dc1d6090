"""The sealed envelope: what is signed, what is refused, and that both sides read each other."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from insurance.gateway.sealing import (
    EnvelopeKeys,
    EnvelopeNotGenuine,
    EnvelopeUnreadable,
    open_sealed,
    seal,
    text_to_sign,
    without_empty,
)
from kernel.sm import sm2_key_pair
from simulators.insurer import sealing as theirs

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
APP_ID = "43AF047BBA47FC8A1AE8EFB232BDBBCB"  # made up
SECRET = "4117E877F5FA0A0188891283E4B617D5"  # made up

CONTENT = {
    "orgCodg": "H33010600001",
    "medfeeSumamt": "10.00",
    "medOrgOrd": "M20260302000001",
    "empty": "",
    "nothing": None,
    "feedetailList": [{"pric": "5.000000", "cnt": 2, "rxno": ""}, {}],
    "extData": {"b": True, "C": 1, "gone": []},
    "userName": "张秀英",
}


@pytest.fixture(scope="module")
def pair() -> tuple[EnvelopeKeys, theirs.PlatformKeys]:
    """The hospital's keys and the platform's, that know each other."""
    ours, platform = sm2_key_pair(), sm2_key_pair()
    return (
        EnvelopeKeys(APP_ID, SECRET, ours[0], platform[1]),
        theirs.PlatformKeys(APP_ID, SECRET, platform[0], ours[1]),
    )


def test_the_text_to_sign_is_the_one_the_rule_describes() -> None:
    body = {
        "timestamp": 1772415000000,
        "signType": "SM2",
        "data": {"medfeeSumamt": "10.00", "medOrgOrd": "M1", "rows": [{"z": 1, "a": True}, {}], "none": ""},
        "appId": APP_ID,
        "Version": "2.0.1",
        "signData": "ignored",
        "encData": "ignored",
        "extra": "ignored",
    }
    # Members without regard to case; below, upper case before lower: "O" of medOrgOrd before "f" of medfeeSumamt.
    assert text_to_sign(body, SECRET) == (
        f"appId={APP_ID}&"
        'data={"medOrgOrd":"M1","medfeeSumamt":"10.00","rows":[{"a":"true","z":"1"}]}&'
        f"signType=SM2&timestamp=1772415000000&Version=2.0.1&key={SECRET}"
    )


def test_the_other_order_of_nested_keys_is_a_choice() -> None:
    body = {"data": {"medOrgOrd": "M1", "medfeeSumamt": "10.00"}}

    assert text_to_sign(body, "s", nested_key_order="case_insensitive") == (
        'data={"medfeeSumamt":"10.00","medOrgOrd":"M1"}&key=s'
    )


def test_what_is_empty_leaves_no_trace_at_any_depth() -> None:
    assert without_empty({"a": [{"b": None}, ""], "c": {"d": {}}, "e": 0, "f": False}) == {"e": 0, "f": False}


@pytest.mark.parametrize("order", ["ordinal", "case_insensitive"])
def test_the_platform_reads_what_the_hospital_seals(
    pair: tuple[EnvelopeKeys, theirs.PlatformKeys], order: str
) -> None:
    ours, platform = pair

    body = json.loads(json.dumps(seal(CONTENT, ours, at=NOW, nested_key_order=order)))

    assert set(body) == {"appId", "encType", "signType", "timestamp", "version", "encData", "signData"}
    assert body["encData"] == body["encData"].upper()
    assert len(base64.b64decode(body["signData"])) == 64
    assert theirs.open_sealed(
        body, platform, now=NOW, case_insensitive=order == "case_insensitive"
    ) == without_empty(CONTENT)


@pytest.mark.parametrize("order", ["ordinal", "case_insensitive"])
def test_the_hospital_reads_what_the_platform_seals(
    pair: tuple[EnvelopeKeys, theirs.PlatformKeys], order: str
) -> None:
    ours, platform = pair
    body = theirs.seal(
        CONTENT, platform, now=NOW, case_insensitive=order == "case_insensitive", code=0, message="成功"
    )

    assert open_sealed(body, ours, now=NOW, nested_key_order=order) == without_empty(CONTENT)


def test_the_orders_differ_where_the_names_do(pair: tuple[EnvelopeKeys, theirs.PlatformKeys]) -> None:
    ours, platform = pair
    body = theirs.seal({"medOrgOrd": "M1", "medfeeSumamt": "1.00"}, platform, now=NOW)

    with pytest.raises(EnvelopeNotGenuine):
        open_sealed(body, ours, now=NOW, nested_key_order="case_insensitive")


def _changed(body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**body, **changes}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"message": "失败"}, EnvelopeNotGenuine),
        ({"signData": ""}, EnvelopeNotGenuine),
        ({"signData": "no Base64 at all"}, EnvelopeNotGenuine),
        ({"signData": base64.b64encode(bytes(64)).decode()}, EnvelopeNotGenuine),
        ({"signData": base64.b64encode(bytes(63)).decode()}, EnvelopeNotGenuine),
        ({"appId": "another app of the same platform"}, EnvelopeNotGenuine),
        ({"encData": "ABCD"}, EnvelopeUnreadable),
        ({"encData": "not hexadecimal"}, EnvelopeUnreadable),
        ({"encData": 5}, EnvelopeUnreadable),
        ({"encData": None, "data": {"ordStas": "6"}}, EnvelopeNotGenuine),
        ({"encData": None, "data": ["6"]}, EnvelopeUnreadable),
    ],
)
def test_anything_changed_on_the_way_is_refused(
    pair: tuple[EnvelopeKeys, theirs.PlatformKeys], changes: dict[str, Any], error: type[Exception]
) -> None:
    ours, platform = pair
    body = theirs.seal({"ordStas": "2"}, platform, now=NOW, code=0, message="成功")

    with pytest.raises(error):
        open_sealed(_changed(body, **changes), ours, now=NOW)


@pytest.mark.parametrize("late", [timedelta(minutes=5, seconds=1), -timedelta(minutes=5, seconds=1)])
def test_five_minutes_either_way_and_no_more(
    pair: tuple[EnvelopeKeys, theirs.PlatformKeys], late: timedelta
) -> None:
    ours, platform = pair
    body = theirs.seal({"ordStas": "2"}, platform, now=NOW)

    assert open_sealed(body, ours, now=NOW + timedelta(minutes=5))
    with pytest.raises(EnvelopeNotGenuine, match="five minutes"):
        open_sealed(body, ours, now=NOW + late)


def test_the_platform_refuses_a_changed_message(pair: tuple[EnvelopeKeys, theirs.PlatformKeys]) -> None:
    ours, platform = pair
    body = seal({"payOrdId": "ORD1"}, ours, at=NOW)

    for changes in (
        {"timestamp": body["timestamp"] + 1},
        {"signData": ""},
        {"encData": "00"},
        {"appId": "x"},
    ):
        with pytest.raises(theirs.EnvelopeRefused):
            theirs.open_sealed(_changed(body, **changes), platform, now=NOW)


def test_a_floating_point_amount_is_never_sealed(pair: tuple[EnvelopeKeys, theirs.PlatformKeys]) -> None:
    with pytest.raises(ValueError, match="float"):
        seal({"medfeeSumamt": 10.1}, pair[0], at=NOW)


def test_keys_are_read_in_the_forms_platforms_hand_out() -> None:
    private, public = sm2_key_pair()

    def text(raw: bytes) -> str:
        return base64.b64encode(raw).decode()

    for given_private in (private, b"\0" + private):
        for given_public in (public, b"\4" + public):
            keys = EnvelopeKeys.from_text(
                app_id=APP_ID, app_secret=SECRET, private_key=text(given_private),
                platform_public_key=text(given_public),
            )  # fmt: skip
            assert (keys.private_key, keys.platform_public_key) == (private, public)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"app_id": "short"}, "app id"),
        ({"app_secret": ""}, "secret"),
        ({"private_key": "AAAA"}, "private key"),
        ({"private_key": "***"}, "private key"),
        ({"platform_public_key": base64.b64encode(b"\3" * 65).decode()}, "public key"),
    ],
)
def test_a_key_that_does_not_fit_is_named(changes: dict[str, str], what: str) -> None:
    right = {
        "app_id": APP_ID,
        "app_secret": SECRET,
        "private_key": base64.b64encode(b"\1" * 32).decode(),
        "platform_public_key": base64.b64encode(b"\1" * 64).decode(),
    }

    with pytest.raises(ValueError, match=what):
        EnvelopeKeys.from_text(**(right | changes))


def test_keys_do_not_show_in_a_traceback(pair: tuple[EnvelopeKeys, theirs.PlatformKeys]) -> None:
    assert SECRET not in repr(pair[0])
    assert "private_key" not in repr(pair[0])
