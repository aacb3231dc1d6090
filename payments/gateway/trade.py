"""Orders and refunds as every channel understands them.

Amounts are integer fen; ``kernel.money`` turns them into yuan one layer up. The words of states are those of WeChat Pay;
other channels are translated into them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from payments.gateway.med_ins import MedInsState

CURRENCY = "CNY"
_OUT_NO = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")


class TradeState(StrEnum):
    """Where an order stands, in WeChat Pay's words (``trade_state``)."""

    SUCCESS = "SUCCESS"
    REFUND = "REFUND"
    NOTPAY = "NOTPAY"
    CLOSED = "CLOSED"
    REVOKED = "REVOKED"
    USERPAYING = "USERPAYING"
    PAYERROR = "PAYERROR"


class RefundStatus(StrEnum):
    """Where a refund stands, in WeChat Pay's words. ABNORMAL is not final: a person must step in."""

    SUCCESS = "SUCCESS"
    CLOSED = "CLOSED"
    PROCESSING = "PROCESSING"
    ABNORMAL = "ABNORMAL"


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """What the merchant asks to be paid.

    ``out_trade_no``: 6 to 32 of ``0-9 A-Z a-z _ - | *``, unique at the merchant.
    ``description``: at most 127 characters, read by the payer.
    ``payer_id``: who pays, in the channel's words; JSAPI only.
    ``expires_at``: aware; fixed by the first request with this number; none = the gateway's two hours.
    """

    out_trade_no: str
    description: str
    amount_fen: int
    notify_url: str
    expires_at: datetime | None = None
    attach: str = ""
    payer_ip: str = "127.0.0.1"
    payer_id: str = ""

    def __post_init__(self) -> None:
        if not _OUT_NO.fullmatch(self.out_trade_no):
            raise ValueError(f"out_trade_no must be 6 to 32 plain characters: {self.out_trade_no!r}")
        if self.amount_fen < 1:
            raise ValueError("an order is at least one fen")
        if self.expires_at is not None and self.expires_at.tzinfo is None:
            raise ValueError("expires_at must be aware")


@dataclass(frozen=True, slots=True)
class OrderState:
    """What a channel says of an order.

    ``amount_fen``: what was asked; ``paid_fen``: what the payer gave, 0 while unpaid.
    ``currency``: three letters. ``is_ours``: whether it speaks of our account at the channel.
    ``transaction_id``, ``payer_openid``: empty while unpaid. ``paid_at``: none while unpaid.
    """

    out_trade_no: str
    trade_state: TradeState
    amount_fen: int
    paid_fen: int = 0
    transaction_id: str = ""
    trade_type: str = ""
    payer_openid: str = ""
    paid_at: datetime | None = None
    attach: str = ""
    currency: str = CURRENCY
    is_ours: bool = True

    @property
    def is_paid(self) -> bool:
        """Money has come in, whether or not some of it went back since."""
        return self.trade_state in (TradeState.SUCCESS, TradeState.REFUND)


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """What the merchant asks to be given back, of a paid order.

    ``refund_fen``: this refund; ``total_fen``: the whole order, which the gateway compares.
    ``out_refund_no``: unique at the merchant; asking twice with the same number refunds once.
    """

    out_refund_no: str
    out_trade_no: str
    refund_fen: int
    total_fen: int
    reason: str = ""
    notify_url: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.refund_fen <= self.total_fen:
            raise ValueError("a refund is at least one fen and at most the order")


@dataclass(frozen=True, slots=True)
class RefundState:
    """What a channel says of a refund. ``succeeded_at``: none unless ``status`` is SUCCESS."""

    out_refund_no: str
    out_trade_no: str
    refund_id: str
    status: RefundStatus
    refund_fen: int
    total_fen: int
    transaction_id: str = ""
    received_account: str = ""
    succeeded_at: datetime | None = None

    @property
    def is_with_merchant(self) -> bool:
        """Whether the money went to an account of ours instead of the payer's.

        Source: WeChat Pay APIv3, refunds, ``user_received_account``: 商户基本账户, 商户结算银行账户.
        """
        return self.received_account.removeprefix("退还").startswith("商户")


@dataclass(frozen=True, slots=True)
class Notification:
    """A verified notification. Exactly one of ``order``, ``refund`` and ``med_ins`` is set.

    ``refund_to_ask``: our number of a refund about which it says something, but not enough: ask.
    """

    notification_id: str
    event_type: str
    created_at: datetime
    order: OrderState | None = None
    refund: RefundState | None = None
    med_ins: MedInsState | None = None
    refund_to_ask: str = ""


@dataclass(frozen=True, slots=True)
class Cashier:
    """How the payer reaches the channel's cashier.

    ``kind``: ``redirect`` (send the browser to ``address``), ``code`` (draw ``address`` as a QR code) or ``jsapi``
    (hand ``parameters`` to WeChat's bridge on the page).
    """

    kind: Literal["redirect", "code", "jsapi"]
    address: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
