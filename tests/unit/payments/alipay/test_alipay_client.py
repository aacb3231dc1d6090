"""What Alipay's client signs, and what it makes of every kind of answer."""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import respx

from payments.gateway.alipay import signing
from payments.gateway.alipay.client import AlipayClient
from payments.gateway.port import (
    PaymentRefused,
    PaymentUnanswered,
)
from payments.gateway.signing import is_signed_by
from payments.gateway.trade import RefundStatus, TradeState
from tests.unit.payments.alipay.platform import (
    APP,
    GATEWAY,
    ORDER,
    PAID,
    REFUND,
    STRANGER,
    answer,
)


@respx.mock
def test_a_code_is_asked_for_with_a_signature_over_every_field(client: AlipayClient) -> None:
    method = "alipay.trade.precreate"
    route = respx.post(GATEWAY).mock(
        answer(
            method, {"code": "10000", "out_trade_no": ORDER.out_trade_no, "qr_code": "https://qr.example/x"}
        )
    )

    assert client.place(ORDER, "precreate") == "https://qr.example/x"

    sent = {name: values[0] for name, values in parse_qs(route.calls.last.request.content.decode()).items()}
    unsigned = {name: value for name, value in sent.items() if name != "sign"}
    assert is_signed_by(APP.public_key(), signing.joined(unsigned), sent["sign"])
    assert (sent["method"], sent["sign_type"], sent["timestamp"]) == (method, "RSA2", "2026-11-23 11:00:00")
    assert json.loads(sent["biz_content"]) == {
        "out_trade_no": ORDER.out_trade_no,
        "total_amount": "7.00",
        "subject": "网络复诊诊查费",
        "product_code": "FACE_TO_FACE_PAYMENT",
        "time_expire": "2026-11-23 11:15:00",
    }


@pytest.mark.parametrize(
    ("scene", "method", "product"),
    [
        ("page", "alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY"),
        ("wap", "alipay.trade.wap.pay", "QUICK_WAP_WAY"),
    ],
)
def test_a_page_of_alipay_is_reached_by_an_address_that_nobody_is_asked_for(
    client: AlipayClient, scene: str, method: str, product: str
) -> None:
    cashier = client.cashier(
        ORDER, scene, client.place(ORDER, scene), "https://xinglin.example/back/?a=1&b=2"
    )

    assert cashier.kind == "redirect"
    sent = {name: values[0] for name, values in parse_qs(urlsplit(cashier.address).query).items()}
    unsigned = {name: value for name, value in sent.items() if name != "sign"}
    assert is_signed_by(APP.public_key(), signing.joined(unsigned), sent["sign"])
    assert sent["method"] == method
    assert sent["return_url"] == "https://xinglin.example/back/?a=1&b=2"
    assert json.loads(sent["biz_content"])["product_code"] == product


@respx.mock
def test_a_paid_order_is_read_with_its_number_amount_and_moment(client: AlipayClient) -> None:
    respx.post(GATEWAY).mock(answer("alipay.trade.query", PAID))

    state = client.query_order(ORDER.out_trade_no)

    assert (state.trade_state, state.amount_fen, state.transaction_id) == (
        TradeState.SUCCESS, 700, "2026112322001",
    )  # fmt: skip
    assert state.paid_at == datetime(2026, 11, 23, 3, 1, tzinfo=UTC)


@respx.mock
@pytest.mark.parametrize(
    ("status", "more", "expected"),
    [
        ("WAIT_BUYER_PAY", {}, TradeState.NOTPAY),
        ("TRADE_FINISHED", {"send_pay_date": "2026-11-23 11:01:00"}, TradeState.SUCCESS),
        ("TRADE_CLOSED", {}, TradeState.CLOSED),
        ("TRADE_CLOSED", {"send_pay_date": "2026-11-23 11:01:00"}, TradeState.REFUND),
    ],
)
def test_a_closed_trade_was_either_never_paid_or_given_back(
    client: AlipayClient, status: str, more: dict[str, str], expected: TradeState
) -> None:
    unpaid = {name: value for name, value in PAID.items() if name != "send_pay_date"}
    respx.post(GATEWAY).mock(answer("alipay.trade.query", unpaid | {"trade_status": status} | more))
    assert client.query_order(ORDER.out_trade_no).trade_state == expected


