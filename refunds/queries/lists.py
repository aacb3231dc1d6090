"""Refunds as the pages show them."""

from collections.abc import Collection

from django.db.models import Case, Count, QuerySet, When

from kernel.errors import NotFoundForYou
from refunds.models import RefundRequest
from refunds.states import RefundRequestState

_SHOWN = (
    "bill__encounter__patient", "bill__encounter__institution", "line_return", "payment_refund__order", "return_bill",
    "requested_by", "decided_by",
)  # fmt: skip
_FIRST = [RefundRequestState.FAILED, RefundRequestState.REQUESTED]


def requests_in(states: Collection[str] = ()) -> QuerySet[RefundRequest]:
    """With everything a row shows: what waits for a person first, then the newest; all without states."""
    rows = RefundRequest.objects.select_related(*_SHOWN)
    if states:
        rows = rows.filter(state__in=states)
    waits = Case(*(When(state=state, then=place) for place, state in enumerate(_FIRST)), default=len(_FIRST))
    return rows.order_by(waits, "-pk")


def counts() -> dict[str, int]:
    """How many there are in each state; one query."""
    rows = RefundRequest.objects.order_by().values_list("state").annotate(Count("pk"))
    return dict(rows)


def waiting_for_a_person() -> int:
    """How many have to be decided, or did not work."""
    return RefundRequest.objects.filter(state__in=_FIRST).count()


def requests_of(bill_id: int) -> list[RefundRequest]:
    """Those of a bill, the oldest first."""
    rows = RefundRequest.objects.select_related(*_SHOWN).prefetch_related("lines__line")
    return list(rows.filter(bill=bill_id).order_by("pk"))


def request_numbered(number: str) -> RefundRequest:
    """One with everything its page shows.

    Raises:
        NotFoundForYou: there is none with this number.
    """
    found = RefundRequest.objects.select_related(*_SHOWN).filter(number=number).first()
    if found is None:
        raise NotFoundForYou
    return found
