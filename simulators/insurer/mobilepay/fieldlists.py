"""What each transaction must bring. Source: one province's contract of the mobile payment centre."""

import re
from decimal import Decimal
from typing import Any

from simulators.insurer.call import Refusal
from simulators.insurer.fields import number_or_none

REQUIRED = {
    "6201": (
        "orgCodg", "psnNo", "insutype", "medOrgOrd", "begntime", "idNo", "userName", "idType", "insuCode", "iptOtpNo",
        "deptName", "deptCode", "caty", "medType", "feeType", "psnSetlway", "chrgBchno", "pubHospRfomFlag",
        "medfeeSumamt",
    ),
    "6202": (
        "payAuthNo", "payOrdId", "payToken", "orgCodg", "orgBizSer", "chrgBchno", "feeType", "mdtrtId",
    ),
    "6203": (
        "payOrdId", "appRefdSn", "appRefdTime", "totlRefdAmt", "cashRefdAmt", "psnAcctRefdAmt", "fundRefdAmt",
        "refdType",
    ),
    "6301": ("payOrdId", "orgCodg", "payToken", "idNo", "userName", "idType"),
    "6401": ("payOrdId", "orgCodg", "payToken", "idNo", "userName", "idType"),
}  # fmt: skip
AMOUNTS = ("medfeeSumamt", "totlRefdAmt", "cashRefdAmt", "psnAcctRefdAmt", "fundRefdAmt")
WITH_PROOF = ("6201", "6203")


def refuse_malformed(infno: str, content: dict[str, Any]) -> None:
    """Refuse a message that lacks something or writes an amount as no text in yuan, naming every fault."""
    faults = [f"{name}不能为空" for name in REQUIRED[infno] if content.get(name) in (None, "")]
    faults += [
        f"{name}应为两位小数以内的非负金额"
        for name in AMOUNTS
        if name in content and not _is_amount(content[name])
    ]
    if infno in WITH_PROOF and bool(content.get("ecToken")) == bool(content.get("payAuthNo")):
        faults.append("ecToken与payAuthNo必须且只能填写一个")
    if infno == "6201" and not content.get("ecToken") and not content.get("mdtrtId"):
        faults.append("没有ecToken时mdtrtId不能为空")
    if infno == "6203" and not re.fullmatch(r"\d{14}", str(content.get("appRefdTime", ""))):
        faults.append("appRefdTime格式应为yyyyMMddHHmmss")
    if faults:
        raise Refusal("；".join(faults))


def amount(content: dict[str, Any], name: str) -> Decimal:
    """An amount that was checked before."""
    return Decimal(content[name])


def snake(name: str) -> str:
    """detItemFeeSumamt -> det_item_fee_sumamt: the core's name of the same datum."""
    return re.sub(r"([A-Z])", r"_\1", name).lower()


def _is_amount(value: Any) -> bool:
    number = number_or_none(value) if isinstance(value, str) else None
    return number is not None and number >= 0 and -int(number.as_tuple().exponent) <= 2
