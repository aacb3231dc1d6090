"""The wire format of Alipay's open platform: what is sent and what comes back.

Amounts are yuan with at most two decimals on the wire and integer fen here; times are Beijing's, without a zone.

Source: Alipay open platform: alipay.trade.page.pay, wap.pay, precreate, query, close, refund, fastpay.refund.query,
asynchronous notifications.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from kernel.money import from_fen, to_fen
from payments.gateway.signing import MalformedMessage
from payments.gateway.trade import (
    CURRENCY,
    OrderRequest,
    OrderState,
    RefundRequest,
    RefundState,
    RefundStatus,
    TradeState,
)

CLOCK = "%Y-%m-%d %H:%M:%S"
SHANGHAI = ZoneInfo("Asia/Shanghai")
PRODUCTS = {
    "page": ("alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY"),
    "wap": ("alipay.trade.wap.pay", "QUICK_WAP_WAY"),
    "precreate": ("alipay.trade.precreate", "FACE_TO_FACE_PAYMENT"),
}
"""Method and product of each way to the cashier."""

_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
_STATES = {
    "WAIT_BUYER_PAY": TradeState.NOTPAY,
    "TRADE_SUCCESS": TradeState.SUCCESS,
    "TRADE_FINISHED": TradeState.SUCCESS,
    "TRADE_CLOSED": TradeState.CLOSED,
}
_CURRENCIES = ("trans_currency", "pay_currency", "settle_currency")


def order_fields(order: OrderRequest, product: str) -> dict[str, str]:
    """The matter of an order; the subject is what the payer reads."""
    fields = {
        "out_trade_no": order.out_trade_no,
        "total_amount": str(from_fen(order.amount_fen)),
        "subject": order.description,
        "product_code": product,
    }
    if order.expires_at is not None:
        fields["time_expire"] = moment(order.expires_at)
    return fields


def refund_fields(refund: RefundRequest) -> dict[str, str]:
    """The matter of a refund; ``out_request_no`` makes it the same refund each time it is asked for."""
    return {
        "out_trade_no": refund.out_trade_no,
        "out_request_no": refund.out_refund_no,
        "refund_amount": str(from_fen(refund.refund_fen)),
        "refund_reason": refund.reason,
    }


def order_state(fields: Mapping[str, Any], *, is_ours: bool = True) -> OrderState:
    """Read an order, from a query's answer or a notification's form.

    A trade of which all was given back is closed, too; that it had been paid tells it from one that never was.

    Raises:
        MalformedMessage: a field is missing or of the wrong kind.
    """
    try:
        state, total = _STATES[fields["trade_status"]], _fen(fields["total_amount"])
        paid_at = fields.get("send_pay_date") or fields.get("gmt_payment")
        if state == TradeState.CLOSED and (paid_at or fields.get("gmt_refund")):
            state = TradeState.REFUND
        is_paid = state in (TradeState.SUCCESS, TradeState.REFUND)
        return OrderState(
            out_trade_no=str(fields["out_trade_no"]),
            trade_state=state,
            amount_fen=total,
            paid_fen=_fen(fields.get("buyer_pay_amount") or fields["total_amount"]) if is_paid else 0,
            transaction_id=str(fields["trade_no"]) if is_paid else "",
            paid_at=_moment(paid_at),
            currency=_currency(fields),
            is_ours=is_ours,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedMessage(f"order: {error!r}") from error


def refund_state(
    refund_no: str, order_no: str, refund_fen: int, *, is_done: bool, at: Any = None
) -> RefundState:
    """A refund as it is known; Alipay gives it no number of its own."""
    status = RefundStatus.SUCCESS if is_done else RefundStatus.PROCESSING
    return RefundState(refund_no, order_no, "", status, refund_fen, refund_fen, succeeded_at=_moment(at))


def refunded_fen(fields: Mapping[str, Any]) -> int:
    """How much a refund that was asked about gave back.

    Raises:
        MalformedMessage: it does not say.
    """
    try:
        return _fen(fields["refund_amount"])
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedMessage(f"refund: {error!r}") from error


def form(body: bytes) -> dict[str, str]:
    """A form as it was posted.

    Raises:
        MalformedMessage: it is no form in UTF-8, or says something twice.
    """
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError as error:
        raise MalformedMessage("not a form") from error
    if len(dict(pairs)) != len(pairs):
        raise MalformedMessage("something is said twice")
    return dict(pairs)


def moment(at: datetime) -> str:
    """A time as the platform writes it."""
    return at.astimezone(SHANGHAI).strftime(CLOCK)


def read_moment(text: str) -> datetime:
    """A time that the platform wrote.

    Raises:
        ValueError: it is none.
    """
    return datetime.strptime(text[:19], CLOCK).replace(tzinfo=SHANGHAI)


def _moment(text: Any) -> datetime | None:
    return read_moment(str(text)) if text else None


def _fen(text: Any) -> int:
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        raise ValueError(f"not an amount in yuan: {text!r}")
    return to_fen(Decimal(text))


def _currency(fields: Mapping[str, Any]) -> str:
    said = {str(fields.get(name) or CURRENCY) for name in _CURRENCIES}
    return said.pop() if len(said) == 1 else "/".join(sorted(said))
