"""Refunds at the payment channel that give back what a corrected price had brought in too much."""

from collections.abc import Collection

from billing.models import Bill
from billing.states import BillState
from insurance.models import LineReturn
from refunds.models import RefundRequest, Scope
from refunds.queries.requests import open_requests
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


def is_all_back(bill_id: int) -> bool:
    """Whether all of a bill is back, or was asked back and nobody has declined that; at most two queries."""
    is_refunded = Bill.objects.filter(pk=bill_id, state=BillState.REFUNDED).exists()
    return is_refunded or open_requests(bill_id).filter(scope=Scope.WHOLE).exists()


def gives_back(bill_id: int) -> bool:
    """Whether lines of a bill, or all of it, are asked back, here or at the insurer, and not back yet; two queries."""
    at_insurer = LineReturn.objects.filter(claim__bill=bill_id, concluded_at__isnull=True)
    return open_requests(bill_id).exclude(scope=Scope.CASH).exists() or at_insurer.exists()
