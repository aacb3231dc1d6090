"""WeChat's insurance payment (医保支付 2.0): orders of which the insurance and the payer's cash are parts.

Amounts are integer fen. Two sums hold in every order, and are checked before anything is sent:

* total = insurance fund + personal account + other + her cash + what is added (delivery …),
* total = insurance fund + personal account + other + cash through WeChat Pay + what is reduced (discounts …).

Source: WeChat Pay merchant documentation, 医保支付 2.0 [S:WX]; the names of members beside the amounts are those of the
same documentation as generally known [G].
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from payments.gateway.signing import MalformedMessage


class MixPayType(StrEnum):
    """Who pays."""

    CASH_ONLY = "CASH_ONLY"
    INSURANCE_ONLY = "INSURANCE_ONLY"
    CASH_AND_INSURANCE = "CASH_AND_INSURANCE"


class MedInsOrderType(StrEnum):
    """What is paid for, of an Internet hospital."""

    REGISTRATION = "INT_REG_PAY"
    REVISIT = "INT_RE_DIAG_PAY"
    PRESCRIPTION = "INT_RX_PAY"


class MixPayStatus(StrEnum):
    """Where the whole order stands."""

    CREATED = "MIX_PAY_CREATED"
    SUCCESS = "MIX_PAY_SUCCESS"
    REFUND = "MIX_PAY_REFUND"
    FAIL = "MIX_PAY_FAIL"


ADD_TYPES = frozenset({"DEFAULT_ADD_TYPE", "FREIGHT", "OTHER_MEDICAL_EXPENSES"})
REDUCE_TYPES = frozenset(
    {
        "DEFAULT_REDUCE_TYPE", "HOSPITAL_REDUCE", "PHARMACY_DISCOUNT", "DISCOUNT", "PRE_PAYMENT",
        "DEPOSIT_DEDUCTION",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MedInsAmounts:
    """Who pays how much, in fen. ``added`` and ``reduced``: kind -> fen."""

    total: int
    fund: int
    account: int
    other: int
    cash: int
    wechat_cash: int
    added: tuple[tuple[str, int], ...] = ()
    reduced: tuple[tuple[str, int], ...] = ()

    def __post_init__(self) -> None:
        """Refuse amounts of which a sum does not hold, naming each.

        Raises:
            ValueError: a sum does not hold, an amount is negative, or a kind is not known.
        """
        if faults := list(self._faults()):
            raise ValueError("; ".join(faults))

    def _faults(self) -> list[str]:
        insured = self.fund + self.account + self.other
        added, reduced = sum(fen for _, fen in self.added), sum(fen for _, fen in self.reduced)
        parts = (self.total, self.fund, self.account, self.other, self.cash, self.wechat_cash)
        rules = (
            (min(parts) >= 0, "an amount is negative"),
            (
                all(fen > 0 for _, fen in self.added + self.reduced),
                "what is added or reduced is one fen at least",
            ),
            ({kind for kind, _ in self.added} <= ADD_TYPES, "a kind of addition is not known"),
            ({kind for kind, _ in self.reduced} <= REDUCE_TYPES, "a kind of reduction is not known"),
            (self.total == insured + self.cash + added, "total_fee is not the sum with med_ins_cash_fee"),
            (
                self.total == insured + self.wechat_cash + reduced,
                "total_fee is not the sum with wechat_pay_cash_fee",
            ),
        )
        return [fault for holds, fault in rules if not holds]

    @property
    def mix_pay_type(self) -> MixPayType:
        """Follows from the amounts."""
        if not self.fund + self.account + self.other:
            return MixPayType.CASH_ONLY
        return MixPayType.CASH_AND_INSURANCE if self.wechat_cash else MixPayType.INSURANCE_ONLY


@dataclass(frozen=True, slots=True)
class MedInsOrder:
    """What is asked of ``POST /v3/med-ins/orders``; personal data are clear here and encrypted on the way."""

    out_trade_no: str
    order_type: MedInsOrderType
    amounts: MedInsAmounts
    payer_openid: str
    payer_name: str
    payer_id_number: str
    serial_no: str
    institution_code: str
    institution_name: str
    city_code: str
    created_at: datetime
    notify_url: str
    centre_number: str = ""
    payment_permission: str = ""
    location: str = ""
    prepay_id: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError: an insurance part without an order at the centre, or cash without a cash order."""
        insured = self.amounts.mix_pay_type is not MixPayType.CASH_ONLY
        if insured and not (self.centre_number and self.payment_permission):
            raise ValueError("an insurance part needs payOrdId and payAuthNo")


