"""Visits that a doctor accepted and never answered in: a person may give the fee back (policy ``silent_visit``)."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from billing.states import BillState
from consultations.models import ChatMessage, Revisit
from consultations.states import RevisitState
from refunds.models import RefundRequest
from refunds.states import OPEN

ANSWERED_BY_THEN = timedelta(days=1)
"""A visit that goes on may still be answered; ours: the doctor receives on the day of the place."""
LOOK_BACK = timedelta(days=90)
"""Older ones are found by their bill."""


def silent_visits(*, at: datetime) -> QuerySet[Revisit]:
    """Paid visits that have ended, or begun long ago, without a word of the doctor; the oldest first.

    What has gone back, or is asked back, is left out.
    """
    is_over = Q(state=RevisitState.COMPLETED) | Q(
        state=RevisitState.IN_PROGRESS, encounter__begun_at__lt=at - ANSWERED_BY_THEN
    )
    answered = ChatMessage.objects.filter(revisit=OuterRef("pk"), is_from_doctor=True)
    asked_back = RefundRequest.objects.filter(bill=OuterRef("bill"), state__in=OPEN)
    rows = Revisit.objects.filter(
        is_over, ~Exists(answered), ~Exists(asked_back),
        bill__state=BillState.SETTLED, encounter__begun_at__gte=at - LOOK_BACK,
    )  # fmt: skip
    about = ("bill", "encounter__patient", "encounter__practitioner__user", "encounter__institution")
    return rows.select_related(*about).order_by("encounter__begun_at", "pk")
