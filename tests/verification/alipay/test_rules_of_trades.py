"""What the simulated Alipay refuses, and what it remembers."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from alipay import AliPay

from tests.verification.notified import NotifyAddress, number
from tests.verification.simulators import Simulators


def sub_code(answer: dict[str, Any]) -> str:
    """Why it was refused; empty when it was not."""
    return str(answer.get("sub_code", ""))


def refund(sdk: AliPay, trade: str, amount: object, request_no: str | None = None) -> dict[str, Any]:
    """Ask for a refund."""
    extra = {"out_request_no": request_no} if request_no else {}
    return dict(sdk.api_alipay_trade_refund(amount, out_trade_no=trade, **extra))


def status(sdk: AliPay, trade: str) -> str:
    """The trade's status, or why there is none."""
    answer = sdk.api_alipay_trade_query(out_trade_no=trade)
    return str(answer.get("trade_status") or answer["sub_code"])


@pytest.mark.parametrize(
    "amount", ["7.001", 7.001, "0.00", "-1", "100000000.01", "1e400", "NaN", "sieben", "", None, True]
)
def test_an_amount_that_is_no_money_is_refused(sdk: AliPay, amount: object) -> None:
    answer = sdk.api_alipay_trade_precreate("诊查费", number(), amount)

    assert (answer["code"], sub_code(answer)) == ("40004", "ACQ.INVALID_PARAMETER")


@pytest.mark.parametrize(
    "changed",
    [
        {"trans_currency": "USD"},
        {"out_trade_no": "不是号码"},
        {"out_trade_no": "X" * 65},
        {"subject": ""},
        {"time_expire": "tomorrow"},
        {"timeout_express": "16d"},
        {"timeout_express": "0m"},
        {"product_code": "QUICK_WAP_WAY"},
        {"body": "x" * 129},
    ],
)
def test_a_field_that_is_wrong_is_refused(sdk: AliPay, changed: dict[str, str]) -> None:
    asked = {"out_trade_no": number(), "total_amount": "7.00", "subject": "诊查费"} | changed

    assert sub_code(sdk.server_api("alipay.trade.precreate", asked)) == "ACQ.INVALID_PARAMETER"


def test_an_address_that_is_none_is_refused(sdk: AliPay) -> None:
    answer = sdk.api_alipay_trade_precreate("诊查费", number(), "7.00", notify_url="javascript:1")

    assert sub_code(answer) == "ACQ.INVALID_PARAMETER"


def test_the_same_again_gives_the_same_code_and_other_words_are_refused(sdk: AliPay) -> None:
    trade = number()
    first = sdk.api_alipay_trade_precreate("诊查费", trade, "7.00")

    assert sdk.api_alipay_trade_precreate("诊查费", trade, 7)["qr_code"] == first["qr_code"]
    assert sub_code(sdk.api_alipay_trade_precreate("诊查费", trade, "8.00")) == "ACQ.CONTEXT_INCONSISTENT"
    assert sub_code(sdk.api_alipay_trade_precreate("药费", trade, "7.00")) == "ACQ.CONTEXT_INCONSISTENT"


def test_what_was_paid_or_closed_is_not_made_again(sdk: AliPay, paid: str, simulators: Simulators) -> None:
    closed = number()
    sdk.api_alipay_trade_precreate("诊查费", closed, "7.00")
    simulators.control("alipay", "open", out_trade_no=closed)
    sdk.api_alipay_trade_close(out_trade_no=closed)

    again = [sdk.api_alipay_trade_precreate("网络复诊诊查费", trade, "7.00") for trade in (paid, closed)]

    assert [sub_code(answer) for answer in again] == ["ACQ.TRADE_HAS_SUCCESS", "ACQ.TRADE_HAS_CLOSE"]


def test_closing_what_nobody_has_seen_says_no_and_yet_it_can_be_paid_no_more(
    sdk: AliPay, precreated: str, simulators: Simulators
) -> None:
    assert sub_code(sdk.api_alipay_trade_close(out_trade_no=precreated)) == "ACQ.TRADE_NOT_EXIST"

    answer = httpx.post(
        f"{simulators.url}/alipay/control/pay/", json={"out_trade_no": precreated}, timeout=30
    )
    assert answer.status_code == 409
    assert status(sdk, precreated) == "ACQ.TRADE_NOT_EXIST"


def test_cancelling_what_nobody_has_seen_says_yes_and_names_no_action(
    sdk: AliPay, precreated: str, simulators: Simulators
) -> None:
    answer = sdk.api_alipay_trade_cancel(out_trade_no=precreated)

    assert (answer["code"], answer["retry_flag"]) == ("10000", "N")
    assert not {"action", "trade_no"} & answer.keys()
    held = simulators.holdings("alipay", out_trade_no=precreated)["trades"]
    assert [trade["is_locked"] for trade in held] == [True]


