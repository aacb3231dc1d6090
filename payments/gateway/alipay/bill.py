"""The bill of one day: a zip of two tables in GBK, of which the one with every movement counts.

Source: Alipay open platform: query for the download address of bills, explanation of the columns of 业务明细 (as they are
known; not read anew for this).
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import IO
from urllib.parse import urlsplit

import httpx

from payments.gateway.alipay.messages import SHANGHAI
from payments.gateway.bill_download import MOST_BYTES
from payments.gateway.port import BillNotReady, NoBill, PaymentRefused, PaymentUnanswered
from payments.gateway.trade_bill import BillUnreadable, TradeLine

READY_AT = time(10)
"""On the next day. Until then ``bill_not_exist`` may mean that it is still being made; afterwards that there was no trade.

Source: Alipay open platform: bills of a day can be fetched from 9 o'clock of the next day on; an hour more is ours.
"""
_SUMS, _END = "汇总", "结束"
_COLUMNS = ("商户订单号", "支付宝交易号", "业务类型", "订单金额（元）", "退款批次号/请求号")


def refused(refusal: PaymentRefused, on: date, now: datetime) -> PaymentRefused:
    """The same refusal, with the two that every merchant meets as kinds of their own."""
    if refusal.code != "isp.bill_not_exist":
        return refusal
    ready_at = datetime.combine(on + timedelta(days=1), READY_AT, SHANGHAI)
    kind = NoBill if now >= ready_at else BillNotReady
    return kind(refusal.code, refusal.message, status=refusal.status)


def address(offered: str, gateway_url: str) -> str:
    """The address of the file, which is at Alipay or where the gateway is.

    Raises:
        PaymentUnanswered: it leads elsewhere.
    """
    there, gateway = urlsplit(offered), urlsplit(gateway_url)
    is_alipay = there.scheme == "https" and (there.hostname or "").endswith(".alipay.com")
    if is_alipay or (there.scheme, there.netloc) == (gateway.scheme, gateway.netloc):
        return offered
    raise PaymentUnanswered("the bill is offered at another place")


def take(reply: httpx.Response, into: IO[bytes]) -> None:
    """Write the file as it comes.

    Raises:
        PaymentUnanswered: it does not come, or is larger than any bill.
    """
    if not reply.is_success:
        raise PaymentUnanswered(f"the bill: HTTP {reply.status_code}")
    size = 0
    for piece in reply.iter_bytes():
        size += len(piece)
        if size > MOST_BYTES:
            raise PaymentUnanswered("the bill is larger than any bill")
        into.write(piece)


def read(file: IO[bytes]) -> Iterator[TradeLine]:
    """The lines of a bill in its order; an empty file is a day without trade. Memory does not grow with the bill.

    Raises:
        BillUnreadable: no zip, no known heading, a line of another length, or no end.
    """
    if not file.read(1):
        return
    try:
        with zipfile.ZipFile(file) as archive, archive.open(_details(archive)) as member:
            yield from _trades(io.TextIOWrapper(member, encoding="gb18030", newline=""))
    except (zipfile.BadZipFile, UnicodeDecodeError, csv.Error, EOFError) as wrong:
        raise BillUnreadable("not a zip of tables in GBK") from wrong


def _details(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The table of movements; names that do not say that they are Unicode are GBK."""
    for member in archive.infolist():
        is_unicode = bool(member.flag_bits & 0x800)
        raw = member.filename if is_unicode else member.filename.encode("cp437").decode("gbk", "replace")
        if _SUMS not in raw and raw.endswith(".csv"):
            if member.file_size > MOST_BYTES:
                raise BillUnreadable("it unpacks beyond belief")
            return member
    raise BillUnreadable("no table of movements in it")


def _trades(lines: Iterator[str]) -> Iterator[TradeLine]:
    places: list[int] = []
    width = 0
    for number, cells in enumerate(csv.reader(lines), start=1):
        if cells and cells[0].startswith("#"):
            if places and _END in cells[0]:
                return
        elif not places:
            places, width = _places(cells)
        elif len(cells) != width:
            raise BillUnreadable(f"line {number}: {len(cells)} values, {width} columns")
        else:
            yield _line(*(cells[place].strip() for place in places))
    raise BillUnreadable("cut off: the end is missing")


def _places(heading: Sequence[str]) -> tuple[list[int], int]:
    """Where each value stands, by the names of the columns."""
    names = [name.strip().replace("(", "（").replace(")", "）") for name in heading]
    missing = [name for name in _COLUMNS if name not in names]
    if missing:
        raise BillUnreadable(f"no column {', '.join(missing)}")
    return [names.index(name) for name in _COLUMNS], len(names)


def _line(order: str, trade: str, kind: str, amount: str, request: str) -> TradeLine:
    """One movement in the words of every channel; a refund is negative in Alipay's table."""
    if kind == "退款":
        return TradeLine(
            order, trade, "REFUND", "0.00", request or order, "", amount.removeprefix("-"), "SUCCESS"
        )
    return TradeLine(order, trade, "SUCCESS", amount, "", "", "0.00", "")
