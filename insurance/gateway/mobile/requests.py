"""What is asked of the mobile payment centre: 6201, 6202, 6203, 6301, 6401. Amounts are text in yuan on the wire.

Source: the contract of one province [S:SX] and an insurer-side model [S:POW]; lengths where no source gives one are
those of the same datum in the national interface.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from insurance.gateway.messages.fields import (
    SHANGHAI,
    RequestUnfit,
    Wire,
    flag,
    moment,
    money,
    quantity,
    text,
    unit_price,
)
from insurance.gateway.messages.wire import encode_nodes

OUTPATIENT_FEE = "01"
IDENTITY_CARD = "01"
BY_ITEM = "01"
ALL, CASH, INSURANCE = "ALL", "CASH", "HI"


def compact_moment(name: str) -> Wire:
    """A moment written as yyyyMMddHHmmss in Shanghai time."""
    form = "%Y%m%d%H%M%S"
    return Wire(
        name,
        lambda value: value.astimezone(SHANGHAI).strftime(form),
        lambda value: datetime.strptime(str(value), form).replace(tzinfo=SHANGHAI),
    )


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    """One row of feedetailList; ``amount`` is yuan, price by quantity."""

    line_number: Annotated[str, text("feedetlSn", 30)]
    visit_number: Annotated[str | None, text("mdtrtId", 30)] = None
    person_number: Annotated[str, text("psnNo", 30)]
    batch_number: Annotated[str, text("chrgBchno", 30)]
    disease_code: Annotated[str | None, text("diseCodg", 30)] = None
    charged_at: Annotated[datetime, moment("feeOcurTime")]
    catalogue_code: Annotated[str, text("medListCodg", 50)]
    hospital_code: Annotated[str, text("medinsListCodg", 150)]
    catalogue_name: Annotated[str | None, text("medListName", 100)] = None
    amount: Annotated[Decimal, money("detItemFeeSumamt")]
    quantity: Annotated[Decimal, quantity("cnt")]
    unit_price: Annotated[Decimal, unit_price("pric")]
    department_code: Annotated[str, text("bilgDeptCodg", 30)]
    department_name: Annotated[str, text("bilgDeptName", 100)]
    doctor_code: Annotated[str, text("bilgDrCodg", 30)]
    doctor_name: Annotated[str, text("bilgDrName", 50)]
    is_external_prescription: Annotated[bool, flag("rxCircFlag")] = False
    hospital_approval: Annotated[str, text("hospApprFlag", 3)] = "1"


@dataclass(frozen=True, kw_only=True)
class UploadOrder:
    """6201: the lines of one batch, and who asks; ``order_number`` is ours and makes it happen once.

    Exactly one of ``voucher_token`` and ``payment_permission`` says by what she is known; without a token the visit
    must be named.
    """

    institution_code: Annotated[str, text("orgCodg", 30)]
    order_number: Annotated[str, text("medOrgOrd", 40)]
    person_number: Annotated[str, text("psnNo", 30)]
    insurance_type: Annotated[str, text("insutype", 6)]
    insured_region: Annotated[str, text("insuCode", 6)]
    person_name: Annotated[str, text("userName", 50)]
    id_number: Annotated[str, text("idNo", 50)]
    id_type: Annotated[str, text("idType", 6)] = IDENTITY_CARD
    voucher_token: Annotated[str | None, text("ecToken", 64)] = None
    payment_permission: Annotated[str | None, text("payAuthNo", 40)] = None
    began_at: Annotated[datetime, moment("begntime")]
    visit_number: Annotated[str | None, text("mdtrtId", 30)] = None
    hospital_visit_number: Annotated[str, text("iptOtpNo", 30)]
    department_code: Annotated[str, text("deptCode", 30)]
    department_name: Annotated[str, text("deptName", 100)]
    subject_code: Annotated[str, text("caty", 6)]
    doctor_code: Annotated[str | None, text("atddrNo", 30)] = None
    doctor_name: Annotated[str | None, text("drName", 50)] = None
    treatment_type: Annotated[str, text("medType", 6)]
    disease_code: Annotated[str | None, text("diseCodg", 30)] = None
    disease_name: Annotated[str | None, text("diseName", 500)] = None
    fee_type: Annotated[str, text("feeType", 3)] = OUTPATIENT_FEE
    settlement_way: Annotated[str, text("psnSetlway", 6)] = BY_ITEM
    batch_number: Annotated[str, text("chrgBchno", 30)]
    is_public_hospital_reform: Annotated[bool, flag("pubHospRfomFlag")] = False
    use_account: Annotated[bool, flag("acctUsedFlag")] = True
    total_amount: Annotated[Decimal, money("medfeeSumamt")]
    lines: tuple[OrderLine, ...]


@dataclass(frozen=True, kw_only=True)
class PayOrder:
    """6202: pay the insurance part of an uploaded order. ``payment_permission`` is used up by it."""

    payment_permission: Annotated[str, text("payAuthNo", 40)]
    centre_number: Annotated[str, text("payOrdId", 60)]
    token: Annotated[str, text("payToken", 200)]
    institution_code: Annotated[str, text("orgCodg", 30)]
    business_number: Annotated[str, text("orgBizSer", 40)]
    batch_number: Annotated[str, text("chrgBchno", 30)]
    fee_type: Annotated[str, text("feeType", 3)] = OUTPATIENT_FEE
    visit_number: Annotated[str, text("mdtrtId", 30)]
    use_account: Annotated[bool, flag("acctUsedFlag")] = True
    voucher_token: Annotated[str | None, text("ecToken", 64)] = None


@dataclass(frozen=True, kw_only=True)
class AskOrder:
    """6301, and alike 6401: one order, and who she is."""

    centre_number: Annotated[str, text("payOrdId", 60)]
    institution_code: Annotated[str, text("orgCodg", 30)]
    token: Annotated[str, text("payToken", 200)]
    id_number: Annotated[str, text("idNo", 50)]
    person_name: Annotated[str, text("userName", 50)]
    id_type: Annotated[str, text("idType", 6)] = IDENTITY_CARD


@dataclass(frozen=True, kw_only=True)
class RefundOrder:
    """6203: give back, at most what was paid; ``refund_number`` makes it happen once.

    ``kind``: ALL, CASH (account and fund zero) or HI (cash zero). Exactly one of the two proofs of who she is.
    """

    centre_number: Annotated[str, text("payOrdId", 60)]
    refund_number: Annotated[str, text("appRefdSn", 40)]
    asked_at: Annotated[datetime, compact_moment("appRefdTime")]
    total_amount: Annotated[Decimal, money("totlRefdAmt")]
    cash_amount: Annotated[Decimal, money("cashRefdAmt")]
    account_amount: Annotated[Decimal, money("psnAcctRefdAmt")]
    fund_amount: Annotated[Decimal, money("fundRefdAmt")]
    kind: Annotated[str, text("refdType", 4)]
    voucher_token: Annotated[str | None, text("ecToken", 64)] = None
    payment_permission: Annotated[str | None, text("payAuthNo", 40)] = None


def encode_upload(request: UploadOrder) -> dict[str, Any]:
    """Write 6201.

    Raises:
        RequestUnfit: every fault of every field, and every rule that a sum or a choice breaks.
    """
    nodes = encode_nodes(_faults(_upload_faults(request)), data=request, feedetailList=request.lines)
    content: Any = nodes["data"]
    return {**content, "feedetailList": nodes["feedetailList"]}


def encode_refund(request: RefundOrder) -> dict[str, Any]:
    """Write 6203.

    Raises:
        RequestUnfit: every fault.
    """
    node: Any = encode_nodes(_faults(_refund_faults(request)), data=request)["data"]
    return dict(node)


def encode_plain(request: PayOrder | AskOrder) -> dict[str, Any]:
    """Write 6202, 6301 or 6401.

    Raises:
        RequestUnfit: every fault.
    """
    node: Any = encode_nodes(data=request)["data"]
    return dict(node)


def _faults(rules: Iterable[tuple[bool, str]]) -> list[str]:
    return [fault for is_broken, fault in rules if is_broken]


def _upload_faults(request: UploadOrder) -> Iterable[tuple[bool, str]]:
    in_lines = sum((line.amount for line in request.lines), Decimal("0.00"))
    yield not request.lines, "feedetailList: at least one line is needed"
    yield (
        in_lines != request.total_amount,
        f"medfeeSumamt: {request.total_amount}, the lines sum to {in_lines}",
    )
    yield any(line.amount < 0 for line in request.lines), "detItemFeeSumamt: never negative"
    yield (
        (request.voucher_token is None) == (request.payment_permission is None),
        "ecToken, payAuthNo: exactly one is needed",
    )
    yield not (request.voucher_token or request.visit_number), "mdtrtId: needed where no ecToken is"


def _refund_faults(request: RefundOrder) -> Iterable[tuple[bool, str]]:
    parts = request.cash_amount + request.account_amount + request.fund_amount
    yield parts != request.total_amount, f"totlRefdAmt: {request.total_amount}, the parts sum to {parts}"
    yield (
        (request.voucher_token is None) == (request.payment_permission is None),
        "ecToken, payAuthNo: exactly one is needed",
    )
    yield request.kind not in (ALL, CASH, INSURANCE), f"refdType: {request.kind!r} is none"
    yield (
        request.kind == INSURANCE and bool(request.cash_amount),
        "cashRefdAmt: zero in a refund of insurance",
    )
    yield (
        request.kind == CASH and bool(request.account_amount or request.fund_amount),
        "psnAcctRefdAmt, fundRefdAmt: zero in a refund of cash",
    )


__all__ = [
    "ALL", "CASH", "INSURANCE", "AskOrder", "OrderLine", "PayOrder", "RefundOrder", "RequestUnfit", "UploadOrder",
    "compact_moment", "encode_plain", "encode_refund", "encode_upload",
]  # fmt: skip
