"""The unmodified ``python-alipay-sdk`` talks to the simulator: the proof that its wire format is right.

Every answer the SDK returns, it has verified by Alipay's public key.
"""

from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from alipay import AliPay
from alipay.exceptions import AliPayException, AliPayValidationError

from tests.verification.notified import NotifyAddress, number
from tests.verification.simulators import Simulators


def form(post: tuple[dict[str, str], bytes]) -> dict[str, str]:
    """The fields of a notification."""
    return {name: values[0] for name, values in parse_qs(post[1].decode(), strict_parsing=True).items()}


def verified(sdk: AliPay, fields: dict[str, str]) -> bool:
    """What the SDK says of the signature of fields, which stay as they are."""
    said = dict(fields)
    return bool(sdk.verify(said, said.pop("sign")))


def test_it_precreates_a_trade(sdk: AliPay) -> None:
    out_trade_no = number()
    answer = sdk.api_alipay_trade_precreate("网络复诊诊查费", out_trade_no, "7.00")

    assert (answer["code"], answer["msg"], answer["out_trade_no"]) == ("10000", "Success", out_trade_no)
    assert answer["qr_code"].startswith("https://qr.alipay.com/bax")


def test_it_knows_nothing_of_a_trade_before_a_payer_has_seen_it(sdk: AliPay, precreated: str) -> None:
    answer = sdk.api_alipay_trade_query(out_trade_no=precreated)

    assert (answer["code"], answer["sub_code"]) == ("40004", "ACQ.TRADE_NOT_EXIST")


def test_it_queries_by_either_number(sdk: AliPay, paid: str) -> None:
    answer = sdk.api_alipay_trade_query(out_trade_no=paid)

    assert (answer["trade_status"], answer["total_amount"]) == ("TRADE_SUCCESS", "7.00")
    assert answer["fund_bill_list"] == [{"amount": "7.00", "fund_channel": "ALIPAYACCOUNT"}]
    assert sdk.api_alipay_trade_query(trade_no=answer["trade_no"]) == answer


@pytest.mark.parametrize(
    ("place", "product"), [("api_alipay_trade_page_pay", "page"), ("api_alipay_trade_wap_pay", "wap")]
)
def test_it_sends_a_browser_to_the_cashier_and_gets_it_back_signed(
    simulators: Simulators, sdk: AliPay, place: str, product: str
) -> None:
    out_trade_no = number()
    back = "http://127.0.0.1:8000/checkouts/7/"
    signed = getattr(sdk, place)("药费", out_trade_no, "65.80", return_url=back)

    opened = httpx.get(f"{sdk._gateway}?{signed}", follow_redirects=True)
    seen = sdk.api_alipay_trade_query(out_trade_no=out_trade_no)
    returned = httpx.post(str(opened.url), data={"choice": "pay"})

    assert opened.status_code == 200
    assert "65.80" in opened.text
    assert (seen["trade_status"], seen["total_amount"]) == ("WAIT_BUYER_PAY", "65.80")
    assert returned.status_code == 303
    address, _, query = returned.headers["Location"].partition("?")
    fields = {name: values[0] for name, values in parse_qs(query).items()}
    assert address == back
    assert fields["method"] == f"alipay.trade.{product}.pay.return"
    assert (fields["out_trade_no"], fields["total_amount"]) == (out_trade_no, "65.80")
    assert verified(sdk, fields)


def test_it_closes_a_trade_that_was_seen(simulators: Simulators, sdk: AliPay, precreated: str) -> None:
    simulators.control("alipay", "open", out_trade_no=precreated)

    answer = sdk.api_alipay_trade_close(out_trade_no=precreated)

    assert (answer["code"], answer["out_trade_no"]) == ("10000", precreated)
    assert sdk.api_alipay_trade_query(out_trade_no=precreated)["trade_status"] == "TRADE_CLOSED"


@pytest.mark.parametrize(("is_paid", "action", "status"), [(False, "close", 0), (True, "refund", 7)])
def test_it_cancels_a_trade(
    simulators: Simulators, sdk: AliPay, precreated: str, is_paid: bool, action: str, status: int
) -> None:
    simulators.control("alipay", "pay" if is_paid else "open", out_trade_no=precreated)

    answer = sdk.api_alipay_trade_cancel(out_trade_no=precreated)

    assert (answer["code"], answer["action"], answer["retry_flag"]) == ("10000", action, "N")
    assert sdk.api_alipay_trade_query(out_trade_no=precreated)["trade_status"] == "TRADE_CLOSED"
    given_back = simulators.holdings("alipay", out_trade_no=precreated)["refunds"]
    assert sum(Decimal(refund["refund_amount"]) for refund in given_back) == status


