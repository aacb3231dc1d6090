"""What the insurance has transferred for a month: entered by one person, booked by another (FN-40 to FN-45)."""

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from audit import operations as audit
from finance.models import InsurerTransfer, InsurerTransferLine
from finance.queries.insurer_transfers import is_reference_known, is_waiting, owed_for, taken_back
from finance.rules import insurer_transfers as rules
from finance.rules.payouts import cancelling_violations
from finance.rules.postings import Kind, insurer, insurer_paid_out
from finance.states import INSURER_TRANSFER, InsurerTransferEvent
from kernel import clock
from kernel.errors import refuse_if_any
from kernel.money import ZERO
from kernel.numbering import next_in
from ledger import operations as ledger
from ledger.rules import AccountKey
from registry.models import Institution


@transaction.atomic
def enter_insurer_transfer(
    *,
    institution_id: int, agency: str, month: date, amount: Decimal, reference: str, on: date,
    rest: str, explanation: str, by: User, at: datetime,
) -> InsurerTransfer:  # fmt: skip
    """Enter what an agency has transferred for a month; nothing is booked before a second person has seen it.

    Args:
        institution_id: whose money.
        agency: who clears, as the insurer calls it (clr_optins).
        month: its first day; settlements count in the month that the insurer says.
        amount: yuan that arrived.
        reference: the bank's number of the transfer.
        on: the day on the bank statement.
        rest: what becomes of a difference, a value of ``finance.models.Rest``.
        explanation: why it differs; empty when it does not.
        by: who has the statement.
        at: now.

    Raises:
        RulesBroken: FN-32, FN-40 to FN-44.
    """
    _alone(Institution.objects.filter(pk=institution_id))
    reference = reference.strip()
    own = owed_for(institution_id, agency, month)
    below = taken_back(institution_id, agency, beside=month, before=on)
    owed = rules.settled_with(amount, own, below, month=month)
    total, today = sum(owed.values(), ZERO), clock.day_of(at)
    said = rules.Arrived(
        amount, on, rest, explanation,
        has_open=is_waiting(institution_id, agency, month),
        is_known=is_reference_known(institution_id, reference),
    )  # fmt: skip
    refuse_if_any(rules.entering_violations(said, owed=total, today=today))
    differs = amount != total
    row = InsurerTransfer.objects.create(
        number=f"Y{institution_id:02d}-{today:%y%m%d}-{next_in(f'insurer transfer:{institution_id}', on=today):03d}",
        institution_id=institution_id, agency=agency, month=month, amount=amount, owed_amount=total,
        reference=reference, arrived_on=on, rest=rest if differs else "",
        explanation=explanation.strip()[:300] if differs else "", entered_by=by, entered_at=at,
    )  # fmt: skip
    InsurerTransferLine.objects.bulk_create(
        InsurerTransferLine(
            transfer=row, month=None if each == month else each, region=region, payer=payer, amount=part
        )
        for (each, region, payer), part in rules.paid_of(amount, owed, rest=row.rest).items()
    )
    facts = {"amount": str(amount), "owed": str(total), "explanation": row.explanation}
    audit.record("finance.insurer_transfer.entered", on=row, by=by, at=at, facts=facts)
    return row


def _alone(institutions: QuerySet[Institution]) -> None:
    """One at a time for an institution: what is owed does not change between reading it and writing."""
    institutions.select_for_update(of=("self",), no_key=True).get()


@transaction.atomic
def book_insurer_transfer(*, transfer_id: int, by: User, at: datetime) -> InsurerTransfer:
    """A second person has seen the statement: it is in the books, on the day that the statement says.

    Raises:
        RulesBroken: FN-45.
        IllegalTransition: it is booked or withdrawn already.
    """
    row = _ended(transfer_id, InsurerTransferEvent.BOOK, by=by, at=at)
    refuse_if_any(rules.booking_violations(entered_by=row.entered_by_id, by=by.pk))
    row.save(update_fields=["state", "ended_by", "ended_at"])
    audit.record("finance.insurer_transfer.booked", on=row, by=by, at=at)
    paid: dict[AccountKey, Decimal] = defaultdict(lambda: ZERO)
    for line in row.lines.all():
        paid[insurer(line.region, line.payer)] += line.amount
    ledger.post(
        key=f"insurer transfer:{row.number}",
        kind=Kind.INSURER_PAID_OUT,
        institution_id=row.institution_id,
        on=row.arrived_on,
        at=at,
        lines=insurer_paid_out(row.amount, paid),
        reason=f"{row.number} {row.reference}"[:200],
        by=by,
    )
    return row


@transaction.atomic
def withdraw_insurer_transfer(*, transfer_id: int, reason: str, by: User, at: datetime) -> InsurerTransfer:
    """It was entered by mistake; whoever sees it withdraws it.

    Raises:
        RulesBroken: FN-14.
        IllegalTransition: it is booked or withdrawn already.
    """
    row = _ended(transfer_id, InsurerTransferEvent.WITHDRAW, by=by, at=at)
    refuse_if_any(cancelling_violations(reason=reason))
    row.withdraw_reason = reason.strip()[:300]
    row.save(update_fields=["state", "withdraw_reason", "ended_by", "ended_at"])
    facts = {"reason": row.withdraw_reason}
    audit.record("finance.insurer_transfer.withdrawn", on=row, by=by, at=at, facts=facts)
    return row


def _ended(transfer_id: int, event: InsurerTransferEvent, *, by: User, at: datetime) -> InsurerTransfer:
    """The transfer, locked, as it is after the event; not saved."""
    _alone(
        Institution.objects.filter(
            pk__in=InsurerTransfer.objects.filter(pk=transfer_id).values("institution")
        )
    )
    row = InsurerTransfer.objects.select_for_update(of=("self",)).get(pk=transfer_id)
    row.state = INSURER_TRANSFER.after(row.state, event)
    row.ended_by, row.ended_at = by, at
    return row
