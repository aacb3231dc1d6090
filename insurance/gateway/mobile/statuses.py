"""What the centre's order statuses (ordStas) mean to a hospital. Data, not code.

Source: the list of values and the safe classes are those of one province's contract [S:ORD, S:SX]; other provinces are
believed to use the same list [G]. What is not in the table is unknown, and unknown is never acted upon.
"""

from enum import StrEnum


class StatusClass(StrEnum):
    """How far an order is, as far as that may be relied upon."""

    OPEN = "open"
    """Uploaded and calculated; no payment order has arrived."""
    PROCESSING = "processing"
    """The payment order is being carried out."""
    SETTLED = "settled"
    """A settlement stands there; ours is not confirmed by that."""
    CANCELLED = "cancelled"
    """Revoked or given back."""
    FAILED = "failed"
    """It says that no settlement came of it."""
    UNKNOWN = "unknown"


_C = StatusClass

STATUSES: dict[str, tuple[str, StatusClass]] = {
    "0": ("已保存", _C.OPEN),
    "1": ("预结算完成", _C.OPEN),
    "2": ("结算中", _C.PROCESSING),
    "3": ("自费完成", _C.SETTLED),
    "4": ("医保支付完成", _C.SETTLED),
    "5": ("院内结算完成", _C.SETTLED),
    "6": ("结算完成", _C.SETTLED),
    "7": ("已退款", _C.CANCELLED),
    "8": ("已医保全部退款", _C.CANCELLED),
    "9": ("仅自费全部退款", _C.CANCELLED),
    "10": ("仅自费部分退款", _C.CANCELLED),
    "11": ("医保全部退款、自费部分退款", _C.CANCELLED),
    "12": ("已撤销", _C.CANCELLED),
    "13": ("医保已撤销", _C.CANCELLED),
    "14": ("异常", _C.FAILED),
    "15": ("结算失败", _C.FAILED),
    "16": ("医保结算失败，自费冲正失败", _C.FAILED),
    "17": ("退款中", _C.UNKNOWN),
}

INSURANCE_STANDS = frozenset({"4", "5", "6", "9", "10"})
"""Statuses under which the insurance part is paid; under 3 only cash was, under 9 and 10 only cash went back."""

INSURANCE_IS_BACK = frozenset({"7", "8", "11", "13"})
"""Statuses under which the insurance part was given back after it was paid."""


def class_of(status: str) -> StatusClass:
    """The class of a status; unknown for what no source names."""
    return STATUSES.get(status, ("", _C.UNKNOWN))[1]
