"""What the client believes, and what it makes of every kind of answer."""

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx
import pytest
import respx
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from payments.gateway import messages, signing
from payments.gateway.client import WeChatPayClient, WeChatPayConfig
from payments.gateway.messages import OrderRequest, RefundRequest
from payments.gateway.port import NotificationRejected, PaymentRefused, PaymentUnanswered

NOW = 1_780_000_000
BASE = "https://gateway.example/wechatpay"
SERIAL = "PUB_KEY_ID_0119000001092026060100000000000001"
MERCHANT = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PLATFORM = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
APIV3_KEY = b"0123456789abcdef0123456789abcdef"
ORDER = OrderRequest("XL20260601000001", "网络复诊诊查费", 700, "https://xinglin.example/n")
QUERY = f"{BASE}/v3/pay/transactions/out-trade-no/XL20260601000001"
UNPAID = {"out_trade_no": "XL20260601000001", "trade_state": "NOTPAY", "amount": {"total": 700}}


def config(**changes: Any) -> WeChatPayConfig:
    pem = PLATFORM.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    agreed: dict[str, Any] = {
        "base_url": BASE,
        "mchid": "1900000109",
        "appid": "wx1",
        "merchant_serial": "5FA3",
        "merchant_private_key": MERCHANT.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        "apiv3_key": APIV3_KEY,
        "public_key_id": SERIAL,
        "platform_public_keys": {SERIAL: pem},
    }
    return WeChatPayConfig(**(agreed | changes))


@pytest.fixture
def client() -> WeChatPayClient:
    return WeChatPayClient(config(), now=lambda: float(NOW))


def signed(
    body: bytes, *, at: int = NOW, key: rsa.RSAPrivateKey = PLATFORM, serial: str = SERIAL, **changes: str
) -> dict[str, str]:
    return {
        "Wechatpay-Timestamp": str(at),
        "Wechatpay-Nonce": "nonce",
        "Wechatpay-Signature": signing.sign(key, signing.reply_to_verify(str(at), "nonce", body)),
        "Wechatpay-Serial": serial,
        "Content-Type": "application/json",
    } | changes


def answer(fields: Mapping[str, Any], status: int = 200, **how: Any) -> httpx.Response:
    body = messages.encode_json(fields)
    return httpx.Response(status, content=body, headers=signed(body, **how))


@respx.mock
def test_the_signature_covers_the_path_from_v3_and_the_exact_body(client: WeChatPayClient) -> None:
    route = respx.post(f"{BASE}/v3/pay/transactions/native").mock(answer({"code_url": "weixin://x"}))

    assert client.place_native_order(ORDER) == "weixin://x"

    sent = route.calls.last.request
    parts = dict(part.split("=", 1) for part in sent.headers["Authorization"].split(" ", 1)[1].split(","))
    nonce, signature = parts["nonce_str"].strip('"'), parts["signature"].strip('"')
    expected = signing.request_to_sign("POST", "/v3/pay/transactions/native", str(NOW), nonce, sent.content)
    assert signing.is_signed_by(MERCHANT.public_key(), expected, signature)
    assert parts["timestamp"] == f'"{NOW}"'
    assert parts["serial_no"] == '"5FA3"'
    assert sent.headers["Wechatpay-Serial"] == SERIAL


@respx.mock
def test_the_query_names_the_merchant(client: WeChatPayClient) -> None:
    route = respx.get(QUERY, params={"mchid": "1900000109"}).mock(answer(UNPAID))

    client.query_order("XL20260601000001")

    assert route.called


@respx.mock
@pytest.mark.parametrize(
    "how",
    [
        {"key": STRANGER},
        {"serial": "PUB_KEY_ID_of_somebody_else"},
        {"at": NOW - 301},
        {"at": NOW + 301},
        {"Wechatpay-Timestamp": "soon"},
        {"Wechatpay-Signature-Type": "WECHATPAY2-SM2-WITH-SM3"},
    ],
    ids=["another's key", "unknown serial", "too old", "too new", "no time", "another kind"],
)
def test_a_yes_that_cannot_be_believed_is_no_answer(client: WeChatPayClient, how: dict[str, Any]) -> None:
    respx.get(QUERY).mock(answer(UNPAID, **how))

    with pytest.raises(PaymentUnanswered, match="cannot be believed"):
        client.query_order("XL20260601000001")


