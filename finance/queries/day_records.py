"""What the records say of one day of one institution: orders, refunds, settlements, bills and their lines."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from billing.models import FeeDetail
from finance.rules.day_accounts import earning_key
from finance.rules.postings import earning_account
from insurance.models import Settlement
from kernel.money import ZERO
from ledger.models import ClosedDay
from payments.models import PaymentOrder, Refund
from payments.states import OrderState, RefundState
from reconciliation.rules.schedule import bounds_of

Key = tuple[str, str]
Amounts = dict[Key, tuple[int, Decimal]]
"""(section, of what) -> number of records, yuan."""


def records_of_day(institution_id: int, day: date) -> Amounts:
    """Every sum of the day, by the records alone; eight statements, however many records there are."""
    found: dict[Key, tuple[int, Decimal]] = defaultdict(lambda: (0, ZERO))
    for key, count, amount in (
        *_by_channel(institution_id, day),
        *_by_payer(institution_id, day),
        *_by_category(institution_id, day),
    ):
        counted, summed = found[key]
        found[key] = (counted + count, summed + amount)
    return dict(found)


def _on(day: date, moment: str) -> Q:
    first, after = bounds_of(day)
    return Q(**{f"{moment}__gte": first, f"{moment}__lt": after})


Rows = Iterable[tuple[Key, int, Decimal]]


def _by_channel(institution_id: int, day: date) -> Rows:
    """What came in through each channel less what went back."""
    paid = PaymentOrder.objects.filter(
        _on(day, "paid_at"),
        bill__encounter__institution=institution_id,
        state__in=[OrderState.PAID, OrderState.LATE],
    )
    back = Refund.objects.filter(
        _on(day, "done_at"), order__bill__encounter__institution=institution_id, state=RefundState.DONE
    )
    for channel, count, amount in paid.order_by().values_list("channel").annotate(Count("pk"), Sum("amount")):
        yield ("channel", channel), count, amount
    for channel, count, amount in (
        back.order_by().values_list("order__channel").annotate(Count("pk"), Sum("amount"))
    ):
        yield ("channel", channel), count, -amount


def _by_payer(institution_id: int, day: date) -> Rows:
    """What the insurer has settled less what it took back, and what the hospital bears itself."""
    rows = Settlement.objects.filter(_settled_on(institution_id, day), institution=institution_id)
    said = rows.aggregate(
        count=Count("pk"),
        fund=Sum("fund_amount", default=ZERO),
        family=Sum("mutual_aid_amount", default=ZERO),
        account=Sum(F("account_amount") - F("mutual_aid_amount"), default=ZERO),
    )
    for payer in ("fund", "account", "family"):
        yield ("payer", payer), said["count"], said[payer]
    for lines, sign in _earned(institution_id, day):
        borne = lines.exclude(institution_amount=0).aggregate(
            count=Count("pk"), amount=Sum("institution_amount", default=ZERO)
        )
        yield ("payer", "institution"), borne["count"], sign * borne["amount"]


def _settled_on(institution_id: int, day: date) -> Q:
    """Settled that day as the insurer says; of earlier days, what we were told when this was the first open day.

    The books date what comes late in the same way (``ledger.operations.closing``).
    """
    closings = ClosedDay.objects.filter(institution=institution_id, on__gte=day - timedelta(days=1))
    told = list(closings.order_by("on").values_list("on", "closed_at")[:2])
    first, after = bounds_of(day)
    closed_at = next((at for on, at in told if on >= day), None)
    in_time = Q(recorded_at__lt=closed_at) if closed_at else Q()
    found = Q(settled_at__gte=first, settled_at__lt=after) & in_time
    if told and told[0][0] < day:
        found |= Q(settled_at__lt=first, recorded_at__gte=told[0][1]) & in_time
    return found


def _by_category(institution_id: int, day: date) -> Rows:
    """What was earned, by the account it counts on."""
    for lines, sign in _earned(institution_id, day):
        rows = lines.order_by().values_list("price__item__category", "price__item__charge_type")
        for category, charge_type, count, amount in rows.annotate(Count("pk"), Sum("amount")):
            yield ("category", earning_key(earning_account(category, charge_type))), count, sign * amount


def _earned(institution_id: int, day: date) -> list[tuple[QuerySet[FeeDetail], int]]:
    """Lines of bills paid that day, returns among them; and those of bills given back that day, as far as they stood."""
    lines = FeeDetail.objects.filter(bill__encounter__institution=institution_id)
    given_back = _on(day, "bill__refunded_at") | _on(day, "bill__reverses__refunded_at")
    return [(lines.filter(_on(day, "bill__settled_at")), 1), (lines.filter(given_back), -1)]
