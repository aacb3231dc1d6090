"""The trade bill of a day: offered, then fetched; and changes to it that make a merchant's books differ.

The real one makes the bill of a day from nine in the morning of the next. This one has it at once, also that of the
running day, so that a demonstration needs no night; the fault ``bill_creating`` plays the wait.

Source: WeChat Pay merchant documentation, APIv3: application for the trade bill, download of a bill (columns as they
are known).
"""

import gzip
import hashlib
import secrets
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from simulators.wechatpay import wire
from simulators.wechatpay.api import Fields, public_address, signed_paths, verb
from simulators.wechatpay.models import BillChange, FaultKind, Order, Refund, RefundStatus, take
from simulators.wechatpay.wire import ApiError, platform

SHANGHAI = ZoneInfo("Asia/Shanghai")
LIVES_SECONDS = 30
HEADING = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,"
    "代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,"
    "申请退款金额,费率备注"
)
SUMS_HEADING = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
REFUND_WORDS = {
    RefundStatus.PROCESSING: "PROCESSING",
    RefundStatus.SUCCESS: "SUCCESS",
    RefundStatus.CLOSED: "FAIL",
    RefundStatus.ABNORMAL: "FAIL",
}
Row = dict[str, str]


@verb("bill", "GET")
def trade_bill(request: HttpRequest) -> Fields:
    """Offer the bill of ``bill_date``: its digest and where it lies."""
    day = _day(request.GET.get("bill_date", ""))
    if request.GET.get("bill_type", "ALL") != "ALL" or request.GET.get("tar_type", "GZIP") != "GZIP":
        raise ApiError(400, "PARAM_ERROR", "仅支持ALL账单与GZIP压缩")
    if take(FaultKind.BILL_CREATING, "bill"):
        raise ApiError(400, "STATEMENT_CREATING", "账单生成中")
    text = bill_text(day)
    if not text:
        raise ApiError(400, "NO_STATEMENT_EXIST", "账单文件不存在")
    token = signing.dumps([day.isoformat(), secrets.token_hex(4)], salt="bill")
    cache.set(token, text, LIVES_SECONDS)  # what was offered is what is fetched, though the day goes on
    return {
        "hash_type": "SHA1",
        "hash_value": hashlib.sha1(text, usedforsecurity=False).hexdigest(),
        "download_url": f"{public_address(request, for_servers=True)}/v3/billdownload/file?token={token}",
    }


@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """The file itself, gzipped; its answer bears no signature."""
    try:
        wire.verify_request("GET", signed_paths(request), b"", request.headers.get("Authorization", ""))
        token = request.GET.get("token", "")
        day = date.fromisoformat(signing.loads(token, salt="bill", max_age=LIVES_SECONDS)[0])
    except (ApiError, signing.BadSignature):
        return HttpResponse(b"", status=401)
    return HttpResponse(gzip.compress(cache.get(token) or bill_text(day)), content_type="application/x-gzip")


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ApiError(400, "PARAM_ERROR", "bill_date格式错误") from None
    if day > datetime.now(SHANGHAI).date():
        raise ApiError(400, "PARAM_ERROR", "账单日期不能晚于今天")
    return day


def bill_text(day: date) -> bytes:
    """The bill as the merchant unpacks it; empty when nothing was traded."""
    rows = list(_changed(day, _rows(day)))
    if not rows:
        return b""
    paid = sum((Decimal(row["订单金额"]) for row in rows), Decimal(0))
    back = sum((Decimal(row["申请退款金额"]) for row in rows), Decimal(0))
    lines = [HEADING, *(_line([row[name] for name in HEADING.split(",")]) for row in rows), SUMS_HEADING]
    lines.append(
        _line([str(len(rows)), f"{paid:.2f}", f"{back:.2f}", "0.00", "0.00000", f"{paid:.2f}", f"{back:.2f}"])
    )
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def _line(values: list[str]) -> str:
    return ",".join(f"`{value}" for value in values)


def _rows(day: date) -> Iterator[Row]:
    begin = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    of_day = (begin, begin + timedelta(days=1))
    for order in Order.objects.filter(paid_at__gte=of_day[0], paid_at__lt=of_day[1]).order_by(
        "paid_at", "pk"
    ):
        yield _row(order, order.paid_at or begin, "SUCCESS", order.total, 0)
    refunds = Refund.objects.select_related("order").filter(
        created_at__gte=of_day[0], created_at__lt=of_day[1]
    )
    for refund in refunds.order_by("created_at", "pk"):
        yield _row(refund.order, refund.created_at, "REFUND", 0, refund.amount) | {
            "微信退款单号": refund.refund_id,
            "商户退款单号": refund.out_refund_no,
            "退款类型": "ORIGINAL",
            "退款状态": REFUND_WORDS[RefundStatus(refund.status)],
        }


def _row(order: Order, at: datetime, state: str, paid: int, back: int) -> Row:
    """A line by the names of its columns; ``paid`` and ``back`` are fen."""
    said = {
        "交易时间": at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
        "公众账号ID": order.appid,
        "商户号": order.mchid,
        "特约商户号": "0",
        "微信订单号": order.transaction_id,
        "商户订单号": order.out_trade_no,
        "用户标识": order.payer_openid,
        "交易类型": order.trade_type,
        "交易状态": state,
        "付款银行": "OTHERS",
        "货币种类": "CNY",
        "应结订单金额": _yuan(paid),
        "代金券金额": "0.00",
        "微信退款单号": "0",
        "商户退款单号": "0",
        "退款金额": _yuan(back),
        "充值券退款金额": "0.00",
        "商品名称": order.description,
        "商户数据包": order.attach,
        "手续费": "0.00000",
        "费率": "0.00%",
        "订单金额": _yuan(paid),
        "申请退款金额": _yuan(back),
    }
    return {name: said.get(name, "") for name in HEADING.split(",")}


def _yuan(fen: int) -> str:
    return f"{Decimal(fen) / 100:.2f}"


def _changed(day: date, rows: Iterator[Row]) -> Iterator[Row]:
    """The rows as a tester wants them: some left out, some of another amount, some of strangers."""
    changes = {change.number: change for change in BillChange.objects.all()}
    for row in rows:
        is_refund = row["交易状态"] == "REFUND"
        change = changes.get(row["商户退款单号" if is_refund else "商户订单号"])
        if change is None:
            yield row
        elif change.kind == BillChange.FEE:
            yield row | {"手续费": f"{-change.amount if is_refund else change.amount}"}
        elif change.kind == BillChange.AMOUNT:
            yield row | {"申请退款金额" if is_refund else "订单金额": _yuan(change.amount)}
    for change in changes.values():
        if change.kind == BillChange.STRANGER and change.day == day:
            yield _stranger(change)


def _stranger(change: BillChange) -> Row:
    at = datetime(change.day.year, change.day.month, change.day.day, 12, tzinfo=SHANGHAI)
    made_up = Order(
        mchid=platform().mchid,
        appid=platform().appid,
        out_trade_no=change.number,
        transaction_id="4200" + f"{change.pk:024d}",
        trade_type="NATIVE",
        description="演示：商户系统中没有的订单",
    )
    return _row(made_up, at, "SUCCESS", change.amount, 0)
