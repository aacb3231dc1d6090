"""The bill of a day: a zip of two tables in GBK, as merchants know it."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from alipay import AliPay
from django.utils import timezone

from tests.verification.notified import number
from tests.verification.simulators import Simulators

Change = Callable[..., Any]


def offer(sdk: AliPay, day: date | str, kind: str = "trade") -> dict[str, Any]:
    """Ask where the bill lies."""
    asked = {"bill_type": kind, "bill_date": str(day)}
    return dict(sdk.server_api("alipay.data.dataservice.bill.downloadurl.query", asked))


def files(sdk: AliPay, day: date) -> dict[str, str]:
    """Both files of a day by their names, which are written in GBK and not marked as anything else."""
    packed = httpx.get(offer(sdk, day)["bill_download_url"]).content
    with zipfile.ZipFile(io.BytesIO(packed), metadata_encoding="gbk") as archive:
        assert not any(member.flag_bits & 0x800 for member in archive.infolist())
        return {name: archive.read(name).decode("gbk") for name in archive.namelist()}


def rows(text: str) -> list[dict[str, str]]:
    """The table between the lines of the frame."""
    table = [line for line in text.splitlines() if not line.startswith("#")]
    return [
        {name: value.strip("\t") for name, value in row.items()}
        for row in csv.DictReader(io.StringIO("\n".join(table)))
    ]


def detail(sdk: AliPay) -> dict[str, dict[str, str]]:
    """Today's rows by the merchant's number of the payment or refund."""
    (text,) = (text for text in files(sdk, timezone.localdate()).values() if "业务明细查询" in text)
    return {row["退款批次号/请求号"] or row["商户订单号"]: row for row in rows(text)}


@pytest.fixture
def change(simulators: Simulators) -> Change:
    """Let the bill differ."""
    return lambda **fields: simulators.control("alipay", "bill", **fields)


def test_a_payment_and_a_refund_stand_in_the_bill_of_their_day(sdk: AliPay, paid: str) -> None:
    back = number("R")
    sdk.api_alipay_trade_refund("3.00", out_trade_no=paid, out_request_no=back, refund_reason="医师停诊")

    held = detail(sdk)

    trade_no = sdk.api_alipay_trade_query(out_trade_no=paid)["trade_no"]
    assert [held[one]["支付宝交易号"] for one in (paid, back)] == [trade_no, trade_no]
    assert [held[one]["业务类型"] for one in (paid, back)] == ["交易", "退款"]
    assert [held[one]["订单金额（元）"] for one in (paid, back)] == ["7.00", "-3.00"]
    assert held[back]["商户订单号"] == paid


def test_it_is_framed_and_named_as_merchants_know_it(sdk: AliPay, paid: str, simulators: Simulators) -> None:
    day = timezone.localdate()
    account = simulators.keys.settings["ALIPAY_SELLER_ID"] + "0156"

    held = files(sdk, day)

    assert set(held) == {f"{account}_{day:%Y%m%d}_业务明细.csv", f"{account}_{day:%Y%m%d}_业务明细(汇总).csv"}
    lines = held[f"{account}_{day:%Y%m%d}_业务明细.csv"].splitlines()
    assert lines[:2] == ["#支付宝业务明细查询", f"#账号：[{account}]"]
    assert "业务明细列表" in lines[3]
    assert lines[4].startswith("支付宝交易号,商户订单号,业务类型,")
    assert lines[5].split(",")[0].endswith("\t")
    assert any("业务明细列表结束" in line for line in lines)


def test_the_sums_agree_with_the_rows(sdk: AliPay, paid: str) -> None:
    held = files(sdk, timezone.localdate())
    (details,) = (text for text in held.values() if "业务明细查询" in text)
    (sums,) = (text for text in held.values() if "业务汇总查询" in text)

    total = rows(sums)[-1]

    listed = rows(details)
    assert int(total["交易订单总笔数"]) == sum(row["业务类型"] == "交易" for row in listed)
    assert Decimal(total["订单金额（元）"]) == sum(Decimal(row["订单金额（元）"]) for row in listed)


def test_it_can_be_told_to_differ(sdk: AliPay, paid: str, change: Change) -> None:
    stranger = number("S")
    change(kind="amount", number=paid, amount="9.00")
    change(kind="stranger", number=stranger, amount="5.00")
    held = detail(sdk)
    assert (held[paid]["商家实收（元）"], held[stranger]["订单金额（元）"]) == ("9.00", "5.00")

    change(kind="fee", number=paid, amount="0.04")
    assert (detail(sdk)[paid]["订单金额（元）"], detail(sdk)[paid]["服务费（元）"]) == ("7.00", "-0.04")

    change(kind="forget", number=paid)
    assert paid not in detail(sdk)


def test_a_day_without_trade_and_a_bill_not_made_yet_look_the_same(
    sdk: AliPay, paid: str, simulators: Simulators
) -> None:
    assert offer(sdk, date(2001, 1, 1))["sub_code"] == "isp.bill_not_exist"
    simulators.control("alipay", "faults", kind="bill_creating")
    assert offer(sdk, timezone.localdate())["sub_code"] == "isp.bill_not_exist"
    assert offer(sdk, timezone.localdate())["code"] == "10000"


def test_a_day_to_come_no_day_and_another_kind_are_refused(sdk: AliPay) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)

    answers = [offer(sdk, tomorrow), offer(sdk, "soon"), offer(sdk, timezone.localdate(), "signcustomer")]

    assert {answer["sub_code"] for answer in answers} == {"ACQ.INVALID_PARAMETER"}


def test_an_address_that_was_changed_leads_nowhere(sdk: AliPay, paid: str) -> None:
    address = offer(sdk, timezone.localdate())["bill_download_url"]

    assert httpx.get(address[:-3] + "xyz").status_code == 403
