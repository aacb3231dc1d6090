"""What a person has found: charges that were too high, and differences that the other side is right about."""

from decimal import Decimal

from django.db.models import Sum

from billing.models import Bill
from finance.operations.books.writing import bill_of, write
from finance.rules import postings
from finance.rules.postings import Kind
from kernel import clock
from kernel.money import ZERO
from ledger import operations as ledger
from ledger.rules import AccountKey
from payments.models import Channel, PaymentOrder
from reconciliation.models import Difference, ReconciliationEntry
from reconciliation.rules.kinds import Subject
from registry.models import Institution
from repricing.models import CorrectionLine, Payback


def book_overcharge(payback_id: int) -> None:
    """What she paid too much is not earned."""
    payback = Payback.objects.get(pk=payback_id)
    lines = postings.given_back(_overcharged(payback), ZERO)
    bill = bill_of(payback.bill_id)
    key = f"payback:{payback.pk}:found"
    write(Kind.OVERCHARGE_FOUND, key, lines, bill=bill, at=payback.requested_at)


def _overcharged(payback: Payback) -> dict[AccountKey, Decimal]:
    """Yuan by account; they sum to the payback."""
    rows = CorrectionLine.objects.filter(
        batch=payback.batch_id,
        charge__bill=payback.bill_id,
        difference_amount__lt=0,
        carried_out_at__isnull=False,
    ).values_list("charge__price__item__category", "charge__price__item__charge_type")
    found: dict[AccountKey, Decimal] = {}
    for category, charge_type, cash in rows.annotate(Sum("cash_difference")).order_by():
        account = postings.earning_account(category, charge_type)
        found[account] = found.get(account, ZERO) - cash
    return found


def book_paid_back_by_office(payback_id: int) -> None:
    """The money office gave it back by another way than the channel."""
    payback = Payback.objects.get(pk=payback_id)
    lines = postings.paid_back_by_office(payback.amount)
    at = payback.ended_at or payback.requested_at
    write(
        Kind.PAID_BACK_BY_OFFICE, f"payback:{payback.pk}:paid", lines, bill=bill_of(payback.bill_id), at=at,
        reason=payback.receipt,
    )  # fmt: skip


def book_difference(entry_id: int) -> None:
    """The other side's word counts with us from now on, or, when it was opened again, no more."""
    entry = ReconciliationEntry.objects.select_related(
        "difference__comparison", "difference__settlement", "difference__bill", "difference__claim__bill",
        "difference__order__bill", "difference__refund__order__bill",
    ).get(pk=entry_id)  # fmt: skip
    difference = entry.difference
    bill = _bill_of(difference)
    lines = postings.difference_booked(_gaps(entry))
    if lines:
        ledger.post(
            key=f"difference:{difference.pk}:{entry.pk}",
            kind=Kind.DIFFERENCE_BOOKED.value,
            institution_id=_institution_id(difference),
            on=clock.day_of(entry.at),
            at=entry.at,
            lines=lines,
            subject=bill.number if bill else "",
            reason=entry.reason[:200],
            by=entry.by,
        )


def _gaps(entry: ReconciliationEntry) -> dict[AccountKey, Decimal]:
    """Yuan that each account is moved by; what she pays is never in the insurer's hands."""
    difference = entry.difference
    if difference.subject == Subject.BILL:
        return {postings.PATIENT: entry.fund_amount + entry.account_amount + entry.cash_amount}
    if difference.subject in (Subject.PAYMENT, Subject.REFUND):
        return {postings.clearing(_channel_of(difference)): entry.cash_amount}
    settlement = difference.settlement
    region = settlement.insured_region if settlement else ""
    region = region or Institution.objects.get(pk=_institution_id(difference)).region_code
    return {
        postings.insurer(region, "fund"): entry.fund_amount,
        postings.insurer(region, "account"): entry.account_amount,
    }


def _order_of(difference: Difference) -> PaymentOrder | None:
    return difference.refund.order if difference.refund else difference.order


def _channel_of(difference: Difference) -> str:
    """The channel of the order; of one that we do not know, that whose bill was compared."""
    order = _order_of(difference)
    source = difference.comparison.source
    if order:
        return order.channel
    return source if source in Channel.values else Channel.WECHAT.value


def _bill_of(difference: Difference) -> Bill | None:
    order = _order_of(difference)
    if difference.bill or order is None:
        return difference.bill or (difference.claim.bill if difference.claim else None)
    return order.bill


def _institution_id(difference: Difference) -> int:
    """Whose books; what the channel holds for an order that nobody knows is booked at the first institution."""
    bill = _bill_of(difference)
    if bill:
        return bill.encounter.institution_id
    return (
        difference.comparison.institution_id
        or Institution.objects.order_by("pk").values_list("pk", flat=True)[0]
    )
