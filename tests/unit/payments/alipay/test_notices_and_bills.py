"""What is believed of Alipay's notifications, and what is read in its bills."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

import httpx
import pytest
import respx
from cryptography.hazmat.primitives.asymmetric import rsa

from payments.gateway.alipay import messages, signing
from payments.gateway.alipay.client import AlipayClient
from payments.gateway.port import (
    BillNotReady,
    NoBill,
    NotificationRejected,
    PaymentUnanswered,
)
from payments.gateway.signing import sign
from payments.gateway.trade_bill import BillUnreadable, TradeLine
from tests.unit.payments.alipay.platform import (
    GATEWAY,
    ORDER,
    PAID,
    PLATFORM,
    STRANGER,
    answer,
)


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
