"""The bill of a day: offered by an address that lives thirty seconds, a zip of two GBK tables.

The real one makes the bill of a day on the next morning and says ``isp.bill_not_exist`` until then as well as for a
day without trade. This one has it at once, also that of the running day, so that a demonstration needs no night; the
fault ``bill_creating`` plays the wait.

Source: Alipay open platform: query for the download address of bills, explanation of reconciliation (columns of
业务明细 as they are known).
"""

import io
import zipfile
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from simulators.alipay import asked, bill_rows
from simulators.alipay.bill_rows import COLUMNS, HEADING, Row
from simulators.alipay.models import FaultKind, take
from simulators.alipay.wire import ApiError, platform

LIVES_SECONDS = 30
TABBED = {
    "支付宝交易号",
    "商户订单号",
    "业务类型",
    "门店编号",
    "门店名称",
    "操作员",
    "终端号",
    "对方账户",
    "退款批次号/请求号",
}
SUM_COLUMNS = (
    "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,"
    "卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）"
)
ZERO = Decimal("0.00")


def offer(fields: Mapping[str, Any], gateway: str) -> dict[str, str]:
    """The address of a day's bill. ``gateway``: where the merchant found the gateway."""
    if fields.get("bill_type") != "trade":
        raise asked.invalid("bill_type")
    day = _day(fields.get("bill_date"))
    if take(FaultKind.BILL_CREATING, "bill") or not any(bill_rows.rows_of(day)):
        raise ApiError("40004", "isp.bill_not_exist", "账单不存在")
    token = signing.dumps(day.isoformat(), salt="alipay-bill")
    address = gateway.removesuffix(reverse("alipay:gateway")) + reverse("alipay:bill_file")
    return {"bill_download_url": f"{address}?bizType=trade&userId={platform().seller_id}0156&token={token}"}


def _day(text: object) -> date:
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        raise asked.invalid("bill_date", "格式应为yyyy-MM-dd") from None
    if day > timezone.localdate():
        raise asked.invalid("bill_date", "不能晚于今天")
    return day


@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """The file itself. Nothing is signed: the address is the secret."""
    try:
        day = date.fromisoformat(
            signing.loads(request.GET.get("token", ""), salt="alipay-bill", max_age=LIVES_SECONDS)
        )
    except signing.BadSignature:
        return HttpResponse("下载链接已失效", status=403, content_type="text/plain; charset=utf-8")
    return HttpResponse(packed(day), content_type="application/zip")


class _ChineseName(zipfile.ZipInfo):
    """A member whose name is written in GBK and not marked as anything else, as Alipay's are."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def packed(day: date) -> bytes:
    """Both tables of a day in one zip."""
    rows = list(bill_rows.rows_of(day))
    name = f"{platform().seller_id}0156_{day:%Y%m%d}_业务明细"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, text in ((f"{name}.csv", _details(day, rows)), (f"{name}(汇总).csv", _sums(day, rows))):
            archive.writestr(_ChineseName(member), text.encode("gbk", errors="replace"), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _frame(day: date, kind: str, list_name: str, lines: list[str], tail: list[str]) -> str:
    until = day + timedelta(days=1)
    rule = "-" * 41
    head = [
        f"#支付宝业务{kind}查询",
        f"#账号：[{platform().seller_id}0156]",
        f"#起始日期：[{day:%Y年%m月%d日} 00:00:00]   终止日期：[{until:%Y年%m月%d日} 00:00:00]",
        f"#{rule}{list_name}{rule[1:]}",
    ]
    end = [
        f"#{rule}{list_name}结束{rule[5:]}",
        *tail,
        f"#导出时间：[{timezone.localtime():%Y年%m月%d日 %H:%M:%S}]",
    ]
    return "\r\n".join([*head, *lines, *end]) + "\r\n"


def _details(day: date, rows: list[Row]) -> str:
    lines = [HEADING, *(",".join(_cell(row, name) for name in COLUMNS) for row in rows)]
    paid, back = _split(rows)
    tail = [
        f"#交易合计：{len(paid)}笔，商家实收共{_total(paid)}元，商家优惠共0.00元",
        f"#退款合计：{len(back)}笔，商家实收退款共{_total(back)}元，商家优惠退款共0.00元",
    ]
    return _frame(day, "明细", "业务明细列表", lines, tail)


def _cell(row: Row, name: str) -> str:
    value = row.get(name, "").replace(",", "，")
    return f"{value}\t" if name in TABBED else value


def _sums(day: date, rows: list[Row]) -> str:
    paid, back = _split(rows)
    fees = sum((Decimal(row["服务费（元）"]) for row in rows), ZERO)
    net = _total(rows) + fees
    line = f"\t,\t,{len(paid)},{len(back)},{_total(rows)},{_total(rows)},0.00,0.00,0.00,{fees},0.00,{net}"
    total = line.replace("\t,", "合计\t,", 1)
    return _frame(day, "汇总", "业务汇总列表", [SUM_COLUMNS, line, total], [])


def _split(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    return [r for r in rows if r["业务类型"] == "交易"], [r for r in rows if r["业务类型"] == "退款"]


def _total(rows: list[Row]) -> Decimal:
    return sum((Decimal(row["订单金额（元）"]) for row in rows), ZERO)
