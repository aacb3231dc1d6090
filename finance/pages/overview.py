"""The overview of the finance office: what waits for a person, and where the money stands."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import role_required
from finance.permissions import READERS
from finance.queries.overview import channel_days, standing, waiting
from finance.rules.words import ACCOUNTS
from kernel import clock
from ledger.rules import Side
from payments.models import Channel


@require_safe
@role_required(*READERS)
def overview(request: HttpRequest) -> HttpResponse:
    """The page."""
    now = clock.now()
    context = {
        "rail": "finance",
        "tab": "overview",
        "waiting": waiting(at=now),
        # What is owed or earned stands below zero in the books; its usual side is shown as a plus.
        "standing": [
            (ACCOUNTS[kind], amount if kind.normal_side == Side.DEBIT else -amount)
            for kind, amount in standing()
        ],
        "days": [(day, Channel(day.channel).label) for day in channel_days(at=now)],
    }
    return render(request, "finance/overview.html", context)
