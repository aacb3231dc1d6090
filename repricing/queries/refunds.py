"""Refunds at the payment channel that give back what a corrected price had brought in too much."""

from collections.abc import Collection

from refunds.models import RefundRequest
from refunds.states import RefundRequestState

_KEY = "payback:"


def refund_key(payback_id: int) -> str:
    """The key under which a refund is asked for; once for a payback."""
    return f"{_KEY}{payback_id}"


def payback_of_key(key: str | None) -> int | None:
    """The payback that a refund is for; None when it is for something else."""
    return int(key.removeprefix(_KEY)) if key and key.startswith(_KEY) else None


def refund_of(payback_id: int) -> RefundRequest | None:
    """The refund that gives it back; None when there is none, or somebody has declined it."""
    return refunds_of([payback_id]).get(payback_id)


def refunds_of(payback_ids: Collection[int]) -> dict[int, RefundRequest]:
    """By payback: the refund that gives it back; one query."""
    keys = {refund_key(pk): pk for pk in payback_ids}
    found = RefundRequest.objects.filter(key__in=keys).exclude(state=RefundRequestState.DECLINED)
    return {keys[request.key]: request for request in found if request.key}
