"""Our client and the simulator agree on the bill of a day."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from payments.gateway.client import WeChatPayClient
from payments.gateway.messages import OrderRequest, RefundRequest
from payments.gateway.port import BillNotReady, NoBill, PaymentRefused, PaymentUnanswered
from payments.gateway.trade_bill import TradeLine, read_trade_bill
from tests.verification.notified import number
from tests.verification.simulators import Simulators


@pytest.fixture(autouse=True)
def _no_faults(running_simulators: Simulators) -> Any:
    yield
    running_simulators.control("wechatpay", "reset")


def _lines(client: WeChatPayClient, on: date | None = None) -> dict[str, TradeLine]:
    file = io.BytesIO()
    client.fetch_trade_bill(on or timezone.localdate(), file)
    file.seek(0)
    return {
        line.out_refund_no if line.is_refund else line.out_trade_no: line for line in read_trade_bill(file)
    }


@pytest.fixture
def paid(client: WeChatPayClient, order: OrderRequest, running_simulators: Simulators) -> str:
    """An order of seven yuan that was paid."""
    client.place_native_order(order)
    running_simulators.control("wechatpay", "pay", out_trade_no=order.out_trade_no)
    return order.out_trade_no


def test_a_payment_and_a_refund_stand_in_the_bill_of_their_day(client: WeChatPayClient, paid: str) -> None:
    back = number("R")
    client.request_refund(
        RefundRequest(
            out_trade_no=paid, out_refund_no=back, refund_fen=700, total_fen=700, reason="退费", notify_url=""
        )
    )
    client.query_refund(back)

    lines = _lines(client)

    asked = client.query_order(paid)
    assert lines[paid].transaction_id == asked.transaction_id
    assert (lines[paid].amount, lines[paid].trade_state) == ("7.00", "SUCCESS")
    assert (lines[back].out_trade_no, lines[back].refund_amount, lines[back].refund_status) == (
        paid,
        "7.00",
        "SUCCESS",
    )


def test_a_day_without_trade_has_no_bill(client: WeChatPayClient) -> None:
    with pytest.raises(NoBill):
        _lines(client, date(2001, 1, 1))


def test_a_bill_that_is_still_being_made_is_said_so(
    client: WeChatPayClient, paid: str, running_simulators: Simulators
) -> None:
    running_simulators.control("wechatpay", "faults", kind="bill_creating", verb="bill")
    with pytest.raises(BillNotReady):
        _lines(client)
    assert paid in _lines(client)


def test_a_day_to_come_is_refused(client: WeChatPayClient) -> None:
    with pytest.raises(PaymentRefused):
        _lines(client, date(2099, 1, 1))


@pytest.mark.parametrize("kind", ["wrong_signature", "server_error"])
def test_an_offer_that_cannot_be_believed_is_no_bill(
    kind: str, client: WeChatPayClient, paid: str, running_simulators: Simulators
) -> None:
    running_simulators.control("wechatpay", "faults", kind=kind, verb="bill")
    with pytest.raises(PaymentUnanswered):
        _lines(client)


def test_the_bill_can_be_told_to_differ(
    client: WeChatPayClient, paid: str, running_simulators: Simulators
) -> None:
    change: Callable[..., Any] = lambda **fields: running_simulators.control("wechatpay", "bill", **fields)  # noqa: E731
    change(kind="amount", number=paid, amount=900)
    change(kind="stranger", number="STRANGER1", amount=500)
    lines = _lines(client)
    assert (lines[paid].amount, lines["STRANGER1"].amount) == ("9.00", "5.00")
    change(kind="forget", number=paid)
    assert paid not in _lines(client)