def test_a_paid_trade_cannot_be_closed(sdk: AliPay, paid: str) -> None:
    assert sub_code(sdk.api_alipay_trade_close(out_trade_no=paid)) == "ACQ.TRADE_STATUS_ERROR"
    assert status(sdk, paid) == "TRADE_SUCCESS"


def test_a_trade_never_made_is_unknown(sdk: AliPay) -> None:
    stranger = number()

    assert status(sdk, stranger) == "ACQ.TRADE_NOT_EXIST"
    assert sub_code(refund(sdk, stranger, "7.00")) == "ACQ.TRADE_NOT_EXIST"
    query = sdk.api_alipay_trade_fastpay_refund_query("R1", out_trade_no=stranger)
    assert sub_code(query) == "ACQ.TRADE_NOT_EXIST"


def test_the_time_to_pay_ends_at_the_moment_that_was_written(
    sdk: AliPay, simulators: Simulators, notified: NotifyAddress
) -> None:
    over = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(seconds=1)
    signed = sdk.api_alipay_trade_wap_pay(
        "药费", number(), "7.00", time_expire=over.strftime("%Y-%m-%d %H:%M:%S"), timeout_express="1d"
    )

    page = httpx.get(f"{sdk._gateway}?{signed}", follow_redirects=True)

    assert "支付时间已过" in page.text
    assert 'value="pay"' not in page.text


def test_a_trade_whose_time_is_over_is_closed_and_told(
    sdk: AliPay, precreated: str, simulators: Simulators, notified: NotifyAddress
) -> None:
    simulators.control("alipay", "open", out_trade_no=precreated)
    simulators.control("alipay", "expire", out_trade_no=precreated)

    assert status(sdk, precreated) == "TRADE_CLOSED"
    assert b"trade_status=TRADE_CLOSED" in notified.wait_for(1)[0][1]


def test_the_same_refund_twice_refunds_once(sdk: AliPay, paid: str) -> None:
    first, second = refund(sdk, paid, "3.00", "R1"), refund(sdk, paid, "3.00", "R1")

    assert [(a["fund_change"], a["refund_fee"]) for a in (first, second)] == [("Y", "3.00"), ("N", "3.00")]
    assert sub_code(refund(sdk, paid, "4.00", "R1")) == "ACQ.DISCORDANT_REPEAT_REQUEST"


def test_no_more_goes_back_than_was_paid(sdk: AliPay, paid: str) -> None:
    refund(sdk, paid, "5.00", "R1")

    assert sub_code(refund(sdk, paid, "2.01", "R2")) == "ACQ.REASON_TRADE_REFUND_FEE_ERR"
    assert refund(sdk, paid, "2.00", "R3")["refund_fee"] == "7.00"
    assert sub_code(refund(sdk, paid, "0.01", "R4")) == "ACQ.REASON_TRADE_REFUND_FEE_ERR"


def test_a_part_needs_a_number_of_its_own_and_the_whole_does_not(sdk: AliPay, paid: str) -> None:
    assert sub_code(refund(sdk, paid, "3.00")) == "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"
    assert refund(sdk, paid, "7.00")["fund_change"] == "Y"
    assert status(sdk, paid) == "TRADE_CLOSED"


def test_an_unpaid_trade_is_not_refunded(sdk: AliPay, precreated: str, simulators: Simulators) -> None:
    simulators.control("alipay", "open", out_trade_no=precreated)

    assert sub_code(refund(sdk, precreated, "7.00")) == "ACQ.TRADE_STATUS_ERROR"


def test_a_refund_never_asked_for_is_passed_over_in_silence(sdk: AliPay, paid: str) -> None:
    answer = sdk.api_alipay_trade_fastpay_refund_query("never", out_trade_no=paid)

    assert answer["code"] == "10000"
    assert not {"refund_status", "refund_amount"} & answer.keys()


def test_after_the_time_for_refunds_nothing_goes_back(
    sdk: AliPay, paid: str, simulators: Simulators, notified: NotifyAddress
) -> None:
    notified.wait_for(1)  # of the payment
    simulators.control("alipay", "finish", out_trade_no=paid)

    assert sub_code(refund(sdk, paid, "7.00", "R1")) == "ACQ.TRADE_HAS_FINISHED"
    assert status(sdk, paid) == "TRADE_FINISHED"
    assert b"TRADE_FINISHED" in notified.wait_for(2)[1][1]


def test_what_was_refunded_in_part_is_not_cancelled(sdk: AliPay, paid: str) -> None:
    refund(sdk, paid, "3.00", "R1")

    answer = sdk.api_alipay_trade_cancel(out_trade_no=paid)

    assert sub_code(answer) == "ACQ.REASON_TRADE_REFUND_FEE_ERR"


