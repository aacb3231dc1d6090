"""Checkouts by step and age."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import CharField, Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce

from audit.models import AuditEntry
from checkout.models import Checkout
from checkout.states import CheckoutState

ENDED = (CheckoutState.SETTLED, CheckoutState.REFUNDED, CheckoutState.CLOSED)
"""Nothing more happens by itself."""

AGES = {
    "15m": timedelta(minutes=15),
    "1h": timedelta(hours=1),
    "1d": timedelta(days=1),
}
"""How long a checkout has stood at its step, at least."""

_NOT_A_STEP = ("checkout.pushed", "checkout.stopped")


def checkouts(
    *, at: datetime, steps: Iterable[str] = (), age: str = "", institution_id: int | None = None
) -> QuerySet[Checkout]:
    """Those that are not at their end, or at the named steps; each with ``since``, the one longest at its step first.

    Args:
        at: ages are counted back from here.
        steps: states; none for every one that is not at its end.
        age: a key of ``AGES``; empty for any.
        institution_id: of one institution; None for all.
    """
    rows = Checkout.objects.select_related("bill__encounter__patient", "bill__encounter__institution")
    rows = rows.filter(state__in=list(steps)) if steps else rows.exclude(state__in=ENDED)
    if institution_id:
        rows = rows.filter(bill__encounter__institution=institution_id)
    rows = rows.annotate(since=Coalesce(_last_step(), F("opened_at")))
    if age:
        rows = rows.filter(since__lte=at - AGES[age])
    return rows.order_by("since", "pk")


def _last_step() -> Subquery:
    """When it came to its step: the newest act on it that moved it."""
    acts = AuditEntry.objects.filter(
        subject_type=Checkout._meta.label_lower, subject_id=Cast(OuterRef("pk"), CharField())
    )
    return Subquery(acts.exclude(action__in=_NOT_A_STEP).order_by("-sequence").values("at")[:1])


def counts_by_step() -> dict[CheckoutState, int]:
    """How many stand at each step, those at their end left out; every step is named."""
    rows = Checkout.objects.exclude(state__in=ENDED).values_list("state").annotate(Count("pk"))
    counted = dict(rows)
    return {state: counted.get(state.value, 0) for state in CheckoutState if state not in ENDED}


def checkout_of(bill_id: int) -> Checkout | None:
    """The checkout of a bill with what its panel shows; None when the bill never had one."""
    found = Checkout.objects.select_related("claim", "order").annotate(
        since=Coalesce(_last_step(), F("opened_at"))
    )
    return found.filter(bill=bill_id).first()
