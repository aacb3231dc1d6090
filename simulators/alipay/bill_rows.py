"""What stands in the bill of a day, by the names of its columns, and what a tester changed of it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from simulators.alipay.models import BillChange, Refund, Trade, new_trade_no
from simulators.alipay.shapes import BUYER
from simulators.alipay.wire import SHANGHAI, moment

HEADING = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,"
    "商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
    "卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注"
)
COLUMNS = tuple(HEADING.split(","))
Row = dict[str, str]


def _rows(day: date) -> Iterator[Row]:
    begin = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    end = begin + timedelta(days=1)
    for trade in Trade.objects.filter(paid_at__gte=begin, paid_at__lt=end).order_by("paid_at", "pk"):
        yield _row(trade, trade.paid_at or begin, trade.total) | {"业务类型": "交易"}
    refunds = Refund.objects.select_related("trade").filter(done_at__gte=begin, done_at__lt=end)
    for refund in refunds.order_by("done_at", "pk"):
        yield _row(refund.trade, refund.done_at or begin, -refund.amount) | {
            "业务类型": "退款",
            "退款批次号/请求号": refund.out_request_no,
            "备注": refund.reason,
        }


def _row(trade: Trade, at: datetime, amount: Decimal) -> Row:
    zeros = dict.fromkeys((name for name in COLUMNS if name.endswith("（元）")), "0.00")
    return zeros | {
        "支付宝交易号": trade.trade_no,
        "商户订单号": trade.out_trade_no,
        "商品名称": trade.subject,
        "创建时间": moment(trade.opened_at or at),
        "完成时间": moment(at),
        "对方账户": f"*宝({BUYER['buyer_logon_id']})",
        "订单金额（元）": str(amount),
        "商家实收（元）": str(amount),
    }


def rows_of(day: date) -> Iterator[Row]:
    """The rows as a tester wants them: some left out, some of another amount, some with a fee, some of strangers."""
    changes = {change.number: change for change in BillChange.objects.all()}
    for row in _rows(day):
        change = changes.get(row["退款批次号/请求号"] if row["业务类型"] == "退款" else row["商户订单号"])
        if change is None:
            yield row
        elif change.kind == BillChange.FEE:
            yield row | {"服务费（元）": str(-change.amount)}
        elif change.kind == BillChange.AMOUNT:
            amount = str(-change.amount if row["业务类型"] == "退款" else change.amount)
            yield row | {"订单金额（元）": amount, "商家实收（元）": amount}
    for change in changes.values():
        if change.kind == BillChange.STRANGER and change.day == day:
            yield _stranger(change)


def _stranger(change: BillChange) -> Row:
    at = datetime(change.day.year, change.day.month, change.day.day, 12, tzinfo=SHANGHAI)
    made_up = Trade(
        out_trade_no=change.number,
        trade_no=new_trade_no()[:13] + f"{change.pk:015d}",
        subject="演示：商户系统中没有的订单",
    )
    return _row(made_up, at, change.amount) | {"业务类型": "交易"}
