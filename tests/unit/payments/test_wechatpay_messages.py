"""What is sent to WeChat Pay, and how its answers are read."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from payments.gateway import messages
from payments.gateway.messages import OrderRequest, RefundRequest, RefundStatus, TradeState
from payments.gateway.signing import MalformedMessage

BEIJING = timezone(timedelta(hours=8))

# The shape of the documentation's example: query by out_trade_no.
PAID_ORDER: dict[str, Any] = {
    "appid": "wxd678efh567hg6787",
    "mchid": "1900000109",
    "out_trade_no": "1217752501201407033233368018",
    "transaction_id": "1217752501201407033233368018",
    "trade_type": "NATIVE",
    "trade_state": "SUCCESS",
    "trade_state_desc": "支付成功",
    "bank_type": "CMC",
    "success_time": "2018-06-08T10:34:56+08:00",
    "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
    "amount": {"total": 700, "payer_total": 700, "currency": "CNY", "payer_currency": "CNY"},
}
REFUND: dict[str, Any] = {
    "refund_id": "50000000382019052709732678859",
    "out_refund_no": "R1217752501201407",
    "transaction_id": "1217752501201407033233368018",
    "out_trade_no": "1217752501201407033233368018",
    "user_received_account": "招商银行信用卡0403",
    "success_time": "2020-12-01T16:18:12+08:00",
    "status": "SUCCESS",
    "amount": {"total": 700, "refund": 300, "payer_total": 700, "payer_refund": 300, "currency": "CNY"},
}


def order(**changes: Any) -> OrderRequest:
    agreed: dict[str, Any] = {
        "out_trade_no": "XL20260601000001",
        "description": "网络复诊诊查费",
        "amount_fen": 700,
        "notify_url": "https://xinglin.example/payments/notifications/",
    }
    return OrderRequest(**(agreed | changes))


def test_a_native_order_says_who_what_and_how_much_in_fen() -> None:
    body = json.loads(messages.native_order_body(order(), mchid="1900000109", appid="wx1"))

    assert body == {
        "appid": "wx1",
        "mchid": "1900000109",
        "description": "网络复诊诊查费",
        "out_trade_no": "XL20260601000001",
        "notify_url": "https://xinglin.example/payments/notifications/",
        "amount": {"total": 700, "currency": "CNY"},
    }


def test_the_time_to_pay_is_written_with_its_zone() -> None:
    expires_at = datetime(2026, 6, 1, 9, 15, tzinfo=BEIJING)
    body = json.loads(messages.native_order_body(order(expires_at=expires_at), mchid="1", appid="a"))

    assert body["time_expire"] == "2026-06-01T09:15:00+08:00"


def test_an_h5_order_names_the_scene() -> None:
    body = json.loads(messages.h5_order_body(order(payer_ip="14.23.150.211"), mchid="1", appid="a"))

    assert body["scene_info"] == {"payer_client_ip": "14.23.150.211", "h5_info": {"type": "Wap"}}


@pytest.mark.parametrize(
    "changes",
    [
        {"out_trade_no": "short"},
        {"out_trade_no": "X" * 33},
        {"out_trade_no": "单号单号单号单号"},
        {"amount_fen": 0},
        {"amount_fen": -1},
        {"expires_at": datetime(2026, 6, 1, 9, 15)},  # noqa: DTZ001
    ],
)
def test_an_order_that_the_gateway_would_not_take_is_not_made(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"out_trade_no|fen|aware"):
        order(**changes)


@pytest.mark.parametrize(("refund", "total"), [(0, 700), (701, 700), (-1, 700)])
def test_a_refund_is_at_least_a_fen_and_at_most_the_order(refund: int, total: int) -> None:
    with pytest.raises(ValueError, match="refund"):
        RefundRequest("R20260601000001", "XL20260601000001", refund, total)


def test_a_refund_leaves_out_what_is_not_given() -> None:
    body = json.loads(messages.refund_body(RefundRequest("R1", "XL20260601000001", 300, 700)))

    assert body == {
        "out_trade_no": "XL20260601000001",
        "out_refund_no": "R1",
        "amount": {"refund": 300, "total": 700, "currency": "CNY"},
    }


def test_the_way_back_is_appended_to_an_h5_address() -> None:
    address = messages.with_return_address("https://wx.example/c?prepay_id=1", "https://a.example/b?c=1&d=2")

    expected = "https://wx.example/c?prepay_id=1&redirect_url=https%3A%2F%2Fa.example%2Fb%3Fc%3D1%26d%3D2"
    assert address == expected


def test_a_paid_order_is_read() -> None:
    state = messages.order_state(PAID_ORDER)

    assert state.trade_state is TradeState.SUCCESS
    assert state.is_paid
    assert (state.amount_fen, state.paid_fen) == (700, 700)
    assert state.paid_at == datetime(2018, 6, 8, 2, 34, 56, tzinfo=UTC)
    assert state.payer_openid == "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"


def test_an_unpaid_order_has_no_payer_and_no_time() -> None:
    state = messages.order_state(
        {"out_trade_no": "XL1", "trade_state": "NOTPAY", "amount": {"total": 700, "payer_currency": "CNY"}}
    )

    assert not state.is_paid
    assert (state.paid_fen, state.paid_at, state.transaction_id, state.payer_openid) == (0, None, "", "")


def test_an_order_with_a_refund_was_paid() -> None:
    assert messages.order_state(PAID_ORDER | {"trade_state": "REFUND"}).is_paid


@pytest.mark.parametrize(
    "changes",
    [
        {"trade_state": "SOMETHING_NEW"},
        {"amount": {"total": "700"}},
        {"amount": {"total": 7.0}},
        {"amount": {"total": True}},
        {"amount": {"total": -1}},
        {"amount": None},
        {"success_time": "yesterday"},
        {"success_time": "2018-06-08T10:34:56"},
        {"payer": "someone"},
    ],
)
def test_an_order_that_breaks_the_promise_is_not_believed(changes: dict[str, Any]) -> None:
    with pytest.raises(MalformedMessage):
        messages.order_state(PAID_ORDER | changes)


def test_a_refund_is_read_from_an_answer() -> None:
    state = messages.refund_state(REFUND)

    assert state.status is RefundStatus.SUCCESS
    assert (state.refund_fen, state.total_fen) == (300, 700)
    assert state.succeeded_at == datetime(2020, 12, 1, 8, 18, 12, tzinfo=UTC)


def test_a_refund_is_read_from_a_notification_where_its_status_has_another_name() -> None:
    told = {name: value for name, value in REFUND.items() if name not in ("status", "success_time")}

    assert messages.refund_state(told | {"refund_status": "ABNORMAL"}).status is RefundStatus.ABNORMAL


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b"\xff"])
def test_what_is_not_a_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedMessage):
        messages.decode_json(body)
