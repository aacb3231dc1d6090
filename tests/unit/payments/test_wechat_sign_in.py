"""What we make of WeChat's answers about who holds the phone; nothing secret stands in an error."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import respx

from payments.gateway.port import PaymentRefused, PaymentUnanswered
from payments.gateway.sign_in import CODE_REFUSED, SignInConfig, WeChatSignIn

API = "https://api.example"
TOKEN = f"{API}/sns/oauth2/access_token"
SECRET, CODE, OPENID = (
    "5ec2e7000000000000000000000000aa",
    "c0de000000000000000000000000c0de",
    "o6_bmjrPTlm6_2sgVt7hMZOPfL2M",
)


@pytest.fixture
def sign_in() -> WeChatSignIn:
    return WeChatSignIn(SignInConfig("https://open.example", API, "wx520c15f417810387", SECRET))


def answered(fields: Any, status: int = 200) -> respx.Route:
    """As WeChat answers: JSON that calls itself text."""
    body = fields if isinstance(fields, bytes) else json.dumps(fields).encode()
    return respx.get(TOKEN).mock(httpx.Response(status, content=body, headers={"Content-Type": "text/plain"}))


def test_her_browser_is_sent_with_what_wechat_documents_in_its_order(sign_in: WeChatSignIn) -> None:
    address = sign_in.address(return_url="https://xinglin.example/pay/B1/from-wechat/", state="5a")

    assert address == (
        "https://open.example/connect/oauth2/authorize?appid=wx520c15f417810387"
        "&redirect_uri=https%3A%2F%2Fxinglin.example%2Fpay%2FB1%2Ffrom-wechat%2F"
        "&response_type=code&scope=snsapi_base&state=5a#wechat_redirect"
    )


@respx.mock
def test_a_code_is_turned_into_her_openid(sign_in: WeChatSignIn) -> None:
    route = answered({"access_token": "t", "expires_in": 7200, "openid": OPENID, "scope": "snsapi_base"})

    assert sign_in.openid_of(CODE) == OPENID

    sent = parse_qs(urlsplit(str(route.calls.last.request.url)).query)
    assert sent == {
        "appid": ["wx520c15f417810387"], "secret": [SECRET], "code": [CODE], "grant_type": ["authorization_code"],
    }  # fmt: skip


@respx.mock
@pytest.mark.parametrize(
    ("error", "asks_for_a_new_code"),
    [(40029, True), (40163, True), (42003, True), (40125, False), (40013, False)],
)
def test_a_no_of_wechat_says_whether_another_code_helps(
    sign_in: WeChatSignIn, error: int, asks_for_a_new_code: bool
) -> None:
    answered({"errcode": error, "errmsg": f"invalid {SECRET} {CODE}"})

    with pytest.raises(PaymentRefused) as refused:
        sign_in.openid_of(CODE)

    assert (refused.value.code in CODE_REFUSED) is asks_for_a_new_code
    assert SECRET not in str(refused.value)


@respx.mock
@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"errcode": -1, "errmsg": "system error"}, 200),
        ({"openid": OPENID}, 502),
        ({"openid": ""}, 200),
        ({"openid": "<script>"}, 200),
        ({}, 200),
        ([OPENID], 200),
        (b"<html>", 200),
    ],
)
def test_what_is_no_answer_is_not_taken_for_one(sign_in: WeChatSignIn, said: Any, status: int) -> None:
    answered(said, status)

    with pytest.raises(PaymentUnanswered):
        sign_in.openid_of(CODE)


@respx.mock
@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.ConnectError])
def test_silence_is_told_without_the_address_that_bears_the_secret(
    sign_in: WeChatSignIn, error: type[httpx.TransportError], caplog: pytest.LogCaptureFixture
) -> None:
    respx.get(TOKEN).mock(side_effect=error(f"to {TOKEN}?secret={SECRET}"))

    with pytest.raises(PaymentUnanswered) as silence:
        sign_in.openid_of(CODE)

    assert SECRET not in repr(silence.value)
    assert silence.value.__cause__ is None
    assert SECRET not in caplog.text
    assert SECRET not in repr(sign_in._config)
