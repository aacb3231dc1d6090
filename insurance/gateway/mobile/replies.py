"""What the mobile payment centre says, read and checked. Amounts are yuan."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from insurance.gateway.messages.fees import FeeLineReply
from insurance.gateway.messages.fields import AmountsDisputed, ReplyInconsistent, moment, money, text
from insurance.gateway.messages.identities import check_account, check_identities
from insurance.gateway.messages.settlement_reply import FundShare, SettlementReply
from insurance.gateway.messages.wire import decode, decode_each
from insurance.gateway.mobile.requests import AskOrder, PayOrder, RefundOrder, UploadOrder
from insurance.gateway.profile import may_pay_own, profile_for

DONE, FAILED, EXCEPTION = "SUCC", "FAIL", "EXP"


@dataclass(frozen=True, kw_only=True)
class OrderUploaded:
    """6201. ``preview`` and ``lines``: what 2206 and 2204 said inside; a province may leave them out."""

    centre_number: Annotated[str, text("payOrdId", 60)]
    token: Annotated[str, text("payToken", 200)]
    status: Annotated[str | None, text("ordStas", 4)] = None
    visit_number: str = ""
    preview: SettlementReply | None = None
    lines: tuple[FeeLineReply, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OrderStatus:
    """6202, 6301 and 6302. Amounts are there once the order is calculated; the three parts sum to the total."""

    centre_number: Annotated[str, text("payOrdId", 60)]
    status: Annotated[str, text("ordStas", 4)]
    order_number: Annotated[str | None, text("medOrgOrd", 40)] = None
    call_type: Annotated[str | None, text("callType", 4)] = None
    traced_at: Annotated[datetime | None, moment("traceTime")] = None
    total_amount: Annotated[Decimal | None, money("feeSumamt")] = None
    cash_amount: Annotated[Decimal | None, money("ownPayAmt")] = None
    account_amount: Annotated[Decimal | None, money("psnAcctPay")] = None
    fund_amount: Annotated[Decimal | None, money("fundPay")] = None
    settlement_type: Annotated[str | None, text("setlType", 4)] = None
    revoke_token: Annotated[str | None, text("revsToken", 200)] = None

    @property
    def amounts(self) -> tuple[Decimal, Decimal, Decimal] | None:
        """Fund, account and cash in yuan; None while they are not told."""
        if self.fund_amount is None or self.account_amount is None or self.cash_amount is None:
            return None
        return self.fund_amount, self.account_amount, self.cash_amount


@dataclass(frozen=True, kw_only=True)
class OrderRefunded:
    """6203. ``outcome``: SUCC, FAIL, or EXP: not known there either."""

    centre_number: Annotated[str | None, text("payOrdId", 60)] = None
    refund_number: Annotated[str | None, text("appRefdSn", 40)] = None
    outcome: Annotated[str, text("refStatus", 4)]


def decode_upload(request: UploadOrder, data: Mapping[str, Any]) -> OrderUploaded:
    """Read 6201.

    Raises:
        ReplyInconsistent: no number or token, or a preview of somebody else.
        AmountsDisputed: a preview whose sums do not hold, or of another total.
    """
    status = data.get("ordStas", data.get("orderStatus"))
    plain = decode(OrderUploaded, {**data, "ordStas": status})
    extra = data.get("extData")
    if not isinstance(extra, Mapping):
        return replace(plain, visit_number=request.visit_number or "")
    visit_number = str(extra.get("mdtrtId") or request.visit_number or "")
    if request.visit_number and visit_number != request.visit_number:
        raise ReplyInconsistent("mdtrtId is another visit's")
    return replace(
        plain,
        visit_number=visit_number,
        preview=_preview(request, extra.get("preSetl")),
        lines=decode_each(FeeLineReply, extra.get("result")),
    )


def decode_status(request: PayOrder | AskOrder, data: Mapping[str, Any]) -> OrderStatus:
    """Read 6202 or 6301.

    Raises:
        ReplyInconsistent: about another order.
        AmountsDisputed: parts that do not sum to the total.
    """
    found = read_status(data)
    if found.centre_number != request.centre_number:
        raise ReplyInconsistent("payOrdId is another order's")
    return found


def read_status(data: Mapping[str, Any]) -> OrderStatus:
    """Read 6302.

    Raises:
        ReplyInconsistent: no order or status is named.
        AmountsDisputed: parts that do not sum to the total.
    """
    found = decode(OrderStatus, data)
    if found.amounts is not None and sum(found.amounts) != found.total_amount:
        raise AmountsDisputed(f"feeSumamt {found.total_amount} is not the sum of {found.amounts}")
    return found


def decode_refund(request: RefundOrder, data: Mapping[str, Any]) -> OrderRefunded:
    """Read 6203.

    Raises:
        ReplyInconsistent: about another refund, or an outcome nobody knows.
    """
    found = decode(OrderRefunded, data)
    if found.refund_number not in (None, request.refund_number):
        raise ReplyInconsistent("appRefdSn is another refund's")
    if found.outcome not in (DONE, FAILED, EXCEPTION):
        raise ReplyInconsistent(f"refStatus {found.outcome!r} is not known")
    return found


def _preview(request: UploadOrder, node: object) -> SettlementReply | None:
    if not isinstance(node, Mapping):
        return None
    shares = decode_each(FundShare, node.get("setldetail"))
    preview = replace(decode(SettlementReply, node), fund_shares=shares)
    check_identities(preview)
    check_account(preview, may_pay_own=may_pay_own(profile_for(request.insured_region)))
    if preview.person_number != request.person_number:
        raise ReplyInconsistent("psn_no is another person's")
    if preview.total_amount != request.total_amount:
        raise AmountsDisputed(f"medfee_sumamt {preview.total_amount}, asked for {request.total_amount}")
    return preview