def test_it_refunds_in_parts_and_queries_each(sdk: AliPay, paid: str) -> None:
    first, second = number("R"), number("R")
    answers = [
        sdk.api_alipay_trade_refund(
            "3.00", out_trade_no=paid, out_request_no=first, refund_reason="医师停诊"
        ),
        sdk.api_alipay_trade_refund("4.00", out_trade_no=paid, out_request_no=second),
    ]
    queried = sdk.api_alipay_trade_fastpay_refund_query(first, out_trade_no=paid)

    assert [(a["fund_change"], a["refund_fee"]) for a in answers] == [("Y", "3.00"), ("Y", "7.00")]
    assert (queried["refund_status"], queried["refund_amount"]) == ("REFUND_SUCCESS", "3.00")
    assert (queried["total_amount"], queried["out_request_no"]) == ("7.00", first)
    assert sdk.api_alipay_trade_query(out_trade_no=paid)["trade_status"] == "TRADE_CLOSED"


def test_it_asks_for_the_bill_of_a_day(sdk: AliPay, paid: str) -> None:
    answer = sdk.server_api(
        "alipay.data.dataservice.bill.downloadurl.query",
        {"bill_type": "trade", "bill_date": sdk.api_alipay_trade_query(paid)["send_pay_date"][:10]},
    )

    assert answer["code"] == "10000"
    assert httpx.get(answer["bill_download_url"]).content[:2] == b"PK"


def test_it_verifies_the_notification_of_a_payment(
    simulators: Simulators, sdk: AliPay, paid: str, notified: NotifyAddress
) -> None:
    fields = form(notified.wait_for(1)[0])

    assert verified(sdk, fields)
    assert (fields["trade_status"], fields["out_trade_no"]) == ("TRADE_SUCCESS", paid)
    assert (fields["total_amount"], fields["seller_id"]) == (
        "7.00",
        simulators.keys.settings["ALIPAY_SELLER_ID"],
    )


def test_it_verifies_the_notifications_of_refunds(sdk: AliPay, paid: str, notified: NotifyAddress) -> None:
    number_of_refund = number("R")
    notified.wait_for(1)  # of the payment
    sdk.api_alipay_trade_refund("3.00", out_trade_no=paid, out_request_no=number_of_refund)
    part = form(notified.wait_for(2)[1])
    sdk.api_alipay_trade_refund("4.00", out_trade_no=paid, out_request_no=number("R"))
    rest = form(notified.wait_for(3)[2])

    assert verified(sdk, part)
    assert verified(sdk, rest)
    assert (part["trade_status"], part["refund_fee"], part["out_biz_no"]) == (
        "TRADE_SUCCESS",
        "3.00",
        number_of_refund,
    )
    assert (rest["trade_status"], rest["refund_fee"]) == ("TRADE_CLOSED", "7.00")
    assert {"gmt_refund", "gmt_close"} <= rest.keys()


def test_it_does_not_verify_a_forged_notification(
    simulators: Simulators, sdk: AliPay, precreated: str, notified: NotifyAddress
) -> None:
    simulators.control("alipay", "faults", kind="forged_notification")
    simulators.control("alipay", "pay", out_trade_no=precreated)
    forged, true = notified.wait_for(2)

    assert not verified(sdk, form(forged))
    assert verified(sdk, form(true))


def test_it_does_not_take_a_wrongly_signed_answer(simulators: Simulators, sdk: AliPay, paid: str) -> None:
    simulators.control("alipay", "faults", kind="wrong_signature", verb="query")

    with pytest.raises(AliPayValidationError):
        sdk.api_alipay_trade_query(out_trade_no=paid)


def test_the_simulator_does_not_take_what_another_has_signed(simulators: Simulators, sdk: AliPay) -> None:
    from Cryptodome.PublicKey import RSA

    sdk._app_private_key = RSA.generate(2048)
    answer = sdk.api_alipay_trade_query(out_trade_no=number())

    assert (answer["code"], answer["sub_code"]) == ("40002", "isv.invalid-signature")


def test_the_simulator_does_not_take_a_changed_amount(simulators: Simulators, sdk: AliPay) -> None:
    signed = sdk.api_alipay_trade_page_pay("药费", number(), "65.80")
    changed = signed.replace("65.80", "00.80")
    assert changed != signed

    answer = httpx.get(f"{sdk._gateway}?{changed}")

    assert answer.status_code == 400
    assert "isv.invalid-signature" in answer.text


def test_a_stranger_is_answered_without_a_signature(simulators: Simulators, sdk: AliPay) -> None:
    sdk._appid = "2021000000000000"

    with pytest.raises(AliPayException) as refused:
        sdk.api_alipay_trade_query(out_trade_no=number())

    assert "isv.invalid-app-id" in str(refused.value.args) + str(refused.value)


def test_the_cashier_belongs_to_the_gateway(simulators: Simulators, sdk: AliPay) -> None:
    signed = sdk.api_alipay_trade_wap_pay("药费", number(), "1.00")

    sent = httpx.get(f"{sdk._gateway}?{signed}")

    assert urlsplit(sent.headers["Location"]).path.startswith("/alipay/cashier/")
