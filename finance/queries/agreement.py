"""Whether the books of a bill say what bill, insurer and channel say."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from billing.models import Bill
from billing.queries import standing_parts
from billing.states import BillState
from insurance.models import Settlement
from kernel.money import ZERO
from ledger.models import Entry
from ledger.rules import AccountKind
from payments.models import PaymentOrder, Refund
from payments.states import RefundState
from repricing.models import Payback
from repricing.states import PaybackState

_K = AccountKind
_EARNING = (_K.REVENUE, _K.ONSITE_FEE, _K.DELIVERY, _K.INSTITUTION_PAYABLE, _K.PLATFORM)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One sum of the books that is not what it should be; yuan."""

    what: str
    """Name of the account."""
    books: Decimal
    should_be: Decimal


def disagreements(bill: Bill) -> list[Disagreement]:
    """Every sum of a bill that differs; empty when ledger, bill, insurer and channel agree.

    ``bill`` is no return. What she owes is looked at only when nothing of the bill is under way.
    """
    held = _balances(bill)
    expected = dict(_expected(bill))
    return [
        Disagreement(what, held.get(what, ZERO), amount)
        for what, amount in expected.items()
        if held.get(what, ZERO) != amount
    ]


def _expected(bill: Bill) -> Iterator[tuple[str, Decimal]]:
    """What each account should hold; debits above zero."""
    paid = _sum(PaymentOrder.objects.filter(bill=bill, paid_at__isnull=False), "amount")
    refunds = Refund.objects.filter(order__bill=bill)
    done = _sum(refunds.filter(state=RefundState.DONE), "amount")
    under_way = _sum(refunds.filter(state__in=[RefundState.REQUESTED, RefundState.PROCESSING]), "amount")
    insured = _insured(bill)
    earned, borne = _earned(bill)
    yield _K.CHANNEL_CLEARING, paid - done
    yield _K.REFUND_PAYABLE, -under_way
    yield _K.INSURER_RECEIVABLE, insured
    yield "earned", -earned
    yield _K.HOSPITAL_BORNE, borne
    yield _K.PATIENT_RECEIVABLE, earned - borne - insured - (paid - done - under_way) + _paid_by_office(bill)


def _insured(bill: Bill) -> Decimal:
    rows = Settlement.objects.filter(claim__bill=bill)
    return _sum(rows, "fund_amount") + _sum(rows, "account_amount")


def _earned(bill: Bill) -> tuple[Decimal, Decimal]:
    """Yuan that stand of a bill that was paid, and of them what the hospital bears."""
    if bill.state != BillState.SETTLED:
        return ZERO, ZERO
    standing = Bill.objects.filter(pk=bill.pk) | Bill.objects.filter(reverses=bill)
    overcharged = Payback.objects.filter(bill=bill).exclude(state=PaybackState.WITHDRAWN)
    return _sum(standing, "total_amount") - _sum(overcharged, "amount"), standing_parts(bill.pk).institution


def _paid_by_office(bill: Bill) -> Decimal:
    """Yuan that left the bank for her."""
    kept = Entry.objects.filter(posting__subject=bill.number, account__kind=_K.BANK)
    return -_sum(kept, "posted")


def owes_nothing(bill: Bill) -> bool:
    """Whether the books hold nothing that she owes, or is owed, of the bill."""
    return _balances(bill).get(_K.PATIENT_RECEIVABLE, ZERO) == 0


def _balances(bill: Bill) -> dict[str, Decimal]:
    """What the books hold of the bill: yuan by kind of account, everything earned together."""
    rows = Entry.objects.filter(
        posting__subject=bill.number, posting__institution=bill.encounter.institution_id
    ).order_by()
    held: dict[str, Decimal] = dict(rows.values_list("account__kind").annotate(Sum("posted")))
    held["earned"] = sum((held.get(kind, ZERO) for kind in _EARNING), ZERO)
    return held


def _sum(rows: QuerySet[Any], column: str) -> Decimal:
    return Decimal(rows.aggregate(sum=Sum(column, default=ZERO))["sum"])
