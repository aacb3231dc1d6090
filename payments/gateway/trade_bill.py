"""The trade bill of one day, line by line.

Text in UTF-8: a heading, a line for each payment and each refund with a grave accent before every value, then a heading
and a line of sums. Amounts are yuan here, unlike everywhere else at WeChat Pay.

Source: WeChat Pay merchant documentation, APIv3: application for the trade bill, format of the bill (columns as they
are known; not read anew for this).
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import IO, NamedTuple

_MARK = "`"
_BETWEEN = ",`"
_SUMS = "总交易单数"
_COLUMNS = {
    "out_trade_no": "商户订单号",
    "transaction_id": "微信订单号",
    "trade_state": "交易状态",
    "amount": "订单金额",
    "out_refund_no": "商户退款单号",
    "refund_id": "微信退款单号",
    "refund_amount": "申请退款金额",
    "refund_status": "退款状态",
}


class BillUnreadable(ValueError):
    """The bill is cut off, or its columns are not those that are known."""


class TradeLine(NamedTuple):
    """One payment or one refund; amounts are yuan as text, positive."""

    out_trade_no: str
    transaction_id: str
    trade_state: str
    amount: str
    out_refund_no: str
    refund_id: str
    refund_amount: str
    refund_status: str

    @property
    def is_refund(self) -> bool:
        """Whether money went back."""
        return self.trade_state == "REFUND"


def read_trade_bill(bill: IO[bytes]) -> Iterator[TradeLine]:
    """The lines of a bill in its order; an empty file is a day without trade. Memory does not grow with the bill.

    Raises:
        BillUnreadable: no known heading, a line of another length, or no sums at the end.
    """
    lines = io.TextIOWrapper(bill, encoding="utf-8-sig", newline="\n")
    try:
        yield from _trades(lines)
    except UnicodeDecodeError as wrong:
        raise BillUnreadable("not UTF-8") from wrong
    finally:
        with suppress(ValueError):  # the file may be closed before the last line was read
            lines.detach()


def _trades(lines: Iterator[str]) -> Iterator[TradeLine]:
    heading = next(lines, "").rstrip("\r\n")
    if not heading:
        return
    places, width = _places(heading.split(","))
    for number, line in enumerate(lines, start=2):
        if line.startswith(_SUMS):
            return
        cells = line.rstrip("\r\n").removeprefix(_MARK).split(_BETWEEN)
        if not line.startswith(_MARK) or len(cells) != width:
            raise BillUnreadable(f"line {number}: {len(cells)} values, {width} columns")
        yield TradeLine(*(cells[place].strip() for place in places))
    raise BillUnreadable("cut off: the sums at the end are missing")


def _places(heading: Sequence[str]) -> tuple[list[int], int]:
    """Where each value stands, by the names of the columns."""
    names = [name.strip() for name in heading]
    missing = [name for name in _COLUMNS.values() if name not in names]
    if missing:
        raise BillUnreadable(f"no column {', '.join(missing)}")
    return [names.index(name) for name in _COLUMNS.values()], len(names)
