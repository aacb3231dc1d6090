"""What a channel has handed over to the bank, entered by a person (FN-30 to FN-32)."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from finance.operations.books import book_channel_payout
from finance.queries.transfers import is_entered
from finance.rules.postings import clearing
from finance.rules.transfers import transfer_violations
from kernel import clock
from kernel.errors import refuse_if_any
from ledger.queries import balance
from registry.models import Institution


@transaction.atomic
def enter_transfer(
    *,
    institution_id: int, channel: str, reference: str, on: date, gross: Decimal, fee: Decimal,
    by: User, at: datetime,
) -> None:  # fmt: skip
    """Book a transfer of a channel; the same number with the same amounts is the same transfer.

    Args:
        institution_id: whose money.
        channel: a value of ``payments.models.Channel``.
        reference: the channel's number of the transfer.
        on: the day on the bank statement.
        gross: yuan that left the channel, its fee included.
        fee: yuan that the channel kept.
        by: who has the statement.
        at: now.

    Raises:
        RulesBroken: FN-30, FN-31, FN-32.
        LedgerRefused: LG-04, the number was entered before with other amounts.
    """
    Institution.objects.select_for_update(of=("self",), no_key=True).get(pk=institution_id)
    reference = reference.strip()
    if not is_entered(channel, reference):
        held = balance(institution_id, clearing(channel)).posted
        today = clock.day_of(at)
        refuse_if_any(transfer_violations(gross=gross, fee=fee, held=held, on=on, today=today))
    book_channel_payout(
        institution_id=institution_id,
        channel=channel,
        reference=reference,
        on=on,
        gross=gross,
        fee=fee,
        at=at,
        by=by,
    )
