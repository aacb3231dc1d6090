"""3201 对总账 and 3202 对明细账: what the hospital says it settled, beside what is held here.

Source: transactions and field names sourced; the result codes other than 0 and the columns of the hospital's rows are
general knowledge.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce

from simulators.insurer.call import SHANGHAI, Call, Refusal, write_moment
from simulators.insurer.fields import DAY, number_or_none
from simulators.insurer.models import Settlement
from simulators.insurer.money import ZERO

from .files import store, stored
from .settlement_record import OUTPATIENT_CLEARING

EQUAL, ONLY_INSURER, ONLY_HOSPITAL, OTHER_AMOUNTS = "0", "1", "2", "3"
MEMOS = {
    EQUAL: "一致",
    ONLY_INSURER: "中心有、医药机构无",
    ONLY_HOSPITAL: "医药机构有、中心无",
    OTHER_AMOUNTS: "双方数据不一致",
}
UPLOADED = ("setl_id", "mdtrt_id", "psn_no", "medfee_sumamt", "fund_pay_sumamt", "acct_pay", "refd_setl_flag")
TOTALS = {
    "medfee_sumamt": "医疗费总额",
    "fund_pay_sumamt": "基金支付",
    "acct_pay": "个人账户支付",
    "fixmedins_setl_cnt": "结算笔数",
}
COMPARED = ("medfee_sumamt", "fund_pay_sumamt", "acct_pay")


def compare_totals(call: Call) -> dict[str, Any]:
    """Compare one group of insurance type, clearing type and clearing agency."""
    asked = call.input["data"]
    held = _held(call, asked).aggregate(
        medfee_sumamt=Coalesce(Sum("medfee"), ZERO),
        fund_pay_sumamt=Coalesce(Sum("fund_pay"), ZERO),
        acct_pay=Coalesce(Sum("acct_pay"), ZERO),
        fixmedins_setl_cnt=Count("pk"),
    )
    differences = [
        f"{name}：机构{asked[wire]}，中心{held[wire]}"
        for wire, name in TOTALS.items()
        if Decimal(asked[wire]) != held[wire]
    ]
    return {
        "stmtinfo": {
            "setl_optins": asked["setl_optins"],
            "stmt_rslt": "1" if differences else EQUAL,
            "stmt_rslt_dscr": ("；".join(differences) or "对平")[:200],
        }
    }


def compare_details(call: Call) -> dict[str, Any]:
    """Compare row by row, and keep the result as a file to fetch: first ours in their order, then what they miss."""
    asked = call.input["data"]
    sent = _rows(bytes(stored(call, asked["file_qury_no"]).content))
    held = {row.setl_id: row for row in _held(call, asked)}
    compared = [_compared(row, held.get(row["setl_id"])) for row in sent]
    known = {row["setl_id"] for row in sent}
    missing = [_held_row(row, ONLY_INSURER) for setl_id, row in held.items() if setl_id not in known]
    name = f"3202_{call.institution_code}_{asked['stmt_begndate']}_{call.serial}.txt"
    row = store(call, name, _packed(name, [*compared, *missing]))
    return {
        "fileinfo": {
            "file_qury_no": row.file_qury_no,
            "filename": row.filename,
            "dld_endtime": write_moment(row.kept_until),
        }
    }


def _held(call: Call, asked: dict[str, Any]) -> QuerySet[Settlement]:
    """Records of the hospital in the period, of the group that is asked for."""
    first, last = (_day(asked[name]) for name in ("stmt_begndate", "stmt_enddate"))
    if last < first:
        raise Refusal("对账结束日期早于开始日期")
    rows = Settlement.objects.select_related("visit__coverage__person").filter(
        visit__institution=call.institution_code,
        settled_at__gte=_midnight(first),
        settled_at__lt=_midnight(last + timedelta(days=1)),
    )
    if asked.get("clr_type") not in (None, "", OUTPATIENT_CLEARING):
        return rows.none()
    if asked.get("insutype"):
        rows = rows.filter(visit__coverage__insutype=asked["insutype"])
    return rows.filter(setlinfo__clr_optins=asked["setl_optins"]).order_by("pk")


def _rows(content: bytes) -> list[dict[str, str]]:
    try:
        rows = [line.split("\t") for line in _lines(content)]
    except (zipfile.BadZipFile, UnicodeDecodeError) as wrong:
        raise Refusal("对账文件不是zip压缩的文本") from wrong
    for number, cells in enumerate(rows, 1):
        amounts = dict(zip(UPLOADED, cells, strict=False))
        if len(cells) != len(UPLOADED) or None in [number_or_none(amounts[name]) for name in COMPARED]:
            raise Refusal(f"对账文件第{number}行格式错误")
    named = [dict(zip(UPLOADED, cells, strict=True)) for cells in rows]
    if len({row["setl_id"] for row in named}) != len(named):
        raise Refusal("对账文件中结算ID重复")
    return named


def _lines(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            yield from (line for line in archive.read(name).decode().splitlines() if line)


def _compared(sent: dict[str, str], held: Settlement | None) -> dict[str, str]:
    if held is None:
        return sent | {"msgid": "", "stmt_rslt": ONLY_HOSPITAL, "memo": MEMOS[ONLY_HOSPITAL]}
    row = _held_row(held, EQUAL)
    same = all(Decimal(sent[name]) == Decimal(row[name]) for name in COMPARED)
    same = same and all(sent[name] == row[name] for name in ("mdtrt_id", "psn_no", "refd_setl_flag"))
    return row if same else row | {"stmt_rslt": OTHER_AMOUNTS, "memo": MEMOS[OTHER_AMOUNTS]}


def _held_row(row: Settlement, result: str) -> dict[str, str]:
    return {
        "psn_no": row.visit.coverage.person.psn_no,
        "mdtrt_id": row.visit.mdtrt_id,
        "setl_id": row.setl_id,
        "msgid": row.msgid,
        "stmt_rslt": result,
        "refd_setl_flag": "1" if row.sign < 0 else "0",
        "memo": MEMOS[result],
        "medfee_sumamt": str(row.medfee),
        "fund_pay_sumamt": str(row.fund_pay),
        "acct_pay": str(row.acct_pay),
    }


RESULT_COLUMNS = ("psn_no", "mdtrt_id", "setl_id", "msgid", "stmt_rslt", "refd_setl_flag", "memo", *COMPARED)


def _packed(name: str, rows: list[dict[str, str]]) -> bytes:
    text = "".join("\t".join(row[column] for column in RESULT_COLUMNS) + "\n" for row in rows)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return packed.getvalue()


def _day(text: str) -> date:
    return datetime.strptime(text, DAY).replace(tzinfo=SHANGHAI).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
