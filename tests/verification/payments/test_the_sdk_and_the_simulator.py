"""The unmodified ``wechatpayv3`` SDK talks to the simulator: the proof that its wire format is right.

Only the address of the gateway is set; no code of the SDK is replaced.
"""

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from wechatpayv3 import WeChatPay, WeChatPayType

from simulators import keys
from tests.verification.notified import NotifyAddress, number
from tests.verification.simulators import Simulators


def _account(simulators: Simulators, notified: NotifyAddress) -> dict[str, Any]:
    given = simulators.keys.settings
    return {
        "wechatpay_type": WeChatPayType.NATIVE,
        "mchid": given["WECHATPAY_MCHID"],
        "private_key": simulators.keys.pem(keys.MERCHANT_KEY).decode(),
        "cert_serial_no": given["WECHATPAY_SERIAL"],
        "appid": given["WECHATPAY_APPID"],
        "apiv3_key": given["WECHATPAY_APIV3_KEY"],
        "notify_url": notified.url,
        "timeout": (3, 8),
    }


@pytest.fixture(params=["public key", "certificate"])
def sdk(
    request: pytest.FixtureRequest, simulators: Simulators, notified: NotifyAddress, tmp_path: Path
) -> WeChatPay:
    """The SDK in each of the two ways a merchant may verify."""
    account = _account(simulators, notified)
    if request.param == "public key":
        pay = WeChatPay(
            **account,
            public_key=simulators.keys.pem(keys.PUBLIC_KEY).decode(),
            public_key_id=simulators.keys.settings["WECHATPAY_PUBLIC_KEY_ID"],
        )
    else:
        # It fetches certificates while it is being made, from the real address. One on disk keeps
        # it from that; the test that follows makes it fetch them here.
        (tmp_path / "platform.pem").write_bytes(simulators.keys.pem(keys.PLATFORM_CERTIFICATE))
        pay = WeChatPay(**account, cert_dir=str(tmp_path))
    pay._core._gate_way = f"{simulators.url}/wechatpay"
    return pay


@pytest.fixture
def number_of_order(sdk: WeChatPay) -> str:
    """An order of seven yuan, placed."""
    out_trade_no = number()
    status, _ = sdk.pay(
        description="网络复诊诊查费", out_trade_no=out_trade_no, amount={"total": 700, "currency": "CNY"}
    )
    assert status == 200
    return out_trade_no


@pytest.fixture
def number_of_paid_order(simulators: Simulators, number_of_order: str) -> str:
    """The same, paid."""
    simulators.control("wechatpay", "pay", out_trade_no=number_of_order)
    return number_of_order


def test_it_places_a_native_order(sdk: WeChatPay) -> None:
    status, body = sdk.pay(
        description="网络复诊诊查费", out_trade_no=number(), amount={"total": 700, "currency": "CNY"}
    )

    assert status == 200
    assert json.loads(body)["code_url"].startswith("weixin://wxpay/bizpayurl?pr=")


def test_it_places_an_h5_order(sdk: WeChatPay) -> None:
    status, body = sdk.pay(
        description="药费",
        out_trade_no=number(),
        amount={"total": 6580, "currency": "CNY"},
        time_expire="2036-06-08T10:34:56+08:00",
        scene_info={"payer_client_ip": "14.23.150.211", "h5_info": {"type": "Wap"}},
        pay_type=WeChatPayType.H5,
    )

    assert status == 200
    assert "/wechatpay/cashier/" in json.loads(body)["h5_url"]


def test_it_places_an_order_inside_wechat_and_hands_it_over_signed(
    simulators: Simulators, sdk: WeChatPay
) -> None:
    out_trade_no, openid = number(), "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"
    status, body = sdk.pay(
        description="药费",
        out_trade_no=out_trade_no,
        amount={"total": 6580, "currency": "CNY"},
        payer={"openid": openid},
        pay_type=WeChatPayType.JSAPI,
    )
    package = f"prepay_id={json.loads(body)['prepay_id']}"
    handed = {"appId": sdk._appid, "timeStamp": "1700000000", "nonceStr": "n0nce", "package": package}
    signed = handed | {"signType": "RSA", "paySign": sdk.sign(list(handed.values()))}

    cashier = httpx.get(f"{simulators.url}/wechatpay/bridge/", params=signed, follow_redirects=True)
    httpx.post(str(cashier.url), data={"choice": "pay"})

    assert (status, cashier.status_code) == (200, 200)
    paid = json.loads(sdk.query(out_trade_no=out_trade_no)[1])
    assert (paid["trade_type"], paid["payer"]["openid"]) == ("JSAPI", openid)


def test_what_is_handed_over_with_a_wrong_signature_is_not_paid(
    simulators: Simulators, sdk: WeChatPay
) -> None:
    _, body = sdk.pay(
        description="药费",
        out_trade_no=number(),
        amount={"total": 6580},
        payer={"openid": "o1"},
        pay_type=WeChatPayType.JSAPI,
    )
    package = f"prepay_id={json.loads(body)['prepay_id']}"
    handed = {"appId": sdk._appid, "timeStamp": "1700000000", "nonceStr": "n0nce", "package": package}
    signed = handed | {"signType": "RSA", "paySign": sdk.sign(["another", "1700000000", "n0nce", package])}

    answer = httpx.get(f"{simulators.url}/wechatpay/bridge/", params=signed)

    assert answer.status_code == 400
    assert "支付验证签名失败" in answer.text


def test_an_order_inside_wechat_must_name_its_payer(sdk: WeChatPay) -> None:
    status, body = sdk.pay(
        description="药费",
        out_trade_no=number(),
        amount={"total": 6580},
        payer={"openid": ""},
        pay_type=WeChatPayType.JSAPI,
    )

    assert (status, json.loads(body)["detail"]["field"]) == (400, "/payer/openid")