@respx.mock
@pytest.mark.parametrize(
    "unbelievable",
    [
        answer("alipay.trade.query", PAID, key=None),
        answer("alipay.trade.query", PAID, key=STRANGER),
        answer("alipay.trade.query", {"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST"}, key=STRANGER),
        answer("alipay.trade.query", {"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST"}, key=None),
        answer("alipay.trade.query", PAID | {"out_trade_no": "P26112300000002"}),
        answer("alipay.trade.query", PAID | {"total_amount": "7.005"}),
        answer("alipay.trade.query", {"code": "20000", "sub_code": "isp.unknow-error"}),
        answer("alipay.trade.query", {"code": "40004", "sub_code": "ACQ.SYSTEM_ERROR"}),
        answer("alipay.trade.query", {"code": "40005", "sub_code": "isv.app-call-limited"}),
        httpx.Response(502, text="Bad Gateway"),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, text='{"alipay_trade_query_response":[]}'),
    ],
    ids=[
        "unsigned", "signed by a stranger", "a no signed by a stranger", "an unsigned no", "another order",
        "three decimals", "cannot say", "system error", "too often", "502", "no JSON", "a list",
    ],
)  # fmt: skip
def test_what_cannot_be_believed_or_says_nothing_is_no_answer(
    client: AlipayClient, unbelievable: httpx.Response
) -> None:
    respx.post(GATEWAY).mock(return_value=unbelievable)
    with pytest.raises(PaymentUnanswered):
        client.query_order(ORDER.out_trade_no)


@respx.mock
def test_silence_is_no_answer(client: AlipayClient) -> None:
    respx.post(GATEWAY).mock(side_effect=httpx.ReadTimeout("slow"))
    with pytest.raises(PaymentUnanswered):
        client.query_order(ORDER.out_trade_no)


@respx.mock
def test_a_trade_nobody_has_opened_is_unknown_and_a_paid_one_cannot_be_closed(client: AlipayClient) -> None:
    respx.post(GATEWAY).mock(
        side_effect=[
            answer("alipay.trade.query", {"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST"}),
            answer("alipay.trade.close", {"code": "40004", "sub_code": "ACQ.TRADE_STATUS_ERROR"}),
            answer("x", {"code": "40002", "sub_code": "isv.invalid-app-id"}, key=None, node="error_response"),
        ]
    )
    with pytest.raises(PaymentRefused) as unknown:
        client.query_order(ORDER.out_trade_no)
    with pytest.raises(PaymentRefused) as paid:
        client.close_order(ORDER.out_trade_no)
    with pytest.raises(PaymentRefused) as wrong_app:
        client.close_order(ORDER.out_trade_no)
    assert unknown.value.is_unknown
    assert paid.value.is_already_paid
    assert (wrong_app.value.code, wrong_app.value.is_unknown) == ("isv.invalid-app-id", False)


@respx.mock
def test_a_part_goes_back_at_once(client: AlipayClient) -> None:
    done = {
        "code": "10000", "out_trade_no": REFUND.out_trade_no, "fund_change": "Y", "refund_fee": "5.00",
        "gmt_refund_pay": "2026-11-23 11:00:00",
    }  # fmt: skip
    route = respx.post(GATEWAY).mock(answer("alipay.trade.refund", done))

    state = client.request_refund(REFUND)

    assert (state.status, state.refund_fen) == (RefundStatus.SUCCESS, 300), (
        "not the 5.00 that went back in all"
    )
    content = json.loads(parse_qs(route.calls.last.request.content.decode())["biz_content"][0])
    assert (content["refund_amount"], content["out_request_no"]) == ("3.00", REFUND.out_refund_no)


@respx.mock
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"refund_status": "REFUND_SUCCESS", "refund_amount": "3.00"}, RefundStatus.SUCCESS),
        ({}, RefundStatus.PROCESSING),
    ],
)
def test_a_refund_that_moved_nothing_now_is_asked_about(
    client: AlipayClient, said: dict[str, str], expected: RefundStatus
) -> None:
    names = {"code": "10000", "out_trade_no": REFUND.out_trade_no, "out_request_no": REFUND.out_refund_no}
    respx.post(GATEWAY).mock(
        side_effect=[
            answer("alipay.trade.refund", names | {"fund_change": "N"}),
            answer("alipay.trade.fastpay.refund.query", names | said),
        ]
    )
    assert client.request_refund(REFUND).status == expected
