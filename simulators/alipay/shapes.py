"""The fields of a trade, a refund and a notification, as the platform shows them."""

import json
from typing import Any

from simulators.alipay.models import Refund, Trade, TradeStatus
from simulators.alipay.wire import moment, platform

BUYER = {"buyer_user_id": "2088102122524333", "buyer_logon_id": "159****5620"}
NOTHING = "0.00"


def numbers(trade: Trade) -> dict[str, str]:
    """Both numbers of a trade."""
    return {"out_trade_no": trade.out_trade_no, "trade_no": trade.trade_no}


def trade_fields(trade: Trade) -> dict[str, Any]:
    """A trade, in a query's answer."""
    paid = str(trade.total) if trade.paid_at else NOTHING
    fields: dict[str, Any] = {
        **BUYER,
        **numbers(trade),
        "trade_status": trade.status,
        "total_amount": str(trade.total),
        "buyer_pay_amount": paid,
        "receipt_amount": paid,
        "invoice_amount": paid,
        "point_amount": NOTHING,
    }
    if trade.passback_params:
        fields["passback_params"] = trade.passback_params
    if trade.paid_at is not None:
        fields["send_pay_date"] = moment(trade.paid_at)
        fields["fund_bill_list"] = [{"amount": paid, "fund_channel": "ALIPAYACCOUNT"}]
    return fields


def refund_fields(refund: Refund, *, is_new: bool) -> dict[str, Any]:
    """The answer to a request for a refund: ``refund_fee`` is what has gone back of the trade altogether."""
    trade = refund.trade
    fields = {
        **numbers(trade),
        **BUYER,
        "fund_change": "Y" if is_new and refund.done_at else "N",
        "refund_fee": str(trade.refunded),
        "send_back_fee": str(refund.amount) if is_new and refund.done_at else NOTHING,
    }
    if refund.done_at is not None:
        fields["gmt_refund_pay"] = moment(refund.done_at)
    return fields


def refund_query_fields(trade: Trade, out_request_no: str, refund: Refund | None) -> dict[str, Any]:
    """The answer to a query: of a refund that is not done, or was never asked for, nothing is said."""
    fields = {**numbers(trade), "out_request_no": out_request_no}
    if refund is None or refund.done_at is None:
        return fields
    return fields | {
        "total_amount": str(trade.total),
        "refund_amount": str(refund.amount),
        "refund_reason": refund.reason,
        "refund_status": "REFUND_SUCCESS",
        "gmt_refund_pay": moment(refund.done_at),
    }


def notification_fields(trade: Trade, refund: Refund | None = None) -> dict[str, str]:
    """What a merchant is told of a trade; ``refund`` is what made it tell."""
    fields = {
        "notify_type": "trade_status_sync",
        "charset": "utf-8",
        "version": "1.0",
        "app_id": platform().app_id,
        "auth_app_id": platform().app_id,
        "seller_id": platform().seller_id,
        "seller_email": "pay***@hospital.example",
        "buyer_id": BUYER["buyer_user_id"],
        "buyer_logon_id": BUYER["buyer_logon_id"],
        **numbers(trade),
        "trade_status": trade.status,
        "subject": trade.subject,
        "body": trade.body,
        "passback_params": trade.passback_params,
        "total_amount": str(trade.total),
        "gmt_create": moment(trade.opened_at or trade.created_at),
        **_paid(trade),
        **_refunded(trade, refund),
    }
    if trade.status == TradeStatus.TRADE_CLOSED and trade.closed_at:
        fields["gmt_close"] = moment(trade.closed_at)
    return {name: value for name, value in fields.items() if value}


def _paid(trade: Trade) -> dict[str, str]:
    if trade.paid_at is None:
        return {}
    total = str(trade.total)
    return {
        "gmt_payment": moment(trade.paid_at),
        "receipt_amount": total,
        "invoice_amount": total,
        "buyer_pay_amount": total,
        "point_amount": NOTHING,
        "fund_bill_list": json.dumps(
            [{"amount": total, "fundChannel": "ALIPAYACCOUNT"}], separators=(",", ":")
        ),
    }


def _refunded(trade: Trade, refund: Refund | None) -> dict[str, str]:
    if refund is None or refund.done_at is None:
        return {}
    return {
        "refund_fee": str(trade.refunded),
        "gmt_refund": f"{moment(refund.done_at)}.{refund.done_at.microsecond // 1000:03d}",
        "out_biz_no": refund.out_request_no,
    }