def test_it_queries_by_either_number(sdk: WeChatPay, number_of_paid_order: str) -> None:
    status, body = sdk.query(out_trade_no=number_of_paid_order)
    order = json.loads(body)
    again, same = sdk.query(transaction_id=order["transaction_id"])

    assert (status, again) == (200, 200)
    assert order == json.loads(same)
    assert order["trade_state"] == "SUCCESS"
    assert order["amount"] == {"total": 700, "payer_total": 700, "currency": "CNY", "payer_currency": "CNY"}


def test_it_is_told_that_an_order_does_not_exist(sdk: WeChatPay) -> None:
    status, body = sdk.query(out_trade_no=number())

    assert status == 404
    assert json.loads(body) == {"code": "ORDER_NOT_EXIST", "message": "订单不存在"}


def test_it_closes_an_order(sdk: WeChatPay, number_of_order: str) -> None:
    status, _ = sdk.close(out_trade_no=number_of_order)

    assert status == 204
    assert json.loads(sdk.query(out_trade_no=number_of_order)[1])["trade_state"] == "CLOSED"


def test_it_refunds_and_queries_the_refund(sdk: WeChatPay, number_of_paid_order: str) -> None:
    out_refund_no = number("R")
    status, body = sdk.refund(
        out_refund_no=out_refund_no,
        out_trade_no=number_of_paid_order,
        amount={"refund": 300, "total": 700, "currency": "CNY"},
        reason="医师停诊",
    )
    asked, refund = sdk.query_refund(out_refund_no=out_refund_no)

    assert (status, json.loads(body)["status"]) == (200, "PROCESSING")
    assert asked == 200
    assert json.loads(refund)["status"] == "SUCCESS"
    assert json.loads(refund)["amount"]["refund"] == 300


def test_it_refunds_in_several_parts_and_no_further(sdk: WeChatPay, number_of_paid_order: str) -> None:
    def refund(fen: int) -> int:
        amount = {"refund": fen, "total": 700, "currency": "CNY"}
        return int(sdk.refund(out_refund_no=number("R"), out_trade_no=number_of_paid_order, amount=amount)[0])

    assert [refund(300), refund(300), refund(200), refund(100)] == [200, 200, 400, 200]


def test_it_downloads_the_bill_of_a_day(sdk: WeChatPay, number_of_paid_order: str) -> None:
    day = json.loads(sdk.query(out_trade_no=number_of_paid_order)[1])["success_time"][:10]
    status, offered = sdk.trade_bill(day)
    offer = json.loads(offered)
    amount = {"refund": 100, "total": 700, "currency": "CNY"}
    sdk.refund(out_refund_no=number("R"), out_trade_no=number_of_paid_order, amount=amount)  # the day goes on

    fetched, packed = sdk.download_bill(offer["download_url"])

    text = gzip.decompress(packed)
    assert (status, fetched) == (200, 200)
    assert hashlib.sha1(text, usedforsecurity=False).hexdigest() == offer["hash_value"]
    assert number_of_paid_order in text.decode()


def test_it_verifies_and_decrypts_the_notification_of_a_payment(
    sdk: WeChatPay, number_of_paid_order: str, notified: NotifyAddress
) -> None:
    told = sdk.callback(*notified.wait_for(1)[0])

    assert told["event_type"] == "TRANSACTION.SUCCESS"
    assert told["resource"]["out_trade_no"] == number_of_paid_order
    assert told["resource"]["amount"]["payer_total"] == 700


def test_it_verifies_and_decrypts_the_notification_of_a_refund(
    sdk: WeChatPay, number_of_paid_order: str, notified: NotifyAddress
) -> None:
    out_refund_no = number("R")
    sdk.refund(
        out_refund_no=out_refund_no,
        out_trade_no=number_of_paid_order,
        amount={"refund": 700, "total": 700, "currency": "CNY"},
    )

    told = sdk.callback(*notified.wait_for(2)[1])

    assert told["event_type"] == "REFUND.SUCCESS"
    assert told["resource"]["out_refund_no"] == out_refund_no
    assert told["resource"]["refund_status"] == "SUCCESS"


def test_it_does_not_verify_a_forged_notification(
    simulators: Simulators, sdk: WeChatPay, number_of_order: str, notified: NotifyAddress
) -> None:
    simulators.control("wechatpay", "faults", kind="forged_notification")
    simulators.control("wechatpay", "pay", out_trade_no=number_of_order)
    forged, true = notified.wait_for(2)

    assert sdk.callback(*forged) is None
    assert sdk.callback(*true) is not None


def test_it_fetches_and_decrypts_the_platform_certificate_by_itself(
    simulators: Simulators, notified: NotifyAddress, tmp_path: Path
) -> None:
    (tmp_path / "platform.pem").write_bytes(simulators.keys.pem(keys.PLATFORM_CERTIFICATE))
    pay = WeChatPay(**_account(simulators, notified), cert_dir=str(tmp_path))
    pay._core._gate_way = f"{simulators.url}/wechatpay"
    pay._core._certificates.clear()

    # The serial of the answer is unknown to it now, so it asks for the certificates first.
    status, _ = pay.query(out_trade_no=number())
    placed, _ = pay.pay(
        description="网络复诊诊查费", out_trade_no=number(), amount={"total": 700, "currency": "CNY"}
    )

    assert (status, placed) == (404, 200)
    fetched = [certificate.serial_number for certificate in pay._core._certificates]
    assert fetched == [simulators.keys.platform_certificate().serial_number]