@dataclass(frozen=True, slots=True)
class MedInsState:
    """What WeChat says of an order; amounts in fen."""

    out_trade_no: str
    mix_trade_no: str
    status: MixPayStatus
    self_pay_status: str
    insurance_status: str
    total_fen: int
    fund_fen: int
    account_fen: int
    other_fen: int
    cash_fen: int
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MedInsRefund:
    """The insurance part that was given back elsewhere, told to WeChat; fen."""

    mix_trade_no: str
    out_refund_no: str
    refunded_at: datetime
    total: int
    fund: int
    account: int
    other: int

    def __post_init__(self) -> None:
        """Raises ValueError: the parts do not sum."""
        if self.total != self.fund + self.account + self.other or self.total < 1:
            raise ValueError("med_refund_total_fee is not the sum of its parts")


def id_digest(id_number: str) -> str:
    """What identifies a payer: MD5 in lower-case hexadecimal of the number in upper case; encrypted afterwards."""
    return hashlib.md5(id_number.upper().encode(), usedforsecurity=False).hexdigest()


def order_fields(order: MedInsOrder, *, appid: str, name: str, digest: str) -> dict[str, Any]:
    """The body of an order; ``name`` and ``digest`` are encrypted already."""
    amounts = order.amounts
    fields: dict[str, Any] = {
        "mix_pay_type": amounts.mix_pay_type,
        "order_type": order.order_type,
        "appid": appid,
        "openid": order.payer_openid,
        "payer": {"name": name, "id_digest": digest, "card_type": "ID_CARD"},
        "out_trade_no": order.out_trade_no,
        "serial_no": order.serial_no,
        "pay_order_id": order.centre_number,
        "pay_auth_no": order.payment_permission,
        "geo_location": order.location,
        "city_id": order.city_code,
        "med_inst_name": order.institution_name,
        "med_inst_no": order.institution_code,
        "med_ins_order_create_time": order.created_at.isoformat(timespec="seconds"),
        "callback_url": order.notify_url,
        "prepay_id": order.prepay_id,
        **_amount_fields(amounts),
    }
    return {key: value for key, value in fields.items() if value not in ("", [], None)}


def refund_fields(refund: MedInsRefund) -> dict[str, Any]:
    """The body of ``POST /v3/med-ins/refunds/notify``."""
    return {
        "med_refund_total_fee": refund.total,
        "med_refund_gov_fee": refund.fund,
        "med_refund_self_fee": refund.account,
        "med_refund_other_fee": refund.other,
        "refund_time": refund.refunded_at.isoformat(timespec="seconds"),
        "out_refund_no": refund.out_refund_no,
    }


def state(fields: Mapping[str, Any]) -> MedInsState:
    """Read an order, from an answer or a notification.

    Raises:
        MalformedMessage: a field is missing or of the wrong kind.
    """
    try:
        paid_at = fields.get("paid_time")
        return MedInsState(
            out_trade_no=str(fields["out_trade_no"]),
            mix_trade_no=str(fields["mix_trade_no"]),
            status=MixPayStatus(fields["mix_pay_status"]),
            self_pay_status=str(fields.get("self_pay_status") or ""),
            insurance_status=str(fields.get("med_ins_pay_status") or ""),
            total_fen=_fen(fields["total_fee"]),
            fund_fen=_fen(fields.get("med_ins_gov_fee", 0)),
            account_fen=_fen(fields.get("med_ins_self_fee", 0)),
            other_fen=_fen(fields.get("med_ins_other_fee", 0)),
            cash_fen=_fen(fields.get("wechat_pay_cash_fee", 0)),
            paid_at=datetime.fromisoformat(paid_at) if paid_at else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedMessage(f"insurance order: {error!r}") from error


def _amount_fields(amounts: MedInsAmounts) -> dict[str, Any]:
    return {
        "total_fee": amounts.total,
        "med_ins_gov_fee": amounts.fund,
        "med_ins_self_fee": amounts.account,
        "med_ins_other_fee": amounts.other,
        "med_ins_cash_fee": amounts.cash,
        "wechat_pay_cash_fee": amounts.wechat_cash,
        "cash_add_detail": [{"cash_add_type": kind, "cash_add_fee": fen} for kind, fen in amounts.added],
        "cash_reduce_detail": [
            {"cash_reduce_type": kind, "cash_reduce_fee": fen} for kind, fen in amounts.reduced
        ],
    }


def _fen(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"not an amount in fen: {value!r}")
    return value
