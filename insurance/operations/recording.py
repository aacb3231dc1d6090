"""Write down what the insurer holds: once, and only where that word is waited for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Self

from django.db import transaction

from accounts.models import User
from insurance.events import ClaimReversed, ClaimSettled, ClaimVoided
from insurance.gateway import messages as m
from insurance.models import Claim, Settlement
from insurance.operations import claims
from insurance.states import CLAIM, ClaimEvent, ClaimState
from kernel import events
from kernel.money import ZERO


@dataclass(frozen=True, kw_only=True)
class Record:
    """A settlement or reversal as the insurer holds it, from its reply or from its screen; amounts in yuan.

    Family mutual aid is account money. The three parts sum to the total.
    """

    number: str
    fund: Decimal
    account: Decimal
    cash: Decimal
    mutual_aid: Decimal = ZERO
    balance: Decimal | None = None
    settled_at: datetime | None = None
    clearing_type: str = ""
    clearing_way: str = ""
    clearing_agency: str = ""

    @classmethod
    def of(cls, reply: m.SettlementReply) -> Self:
        """What a reply says."""
        return cls(
            number=reply.settlement_number or "",
            fund=reply.fund_amount,
            account=Decimal(reply.total_amount - reply.fund_amount - reply.cash_amount),
            cash=reply.cash_amount,
            mutual_aid=reply.mutual_aid_amount,
            balance=reply.account_balance,
            settled_at=reply.settled_at,
            clearing_type=reply.clearing_type or "",
            clearing_way=reply.clearing_way or "",
            clearing_agency=reply.clearing_office or "",
        )


@transaction.atomic
def record_settlement(
    *,
    claim_id: int,
    record: Record,
    at: datetime,
    expected: Collection[ClaimState],
    by: User | None = None,
) -> None:
    """One settlement here for the one there.

    An answer that comes when the claim has left the ``expected`` states is old news: while a settlement is being
    undone, only the undoing may find that it stands.
    """
    claim = claims.locked(claim_id)
    if claim.state not in expected or not CLAIM.allows(claim.state, ClaimEvent.SETTLE):
        return
    take_amounts(claim, record)
    _row(claim, record, msgid=claim.settle_msgid or "", reverses=None, at=at)
    claim.refusal = ""
    claims.move(claim, ClaimEvent.SETTLE, by=by, at=at)
    events.publish(ClaimSettled(claim.pk))


@transaction.atomic
def record_reversal(*, claim_id: int, record: Record, at: datetime, by: User | None = None) -> None:
    """The negative record of its own number."""
    claim = claims.locked(claim_id)
    if not CLAIM.allows(claim.state, ClaimEvent.CONFIRM_REVERSAL):
        return
    settlement = claim.settlements.get(reverses__isnull=True)
    _row(claim, record, msgid=claim.reverse_msgid or "", reverses=settlement, at=at)
    claims.move(claim, ClaimEvent.CONFIRM_REVERSAL, by=by, at=at)
    events.publish(ClaimReversed(claim.pk))


@transaction.atomic
def record_void(*, claim_id: int, at: datetime, by: User | None = None) -> None:
    """The insurer holds nothing of it, and will not."""
    claim = claims.locked(claim_id)
    if not CLAIM.allows(claim.state, ClaimEvent.CONFIRM_VOID):
        return
    claims.move(claim, ClaimEvent.CONFIRM_VOID, by=by, at=at)
    events.publish(ClaimVoided(claim.pk))


def take_amounts(claim: Claim, record: Record) -> None:
    """The three payers; the caller saves."""
    claim.fund_amount, claim.account_amount, claim.cash_amount = record.fund, record.account, record.cash
    claim.mutual_aid_amount = record.mutual_aid


def _row(
    claim: Claim, record: Record, *, msgid: str, reverses: Settlement | None, at: datetime
) -> Settlement:
    """The insurer's record as it said it."""
    registration = claim.registration
    return Settlement.objects.create(
        claim=claim,
        number=record.number,
        msgid=msgid,
        reverses=reverses,
        institution=registration.encounter.institution,
        insurance_type=registration.insurance_type,
        clearing_type=record.clearing_type,
        clearing_way=record.clearing_way,
        clearing_agency=record.clearing_agency,
        insured_region=registration.insured_region,
        total_amount=record.fund + record.account + record.cash,
        fund_amount=record.fund,
        account_amount=record.account,
        cash_amount=record.cash,
        mutual_aid_amount=record.mutual_aid,
        account_balance=record.balance,
        settled_at=record.settled_at or at,
        recorded_at=at,
    )