def given_back(simulators: Simulators, trade: str) -> list[Decimal]:
    """Every refund that was taken on."""
    return [Decimal(one["asked"]) for one in simulators.holdings("alipay", out_trade_no=trade)["refunds"]]


@pytest.mark.parametrize(
    ("kind", "code", "taken"),
    [
        ("system_error", "40004", []),
        ("system_error_after", "40004", [Decimal("3.00")]),
        ("unknown_error", "20000", []),
        ("call_limited", "40005", []),
        ("not_enough", "40004", []),
    ],
)
def test_a_refund_that_goes_wrong_can_be_asked_for_again(
    sdk: AliPay, paid: str, simulators: Simulators, kind: str, code: str, taken: list[Decimal]
) -> None:
    simulators.control("alipay", "faults", kind=kind, verb="refund" if kind != "not_enough" else "")

    assert refund(sdk, paid, "3.00", "R1")["code"] == code
    assert given_back(simulators, paid) == taken
    assert refund(sdk, paid, "3.00", "R1")["code"] == "10000"
    assert given_back(simulators, paid) == [Decimal("3.00")]


def test_a_refund_can_take_its_time(sdk: AliPay, paid: str, simulators: Simulators) -> None:
    simulators.control("alipay", "faults", kind="refund_processing", queries=1)

    asked = refund(sdk, paid, "3.00", "R1")
    first, second = (sdk.api_alipay_trade_fastpay_refund_query("R1", out_trade_no=paid) for _ in range(2))

    assert (asked["code"], asked["fund_change"], asked["refund_fee"]) == ("10000", "N", "0.00")
    assert "refund_status" not in first
    assert second["refund_status"] == "REFUND_SUCCESS"
    assert sub_code(refund(sdk, paid, "4.01", "R2")) == "ACQ.REASON_TRADE_REFUND_FEE_ERR"


def test_silence_leaves_the_refund_done_or_undone_as_told(
    sdk: AliPay, paid: str, simulators: Simulators
) -> None:
    sdk._config.timeout = 0.5
    for kind, taken in (("silent_before", []), ("silent_after", [Decimal("3.00")])):
        simulators.control("alipay", "faults", kind=kind, verb="refund", seconds=20)
        with pytest.raises(TimeoutError):
            refund(sdk, paid, "3.00", "R1")
        simulators.control("alipay", "reset")
        assert given_back(simulators, paid) == taken


def test_a_gateway_that_is_not_there_answers_502(sdk: AliPay, simulators: Simulators) -> None:
    simulators.control("alipay", "faults", kind="http_error", verb="query")

    answer = httpx.get(f"{sdk._gateway}?{sdk.client_api('alipay.trade.query', {'out_trade_no': 'X1'})}")

    assert answer.status_code == 502


def test_a_request_may_come_in_a_form(sdk: AliPay, paid: str) -> None:
    signed = sdk.client_api("alipay.trade.query", {"out_trade_no": paid})

    answer = httpx.post(
        sdk._gateway,
        content=signed.encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"},
    )

    assert answer.json()["alipay_trade_query_response"]["trade_status"] == "TRADE_SUCCESS"


@pytest.mark.parametrize(
    ("changed", "sub"),
    [
        ({"sign_type": "RSA"}, "isv.invalid-signature-type"),
        ({"timestamp": "yesterday"}, "isv.invalid-timestamp"),
        ({"charset": "gbk"}, "isv.invalid-charset"),
        ({"sign": ""}, "isv.missing-signature"),
        ({"method": ""}, "isv.missing-method"),
    ],
)
def test_a_common_parameter_that_is_wrong_is_refused(sdk: AliPay, changed: dict[str, str], sub: str) -> None:
    fields = {
        "app_id": sdk.appid,
        "method": "alipay.trade.query",
        "charset": "utf-8",
        "sign_type": "RSA2",
        "timestamp": "2026-06-05 16:01:34",
        "version": "1.0",
        "sign": "QUJD",
        "biz_content": "{}",
    } | changed

    said = httpx.post(sdk._gateway, data=fields).json()

    assert sub in {answer["sub_code"] for answer in said.values() if isinstance(answer, dict)}


def test_a_method_that_does_not_exist_is_an_error_without_a_signature(sdk: AliPay) -> None:
    said = httpx.get(f"{sdk._gateway}?{sdk.client_api('alipay.trade.invented')}").json()

    assert said == {
        "error_response": {
            "code": "40002",
            "msg": "Invalid Arguments",
            "sub_code": "isv.invalid-method",
            "sub_msg": "不存在的方法名",
        }
    }
