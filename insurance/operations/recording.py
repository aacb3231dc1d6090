"""Write down what the insurer holds; callers hold the lock on the claim, whose state lets it count once."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Self

from accounts.models import User
from insurance.events import ClaimReversed, ClaimSettled, ClaimVoided
from insurance.gateway import messages as m
from insurance.models import Claim, Settlement
from insurance.operations import claims
from insurance.states import ClaimEvent
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


def record_settlement(claim: Claim, record: Record, *, at: datetime, by: User | None = None) -> None:
    """One settlement here for the one there.

    Raises:
        IllegalTransition: the claim does not wait for it.
    """
    take_amounts(claim, record)
    claim.refusal = ""
    claims.move(claim, ClaimEvent.SETTLE, by=by, at=at)
    _row(claim, record, msgid=claim.settle_msgid or "", reverses=None, at=at)
    events.publish(ClaimSettled(claim.pk))


def record_reversal(claim: Claim, record: Record, *, at: datetime, by: User | None = None) -> None:
    """The negative record of its own number.

    Raises:
        IllegalTransition: the claim does not wait for it.
    """
    settlement = claim.settlements.get(reverses__isnull=True)
    claims.move(claim, ClaimEvent.CONFIRM_REVERSAL, by=by, at=at)
    _row(claim, record, msgid=claim.reverse_msgid or "", reverses=settlement, at=at)
    events.publish(ClaimReversed(claim.pk))


def record_void(claim: Claim, *, at: datetime, by: User | None = None) -> None:
    """The insurer holds nothing of it, and will not.

    Raises:
        IllegalTransition: the claim does not wait for it.
    """
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