@respx.mock
@pytest.mark.parametrize("at", [NOW - 300, NOW + 300])
def test_clocks_may_be_five_minutes_apart(client: WeChatPayClient, at: int) -> None:
    respx.get(QUERY).mock(answer(UNPAID, at=at))

    assert client.query_order("XL20260601000001").amount_fen == 700


@respx.mock
def test_an_unsigned_yes_is_no_answer(client: WeChatPayClient) -> None:
    respx.get(QUERY).mock(httpx.Response(200, json=UNPAID))

    with pytest.raises(PaymentUnanswered):
        client.query_order("XL20260601000001")


@respx.mock
def test_an_unknown_serial_makes_no_second_call(client: WeChatPayClient) -> None:
    respx.get(QUERY).mock(answer(UNPAID, serial="5157F09EFDC096DE15EBE81A47057A7232F1B8E1"))

    with pytest.raises(PaymentUnanswered):
        client.query_order("XL20260601000001")

    assert len(respx.calls) == 1


@respx.mock
@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_documented_no_is_final(client: WeChatPayClient, status: int) -> None:
    respx.get(QUERY).mock(answer({"code": "SOME_CODE", "message": "原因"}, status))

    with pytest.raises(PaymentRefused) as refused:
        client.query_order("XL20260601000001")

    assert (refused.value.code, refused.value.message) == ("SOME_CODE", "原因")
    assert refused.value.is_unknown == (status == 404)


@respx.mock
def test_a_no_without_a_signature_is_read(client: WeChatPayClient) -> None:
    body = {"code": "SIGN_ERROR", "message": "错误的签名"}
    respx.get(QUERY).mock(httpx.Response(401, json=body))

    with pytest.raises(PaymentRefused, match="SIGN_ERROR"):
        client.query_order("XL20260601000001")


@respx.mock
def test_a_no_with_a_wrong_signature_is_no_answer(client: WeChatPayClient) -> None:
    respx.get(QUERY).mock(answer({"code": "ORDER_NOT_EXIST", "message": ""}, 404, key=STRANGER))

    with pytest.raises(PaymentUnanswered):
        client.query_order("XL20260601000001")


@respx.mock
@pytest.mark.parametrize(
    "reply",
    [
        answer({"code": "SYSTEM_ERROR", "message": "系统异常,请稍后重试"}, 500),
        answer({"code": "FREQUENCY_LIMITED", "message": "频率超限"}, 429),
        httpx.Response(502, content=b"<html>Bad Gateway</html>"),
        httpx.Response(404, content=b"<html>Not Found</html>"),
        answer({"out_trade_no": "XL20260601000001"}),
        answer(UNPAID | {"out_trade_no": "ANOTHER-ORDER"}),
        answer(UNPAID | {"trade_state": "UNHEARD_OF"}),
    ],
    ids=["500", "429", "502 of a proxy", "404 of a proxy", "fields missing", "another order", "new state"],
)
def test_what_settles_nothing_is_no_answer(client: WeChatPayClient, reply: httpx.Response) -> None:
    respx.get(QUERY).mock(reply)

    with pytest.raises(PaymentUnanswered):
        client.query_order("XL20260601000001")


@respx.mock
@pytest.mark.parametrize(
    "trouble", [httpx.ReadTimeout, httpx.ConnectTimeout, httpx.ConnectError, httpx.RemoteProtocolError]
)
def test_a_broken_line_is_no_answer(client: WeChatPayClient, trouble: type[httpx.HTTPError]) -> None:
    respx.post(f"{BASE}/v3/refund/domestic/refunds").mock(side_effect=trouble)

    with pytest.raises(PaymentUnanswered):
        client.request_refund(RefundRequest("R20260601000001", "XL20260601000001", 300, 700))


@respx.mock
def test_closing_is_done_with_204_and_a_signature_over_nothing(client: WeChatPayClient) -> None:
    route = respx.post(f"{QUERY}/close").mock(httpx.Response(204, headers=signed(b"")))

    client.close_order("XL20260601000001")

    assert json.loads(route.calls.last.request.content) == {"mchid": "1900000109"}


