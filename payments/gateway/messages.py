"""The wire format of WeChat Pay APIv3: what is sent and what comes back.

Amounts are integer fen here, as on the wire; ``kernel.money`` turns them into yuan one layer up.

Source: WeChat Pay merchant documentation, APIv3: orders, queries, refunds, notifications, signing and verification.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from payments.gateway import med_ins as med_ins_messages
from payments.gateway.signing import CIPHER, MalformedMessage, decrypt
from payments.gateway.trade import (
    CURRENCY,
    Notification,
    OrderRequest,
    OrderState,
    RefundRequest,
    RefundState,
    RefundStatus,
    TradeState,
)

__all__ = [
    "CURRENCY",
    "Notification",
    "OrderRequest",
    "OrderState",
    "RefundRequest",
    "RefundState",
    "RefundStatus",
    "TradeState",
]

# -- encode ---------------------------------------------------------------------------------------


def encode_json(fields: Mapping[str, Any]) -> bytes:
    """The exact bytes that are both signed and sent."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def native_order_body(order: OrderRequest, *, mchid: str, appid: str) -> bytes:
    """Body of ``POST /v3/pay/transactions/native``."""
    return encode_json(_order_fields(order, mchid, appid))


def h5_order_body(order: OrderRequest, *, mchid: str, appid: str) -> bytes:
    """Body of ``POST /v3/pay/transactions/h5``; this kind must say from where the payer comes."""
    scene = {"payer_client_ip": order.payer_ip, "h5_info": {"type": "Wap"}}
    return encode_json(_order_fields(order, mchid, appid) | {"scene_info": scene})


def jsapi_order_body(order: OrderRequest, *, mchid: str, appid: str) -> bytes:
    """Body of ``POST /v3/pay/transactions/jsapi``; inside WeChat the payer is known by her openid."""
    return encode_json(_order_fields(order, mchid, appid) | {"payer": {"openid": order.payer_id}})


def refund_body(refund: RefundRequest) -> bytes:
    """Body of ``POST /v3/refund/domestic/refunds``."""
    fields: dict[str, Any] = {
        "out_trade_no": refund.out_trade_no,
        "out_refund_no": refund.out_refund_no,
        "amount": {"refund": refund.refund_fen, "total": refund.total_fen, "currency": CURRENCY},
    }
    if refund.reason:
        fields["reason"] = refund.reason
    if refund.notify_url:
        fields["notify_url"] = refund.notify_url
    return encode_json(fields)


def with_return_address(h5_url: str, redirect_url: str) -> str:
    """The H5 address that brings the payer back to ``redirect_url`` afterwards."""
    return f"{h5_url}&redirect_url={quote(redirect_url, safe='')}"


def _order_fields(order: OrderRequest, mchid: str, appid: str) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "appid": appid,
        "mchid": mchid,
        "description": order.description,
        "out_trade_no": order.out_trade_no,
        "notify_url": order.notify_url,
        "amount": {"total": order.amount_fen, "currency": CURRENCY},
    }
    if order.expires_at is not None:
        fields["time_expire"] = order.expires_at.isoformat(timespec="seconds")
    if order.attach:
        fields["attach"] = order.attach
    return fields


# -- decode ---------------------------------------------------------------------------------------


def decode_json(body: bytes) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        MalformedMessage: the body is not a JSON object in UTF-8.
    """
    try:
        fields = json.loads(body)
    except ValueError as error:
        raise MalformedMessage("not JSON") from error
    if not isinstance(fields, dict):
        raise MalformedMessage("not a JSON object")
    return fields


def order_state(fields: Mapping[str, Any]) -> OrderState:
    """Read an order, from a query's answer or a notification's resource.

    Raises:
        MalformedMessage: a field is missing or of the wrong kind.
    """
    try:
        amount = fields["amount"]
        return OrderState(
            out_trade_no=str(fields["out_trade_no"]),
            trade_state=TradeState(fields["trade_state"]),
            amount_fen=_fen(amount["total"]),
            paid_fen=_fen(amount.get("payer_total", 0)),
            transaction_id=str(fields.get("transaction_id") or ""),
            trade_type=str(fields.get("trade_type") or ""),
            payer_openid=str((fields.get("payer") or {}).get("openid") or ""),
            paid_at=_moment(fields.get("success_time")),
            attach=str(fields.get("attach") or ""),
            currency=_currency(amount),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MalformedMessage(f"order: {error!r}") from error


def refund_state(fields: Mapping[str, Any]) -> RefundState:
    """Read a refund; a notification calls its status ``refund_status``, an answer ``status``.

    Raises:
        MalformedMessage: a field is missing or of the wrong kind.
    """
    try:
        amount = fields["amount"]
        return RefundState(
            out_refund_no=str(fields["out_refund_no"]),
            out_trade_no=str(fields["out_trade_no"]),
            refund_id=str(fields["refund_id"]),
            status=RefundStatus(fields.get("refund_status") or fields["status"]),
            refund_fen=_fen(amount["refund"]),
            total_fen=_fen(amount["total"]),
            transaction_id=str(fields.get("transaction_id") or ""),
            received_account=str(fields.get("user_received_account") or ""),
            succeeded_at=_moment(fields.get("success_time")),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MalformedMessage(f"refund: {error!r}") from error


def notification(fields: Mapping[str, Any], *, apiv3_key: bytes) -> Notification:
    """Decrypt and read a notification whose signature has been verified already.

    Raises:
        MalformedMessage: it cannot be decrypted, or tells of neither an order nor a refund.
    """
    try:
        event_type, notification_id = str(fields["event_type"]), str(fields["id"])
        created_at = datetime.fromisoformat(fields["create_time"])
        plain = _opened(fields["resource"], apiv3_key)
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedMessage(f"notification: {error!r}") from error
    if event_type.startswith("TRANSACTION."):
        return Notification(notification_id, event_type, created_at, order=order_state(plain))
    if event_type.startswith("REFUND."):
        return Notification(notification_id, event_type, created_at, refund=refund_state(plain))
    if event_type.startswith("MEDICAL_INSURANCE."):
        return Notification(notification_id, event_type, created_at, med_ins=med_ins_messages.state(plain))
    raise MalformedMessage(f"unknown event {event_type!r}")


def _opened(resource: Mapping[str, Any], apiv3_key: bytes) -> dict[str, Any]:
    if resource["algorithm"] != CIPHER:
        raise ValueError(f"unknown algorithm {resource['algorithm']!r}")
    nonce, extra = resource["nonce"].encode(), (resource.get("associated_data") or "").encode()
    return decode_json(decrypt(apiv3_key, nonce, extra, resource["ciphertext"]))


def _fen(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"not an amount in fen: {value!r}")
    return value


def _currency(amount: Mapping[str, Any]) -> str:
    """Of the order and of what the payer gave; where the two differ neither is ours."""
    said = {str(amount.get(name) or CURRENCY) for name in ("currency", "payer_currency")}
    return said.pop() if len(said) == 1 else "/".join(sorted(said))


def _moment(value: Any) -> datetime | None:
    if not value:
        return None
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(f"no time zone: {value!r}")
    return moment
