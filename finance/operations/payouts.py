"""Payouts to institutions that were invited: drafted, approved by a second person, paid, booked (FN-20 to FN-26)."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from finance.models import Payout
from finance.queries.payouts import open_payout, owed_to
from finance.rules import payouts as rules
from finance.rules.postings import Kind, payout_paid
from finance.states import PAYOUT, PayoutEvent
from kernel import clock
from kernel.errors import refuse_if_any
from kernel.numbering import next_in
from ledger import operations as ledger
from registry.models import Institution


@transaction.atomic
def draft_payout(*, payer_id: int, payee_id: int, through: date, by: User, at: datetime) -> Payout:
    """Draft what the books of one institution owe another one through an ended day.

    Drafting once more while one is under way is refused, so that a double click pays once.

    Raises:
        RulesBroken: FN-20, FN-21, FN-22.
    """
    payer = Institution.objects.select_for_update(of=("self",), no_key=True).get(pk=payer_id)
    payee = Institution.objects.get(pk=payee_id)
    owed = owed_to(payer_id, payee.code, through=through)
    has_open = open_payout(payer_id, payee_id) is not None
    today = clock.day_of(at)
    refuse_if_any(rules.drafting_violations(owed=owed, has_open=has_open, through=through, today=today))
    number = f"Z{payer_id:02d}-{today:%y%m%d}-{next_in(f'payout:{payer_id}', on=today):03d}"
    row = Payout.objects.create(
        number=number, payer=payer, payee=payee, through=through, amount=owed, drafted_by=by, drafted_at=at
    )
    audit.record("finance.payout.drafted", on=row, by=by, at=at, facts={"amount": str(owed)})
    return row


@transaction.atomic
def approve_payout(*, payout_id: int, by: User, at: datetime) -> Payout:
    """A second person agrees; nothing is booked before the bank has paid.

    Raises:
        RulesBroken: FN-23, FN-24.
        IllegalTransition: it is not a draft.
    """
    row = _locked(payout_id)
    row.state = PAYOUT.after(row.state, PayoutEvent.APPROVE)
    refuse_if_any(
        rules.approving_violations(
            drafted_by=row.drafted_by_id, by=by.pk, amount=row.amount, owed=_owed_now(row)
        )
    )
    row.approved_by, row.approved_at = by, at
    row.save(update_fields=["state", "approved_by", "approved_at"])
    audit.record("finance.payout.approved", on=row, by=by, at=at)
    return row


@transaction.atomic
def pay_payout(*, payout_id: int, reference: str, paid_on: date, by: User, at: datetime) -> Payout:
    """Record what the bank has paid, and book it on today's page of the books.

    Args:
        payout_id: an approved payout.
        reference: the bank's number of the transfer.
        paid_on: the bank's day, in Asia/Shanghai.
        by: who has the receipt.
        at: now.

    Raises:
        RulesBroken: FN-24, FN-25, FN-26.
        IllegalTransition: it is not approved, or is paid already.
    """
    row = _locked(payout_id)
    row.state = PAYOUT.after(row.state, PayoutEvent.PAY)
    said = {"reference": reference, "paid_on": paid_on}
    days = {"drafted_on": clock.day_of(row.drafted_at), "today": clock.day_of(at)}
    refuse_if_any(
        [
            *rules.paying_violations(reference=reference, paid_on=paid_on, **days),
            *rules.amount_violations(amount=row.amount, owed=_owed_now(row)),
        ]
    )
    row.reference, row.paid_on = reference.strip()[:100], paid_on
    row.ended_by, row.ended_at = by, at
    row.save(update_fields=["state", "reference", "paid_on", "ended_by", "ended_at"])
    facts = {name: str(value) for name, value in said.items()}
    audit.record("finance.payout.paid", on=row, by=by, at=at, facts=facts)
    ledger.post(
        key=f"payout:{row.number}",
        kind=Kind.PAYOUT_PAID,
        institution_id=row.payer_id,
        on=clock.day_of(at),
        at=at,
        lines=payout_paid(row.payee.code, row.amount),
        reason=f"{row.number} {row.reference}"[:200],
        by=by,
    )
    return row


@transaction.atomic
def cancel_payout(*, payout_id: int, reason: str, by: User, at: datetime) -> Payout:
    """Give up a payout that the bank has not paid.

    Raises:
        RulesBroken: FN-14.
        IllegalTransition: it is paid or cancelled.
    """
    row = _locked(payout_id)
    row.state = PAYOUT.after(row.state, PayoutEvent.CANCEL)
    refuse_if_any(rules.cancelling_violations(reason=reason))
    row.cancel_reason, row.ended_by, row.ended_at = reason.strip()[:300], by, at
    row.save(update_fields=["state", "cancel_reason", "ended_by", "ended_at"])
    audit.record("finance.payout.cancelled", on=row, by=by, at=at, facts={"reason": row.cancel_reason})
    return row


def _locked(payout_id: int) -> Payout:
    """The payout after its payer: drafting takes them in the same order."""
    payer_id = Payout.objects.values_list("payer_id", flat=True).get(pk=payout_id)
    Institution.objects.select_for_update(of=("self",), no_key=True).get(pk=payer_id)
    return Payout.objects.select_for_update(of=("self",)).select_related("payee").get(pk=payout_id)


def _owed_now(row: Payout) -> Decimal:
    """What the books owe by now, later days included: a share that went back meanwhile lowers it."""
    return owed_to(row.payer_id, row.payee.code, through=None)
