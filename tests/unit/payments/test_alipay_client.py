"""What Alipay's client signs, what it believes, and what it makes of every kind of answer."""

import io
import json
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
import respx
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from payments.gateway.alipay import messages, signing
from payments.gateway.alipay.client import AlipayClient, AlipayConfig
from payments.gateway.port import (
    BillNotReady,
    NoBill,
    NotificationRejected,
    PaymentRefused,
    PaymentUnanswered,
)
from payments.gateway.signing import is_signed_by, sign
from payments.gateway.trade import OrderRequest, RefundRequest, RefundStatus, TradeState
from payments.gateway.trade_bill import BillUnreadable, TradeLine

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
GATEWAY = "https://gateway.example/gateway.do"
APP = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PLATFORM = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ORDER = OrderRequest(
    "P26112300000001", "网络复诊诊查费", 700, "https://xinglin.example/n",
    expires_at=datetime(2026, 11, 23, 3, 15, tzinfo=UTC),
)  # fmt: skip
REFUND = RefundRequest("R26112300000001", "P26112300000001", 300, 700, "医生终止就诊")
PAID = {
    "code": "10000", "msg": "Success", "out_trade_no": ORDER.out_trade_no, "trade_no": "2026112322001",
    "trade_status": "TRADE_SUCCESS", "total_amount": "7.00", "buyer_pay_amount": "7.00",
    "send_pay_date": "2026-11-23 11:01:00",
}  # fmt: skip


@pytest.fixture
def client() -> AlipayClient:
    return AlipayClient(
        AlipayConfig(
            gateway_url=GATEWAY,
            app_id="2021000000000001",
            seller_id="2088000000000001",
            private_key=APP.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            alipay_public_key=PLATFORM.public_key().public_bytes(
                Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
            ),
        ),
        now=NOW.timestamp,
    )


def answer(
    method: str, fields: dict[str, Any], *, key: rsa.RSAPrivateKey | None = PLATFORM, node: str = ""
) -> httpx.Response:
    """As the platform answers: the text of the inner object is what is signed, with its slashes escaped."""
    inner = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/")
    tail = f',"sign":"{sign(key, inner.encode())}"' if key else ""
    name = node or method.replace(".", "_") + "_response"
    return httpx.Response(200, content=f'{{"{name}":{inner}{tail}}}'.encode())


def told(*, key: rsa.RSAPrivateKey = PLATFORM, **changes: str) -> bytes:
    """A notification's form."""
    said = {
        "notify_id": "N1", "notify_time": "2026-11-23 11:00:05", "notify_type": "trade_status_sync",
        "app_id": "2021000000000001", "seller_id": "2088000000000001", "out_trade_no": ORDER.out_trade_no,
        "trade_no": "2026112322001", "trade_status": "TRADE_SUCCESS", "total_amount": "7.00",
        "gmt_payment": "2026-11-23 11:00:01", "subject": "网络复诊诊查费 & 其他",
    } | changes  # fmt: skip
    signed = sign(key, signing.joined(said))
    return urlencode(said | {"sign_type": "RSA2", "sign": signed}).encode()


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


def test_a_true_notification_is_read(client: AlipayClient) -> None:
    read = client.parse_notification({}, told(out_biz_no="R1", refund_fee="3.00"))
    assert read.order is not None
    assert (read.notification_id, read.order.amount_fen, read.order.is_ours) == ("N1", 700, True)
    assert read.refund_to_ask == "R1"


def test_a_notification_for_another_account_says_so(client: AlipayClient) -> None:
    for other in (told(app_id="2021000000000009"), told(seller_id="2088000000000009")):
        read = client.parse_notification({}, other)
        assert read.order is not None
        assert not read.order.is_ours


def test_another_currency_is_read_as_such(client: AlipayClient) -> None:
    read = client.parse_notification({}, told(trans_currency="USD"))
    assert read.order is not None
    assert read.order.currency != "CNY"


@pytest.mark.parametrize(
    "body",
    [
        told(key=STRANGER),
        told().replace(b"7.00", b"7.01"),
        told(total_amount="7.005"),
        told(notify_time="2026-11-22 09:59:59"),
        told(notify_time="2026-11-23 11:05:01"),
        told(notify_time=""),
        told(notify_id=""),
        told(trade_status="TRADE_UNHEARD_OF"),
        told() + b"&total_amount=7.00",
        b"",
        b"{}",
    ],
    ids=[
        "a stranger's", "altered", "three decimals", "older than 25 hours", "of the future", "without time",
        "without id", "unknown state", "said twice", "empty", "no form",
    ],
)  # fmt: skip
def test_a_forged_altered_old_or_unreadable_notification_is_rejected(
    client: AlipayClient, body: bytes
) -> None:
    with pytest.raises(NotificationRejected):
        client.parse_notification({}, body)


