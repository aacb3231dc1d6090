"""The fields of an order and of a refund, as the platform shows them."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from simulators.wechatpay.models import AbnormalWay, Order, Refund, RefundStatus, TradeState

RECEIVED_ACCOUNTS = {
    "": "支付用户零钱",
    AbnormalWay.USER: "工商银行借记卡0403",
    AbnormalWay.MERCHANT: "商户结算银行账户",
}
"""Where a refund arrives. Source: WeChat Pay APIv3, refunds, ``user_received_account``."""


def moment(at: datetime) -> str:
    """RFC 3339 in Beijing time, to the second."""
    return timezone.localtime(at).isoformat(timespec="seconds")


def order_fields(order: Order) -> dict[str, Any]:
    """An order, in a query's answer and in a notification."""
    fields: dict[str, Any] = {
        "appid": order.appid,
        "mchid": order.mchid,
        "out_trade_no": order.out_trade_no,
        "trade_state": order.trade_state,
        "trade_state_desc": TradeState(order.trade_state).label,
        "attach": order.attach,
        "amount": {"total": order.total, "currency": "CNY", "payer_currency": "CNY"},
        "promotion_detail": [],
    }
    if order.paid_at is not None:
        fields["amount"]["payer_total"] = order.total
        fields |= {
            "transaction_id": order.transaction_id,
            "trade_type": order.trade_type,
            "bank_type": "OTHERS",
            "success_time": moment(order.paid_at),
            "payer": {"openid": order.payer_openid},
        }
    return fields


def refund_fields(refund: Refund) -> dict[str, Any]:
    """A refund, in the answer to a request or to a query."""
    fields: dict[str, Any] = {
        **_refund_numbers(refund),
        "channel": "OTHER_BANKCARD" if refund.goes_to else "ORIGINAL",
        "user_received_account": RECEIVED_ACCOUNTS[refund.goes_to],
        "create_time": moment(refund.created_at),
        "status": refund.status,
        "funds_account": "UNSETTLED",
        "amount": {
            **_refund_amount(refund),
            "settlement_refund": refund.amount,
            "settlement_total": refund.order.total,
            "discount_refund": 0,
            "currency": "CNY",
        },
        "promotion_detail": [],
    }
    if refund.success_at is not None:
        fields["success_time"] = moment(refund.success_at)
    return fields


def refund_notification_fields(refund: Refund) -> dict[str, Any]:
    """A refund, in a notification; here its status is called ``refund_status``."""
    fields: dict[str, Any] = {
        "mchid": refund.mchid,
        **_refund_numbers(refund),
        "refund_status": refund.status,
        "user_received_account": RECEIVED_ACCOUNTS[refund.goes_to],
        "amount": _refund_amount(refund),
    }
    if refund.status == RefundStatus.SUCCESS and refund.success_at is not None:
        fields["success_time"] = moment(refund.success_at)
    return fields


def _refund_numbers(refund: Refund) -> dict[str, str]:
    return {
        "refund_id": refund.refund_id,
        "out_refund_no": refund.out_refund_no,
        "transaction_id": refund.order.transaction_id,
        "out_trade_no": refund.order.out_trade_no,
    }


def _refund_amount(refund: Refund) -> dict[str, int]:
    total = refund.order.total
    return {"total": total, "refund": refund.amount, "payer_total": total, "payer_refund": refund.amount}
