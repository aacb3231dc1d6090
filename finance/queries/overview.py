"""What waits in the finance office, and where the money stands."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate

from finance.queries.checkouts import checkouts, counts_by_step
from finance.queries.days import NO_CHANNEL, UNRESOLVED, days_that_wait
from finance.queries.insurer_transfers import waiting_transfers
from finance.queries.payouts import payouts_that_wait
from finance.queries.silent_visits import silent_visits
from kernel import clock
from kernel.money import ZERO
from ledger.queries import trial_balance
from ledger.rules import AccountKind
from payments.models import PaymentIncident, PaymentOrder, Refund
from payments.states import OrderState, RefundState
from reconciliation.models import Difference
from reconciliation.rules.schedule import SHANGHAI, bounds_of
from refunds.models import RefundRequest
from refunds.states import RefundRequestState

DAYS_SHOWN = 7


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of each wait for somebody."""

    checkouts: int
    long_checkouts: int
    """At their step for an hour or longer, though somebody else owes the answer or the patient her payment."""
    to_approve: int
    failed: int
    """Refunds that the insurer or the channel did not do."""
    incidents: int
    differences: int
    days: int
    payouts: int
    insurer_transfers: int
    silent_visits: int
    """Paid, and never answered by the doctor."""


def waiting(*, at: datetime) -> Waiting:
    """Everything that waits, in a fixed number of statements."""
    requests = RefundRequest.objects.aggregate(
        to_approve=Count("pk", filter=Q(state=RefundRequestState.REQUESTED)),
        failed=Count("pk", filter=Q(state=RefundRequestState.FAILED)),
    )
    unresolved = Difference.objects.filter(state__in=UNRESOLVED).exclude(comparison__source__in=NO_CHANNEL)
    return Waiting(
        checkouts=sum(counts_by_step().values()),
        long_checkouts=checkouts(at=at, age="1h").count(),
        to_approve=requests["to_approve"],
        failed=requests["failed"],
        incidents=PaymentIncident.objects.filter(settled_at__isnull=True).count(),
        differences=unresolved.count(),
        days=days_that_wait(),
        payouts=payouts_that_wait(),
        insurer_transfers=waiting_transfers().count(),
        silent_visits=silent_visits(at=at).count(),
    )


def standing() -> list[tuple[AccountKind, Decimal]]:
    """The balance of each kind of account over all institutions, as it is now; kinds without entries left out."""
    sums: dict[AccountKind, Decimal] = defaultdict(lambda: ZERO)
    for row in trial_balance(None, through=None):
        sums[row.kind] += row.balance
    return [(kind, sums[kind]) for kind in AccountKind if kind in sums]


@dataclass(frozen=True, slots=True)
class ChannelDay:
    """What moved through one channel on one day, in yuan."""

    on: date
    channel: str
    received: Decimal
    given_back: Decimal


def channel_days(*, at: datetime) -> list[ChannelDay]:
    """The last days with money, newest first, a row for each channel; two statements."""
    today = clock.day_of(at)
    since = bounds_of(today - timedelta(days=DAYS_SHOWN - 1))[0]
    paid = PaymentOrder.objects.filter(paid_at__gte=since, state__in=[OrderState.PAID, OrderState.LATE])
    back = Refund.objects.filter(done_at__gte=since, state=RefundState.DONE)
    found: dict[tuple[date, str], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for place, rows, moment, channel in (
        (0, paid, "paid_at", "channel"),
        (1, back, "done_at", "order__channel"),
    ):
        days = rows.order_by().values_list(TruncDate(moment, tzinfo=SHANGHAI), channel)
        for day, name, amount in days.annotate(Sum("amount")):
            found[day, name][place] += amount
    return [ChannelDay(*key, *amounts) for key, amounts in sorted(found.items(), reverse=True)]