@pytest.mark.parametrize("amount", ["7.005", "-7.00", "7,00", "1e2", "７.00", "", None, 7])
def test_an_amount_is_plain_yuan_with_at_most_two_decimals(amount: object) -> None:
    with pytest.raises(ValueError, match="order"):
        messages.order_state(PAID | {"total_amount": amount})


@respx.mock
@pytest.mark.parametrize(("on", "kind"), [(date(2026, 11, 22), NoBill), (date(2026, 11, 23), BillNotReady)])
def test_a_bill_that_does_not_exist_is_still_made_until_ten_of_the_next_day(
    client: AlipayClient, on: date, kind: type[Exception]
) -> None:
    method = "alipay.data.dataservice.bill.downloadurl.query"
    respx.post(GATEWAY).mock(answer(method, {"code": "40004", "sub_code": "isp.bill_not_exist"}))
    with pytest.raises(kind):
        client.fetch_trade_bill(on, io.BytesIO())


@respx.mock
def test_a_bill_is_fetched_from_alipay_or_from_where_the_gateway_is_only(client: AlipayClient) -> None:
    method = "alipay.data.dataservice.bill.downloadurl.query"
    respx.post(GATEWAY).mock(
        side_effect=[
            answer(method, {"code": "10000", "bill_download_url": "https://dwbillcenter.alipay.com/f?t=1"}),
            answer(method, {"code": "10000", "bill_download_url": "https://alipay.com.example/f?t=1"}),
        ]
    )
    respx.get("https://dwbillcenter.alipay.com/f?t=1").mock(httpx.Response(200, content=b"zip"))
    into = io.BytesIO()
    client.fetch_trade_bill(date(2026, 11, 22), into)
    assert into.getvalue() == b"zip"
    with pytest.raises(PaymentUnanswered):
        client.fetch_trade_bill(date(2026, 11, 22), io.BytesIO())


HEADING = "支付宝交易号,商户订单号,业务类型,商品名称,订单金额（元）,退款批次号/请求号,服务费（元）,备注"
LINES = (
    "2026112322001\t,P1\t,交易\t,诊查费,7.00,\t,-0.04,",
    "2026112322001\t,P1\t,退款\t,诊查费,-3.00,R1\t,0.00,医生终止就诊",
)
FRAME = ("#支付宝业务明细查询", "#----业务明细列表----"), ("#----业务明细列表结束----", "#交易合计：1笔")


def packed(*lines: str, name: str = "2088_20261122_业务明细.csv", encoding: str = "gbk") -> io.BytesIO:
    """A bill as it is offered; the summary comes first, so that taking the first table would show."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("2088_20261122_业务明细(汇总).csv", "#".encode(encoding))
        archive.writestr(name, "\r\n".join(lines).encode(encoding))
    file.seek(0)
    return file


def test_a_bill_is_read_line_by_line(client: AlipayClient) -> None:
    lines = list(client.read_trade_bill(packed(*FRAME[0], HEADING, *LINES, *FRAME[1])))
    assert lines == [
        TradeLine("P1", "2026112322001", "SUCCESS", "7.00", "", "", "0.00", ""),
        TradeLine("P1", "2026112322001", "REFUND", "0.00", "R1", "", "3.00", "SUCCESS"),
    ]
    assert sum(Decimal(line.refund_amount) for line in lines) == 3


def test_an_empty_file_is_a_day_without_trade(client: AlipayClient) -> None:
    assert list(client.read_trade_bill(io.BytesIO())) == []


@pytest.mark.parametrize(
    "bill",
    [
        packed(*FRAME[0], HEADING, *LINES),
        packed(*FRAME[0], HEADING, LINES[0] + ",more", *FRAME[1]),
        packed(*FRAME[0], HEADING.replace("订单金额", "金额"), *LINES, *FRAME[1]),
        packed(*FRAME[0], HEADING, *LINES, *FRAME[1], name="readme.txt"),
        io.BytesIO(b"not a zip"),
    ],
    ids=["cut off", "another width", "no amount", "no table", "no zip"],
)
def test_a_bill_that_is_not_whole_is_unreadable(client: AlipayClient, bill: io.BytesIO) -> None:
    with pytest.raises(BillUnreadable):
        list(client.read_trade_bill(bill))