def notification(**changes: Any) -> bytes:
    nonce, extra = "0123456789ab", "transaction"
    sealed = AESGCM(APIV3_KEY).encrypt(nonce.encode(), messages.encode_json(UNPAID), extra.encode())
    resource = {"algorithm": "AEAD_AES_256_GCM", "nonce": nonce, "associated_data": extra}
    fields = {
        "id": "EV-2018022511223320873",
        "create_time": "2018-06-08T10:34:56+08:00",
        "event_type": "TRANSACTION.SUCCESS",
        "resource_type": "encrypt-resource",
        "resource": resource | {"ciphertext": base64.b64encode(sealed).decode()},
    }
    return messages.encode_json(fields | changes)


@pytest.mark.parametrize("spelling", [str, str.lower, str.upper], ids=["as sent", "lower", "upper"])
def test_a_notification_is_read_whatever_the_case_of_its_headers(
    client: WeChatPayClient, spelling: Any
) -> None:
    body = notification()

    told = client.parse_notification({spelling(k): v for k, v in signed(body).items()}, body)

    assert told.event_type == "TRANSACTION.SUCCESS"
    assert told.order is not None
    assert told.order.amount_fen == 700
    assert told.refund is None


@pytest.mark.parametrize(
    "how", [{"key": STRANGER}, {"serial": "unknown"}, {"at": NOW - 301}, {"Wechatpay-Signature": ""}]
)
def test_a_notification_that_the_gateway_did_not_sign_just_now_is_rejected(
    client: WeChatPayClient, how: dict[str, Any]
) -> None:
    body = notification()

    with pytest.raises(NotificationRejected):
        client.parse_notification(signed(body, **how), body)


def test_a_notification_whose_body_was_altered_is_rejected(client: WeChatPayClient) -> None:
    headers = signed(notification())

    with pytest.raises(NotificationRejected):
        client.parse_notification(headers, notification(event_type="REFUND.SUCCESS"))


@pytest.mark.parametrize(
    "changes",
    [
        {"event_type": "COUPON.USE"},
        {"resource": {"algorithm": "NONE", "nonce": "", "ciphertext": ""}},
        {"resource": None},
        {"create_time": "now"},
        {"event_type": "REFUND.SUCCESS"},
    ],
    ids=["another event", "no encryption", "no resource", "no time", "an order told as a refund"],
)
def test_a_signed_notification_that_cannot_be_read_is_rejected(
    client: WeChatPayClient, changes: dict[str, Any]
) -> None:
    body = notification(**changes)

    with pytest.raises(NotificationRejected):
        client.parse_notification(signed(body), body)


@pytest.mark.parametrize(
    "changes",
    [{"public_key_id": "PUB_KEY_ID_unknown"}, {"apiv3_key": b"short"}, {"merchant_private_key": b"-"}],
)
def test_an_account_with_wrong_keys_is_found_out_at_once(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"key|PEM|deserialize"):
        WeChatPayClient(config(**changes))


def test_secrets_are_not_shown_when_the_account_is_printed() -> None:
    shown = repr(config())

    assert "PRIVATE KEY" not in shown
    assert APIV3_KEY.decode() not in shown


@respx.mock
def test_inside_wechat_the_bridge_gets_what_we_sign(client: WeChatPayClient) -> None:
    route = respx.post(f"{BASE}/v3/pay/transactions/jsapi").mock(answer({"prepay_id": "wx201"}))
    order = replace(ORDER, payer_id="oUpF8uMuAJO_M2pxb1Q9zNjWeS6o")

    cashier = client.cashier(order, "jsapi", client.place(order, "jsapi"), "https://xinglin.example/back/")

    assert json.loads(route.calls.last.request.content)["payer"] == {"openid": order.payer_id}
    said = dict(cashier.parameters)
    signature = said.pop("paySign")
    assert said | {"nonceStr": ""} == {
        "appId": "wx1", "timeStamp": str(NOW), "nonceStr": "", "package": "prepay_id=wx201", "signType": "RSA",
    }  # fmt: skip
    lines = f"wx1\n{NOW}\n{said['nonceStr']}\nprepay_id=wx201\n".encode()
    assert signing.is_signed_by(MERCHANT.public_key(), lines, signature)


@respx.mock
@pytest.mark.parametrize("named", ["currency", "payer_currency"])
def test_another_currency_is_told_from_ours(client: WeChatPayClient, named: str) -> None:
    paid = UNPAID | {"trade_state": "SUCCESS", "amount": {"total": 700, named: "HKD"}}
    respx.get(QUERY).mock(answer(paid))
    assert client.query_order(ORDER.out_trade_no).currency != "CNY"
