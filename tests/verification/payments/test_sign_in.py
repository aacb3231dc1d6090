"""Our client and the simulated WeChat agree on who holds the phone."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from payments.gateway.port import PaymentRefused, PaymentUnanswered
from payments.gateway.sign_in import SignInConfig, WeChatSignIn
from tests.verification.simulators import Simulators

BACK = "http://127.0.0.1:8000/pay/B1/from-wechat/"
IN_WECHAT = {"User-Agent": "Mozilla/5.0 (Linux; Android 14; Mobile) MicroMessenger/8.0"}


def client_of(simulators: Simulators, **changes: object) -> WeChatSignIn:
    given, url = simulators.keys.settings, f"{simulators.url}/wechatpay"
    account = {"appid": given["WECHATPAY_APPID"], "app_secret": given["WECHATPAY_APP_SECRET"]}
    return WeChatSignIn(SignInConfig(open_url=url, api_url=url, **(account | changes)))  # type: ignore[arg-type]


@pytest.fixture
def sign_in(simulators: Simulators) -> Iterator[WeChatSignIn]:
    opened = client_of(simulators)
    yield opened
    opened.close()


def code_of(sign_in: WeChatSignIn) -> str:
    """What her browser brings back."""
    answer = httpx.get(sign_in.address(return_url=BACK, state="5a5a"), headers=IN_WECHAT)
    assert answer.headers["Location"].startswith(f"{BACK}?code=")
    brought = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert brought["state"] == ["5a5a"]
    return brought["code"][0]


def refused(sign_in: WeChatSignIn, code: str) -> str:
    with pytest.raises(PaymentRefused) as refusal:
        sign_in.openid_of(code)
    return refusal.value.code


def test_a_code_names_her_once(sign_in: WeChatSignIn) -> None:
    code = code_of(sign_in)

    assert sign_in.openid_of(code).startswith("o")
    assert refused(sign_in, code) == "40163"


def test_an_invented_code_names_nobody(sign_in: WeChatSignIn) -> None:
    assert refused(sign_in, "0" * 32) == "40029"


def test_another_account_is_told_which_word_is_wrong_and_keeps_the_code_good(
    simulators: Simulators, sign_in: WeChatSignIn
) -> None:
    code = code_of(sign_in)

    assert refused(client_of(simulators, app_secret="x"), code) == "40125"
    assert refused(client_of(simulators, appid="wx0"), code) == "40013"
    assert sign_in.openid_of(code)


def test_a_fault_can_be_set(simulators: Simulators, sign_in: WeChatSignIn) -> None:
    simulators.control("wechatpay", "faults", kind="server_error", verb="sign_in")
    with pytest.raises(PaymentUnanswered):
        sign_in.openid_of(code_of(sign_in))


@pytest.mark.parametrize(
    ("change", "headers"),
    [
        ("", {"User-Agent": "Mozilla/5.0 (Linux; Android 14; Mobile)"}),
        ("appid=wx0", IN_WECHAT),
        ("redirect_uri=javascript:alert(1)", IN_WECHAT),
        ("scope=snsapi_userinfo", IN_WECHAT),
        ("state=a-b", IN_WECHAT),
        ("response_type=token", IN_WECHAT),
    ],
)
def test_a_browser_that_asks_otherwise_is_sent_nowhere(
    sign_in: WeChatSignIn, change: str, headers: dict[str, str]
) -> None:
    address = sign_in.address(return_url=BACK, state="5a").removesuffix("#wechat_redirect")

    answer = httpx.get(f"{address}&{change}", headers=headers)

    assert answer.status_code == 400
    assert "Location" not in answer.headers
