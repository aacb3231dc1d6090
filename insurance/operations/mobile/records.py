"""What became of an order, told as a settlement or its reversal."""

from decimal import Decimal

from insurance.gateway import messages as m
from insurance.gateway.port import GatewayRefused, GatewayUnanswered, ReplyDisputed
from insurance.models import Claim, MobileOrder
from insurance.operations.insurer import insurer_of
from insurance.operations.messages import exchange
from insurance.operations.mobile.orders import amounts_of
from insurance.rules.mobile import Amounts, disagreement
from kernel.money import ZERO


def settlement_record(claim: Claim, order: MobileOrder, said: Amounts | None) -> m.SettlementRecord:
    """The settlement of the order: the core's own record of the batch, else what the centre said.

    Raises:
        GatewayUnanswered: neither says who paid what.
        ReplyDisputed: what they say differs, or differs from what was agreed.
    """
    held = [row for row in _held(claim) if row.total_amount >= 0]
    known = amounts_of(order) or said
    record = held[-1] if held else _from_centre(claim, order, known)
    if wrong := disagreement("6301", amounts_of(order), said) or disagreement("5203", known, _parts(record)):
        raise ReplyDisputed(wrong)
    return record


def reversal_record(claim: Claim, order: MobileOrder, number: str) -> m.SettlementRecord:
    """The record that takes the settlement back: the core's own, else the settlement turned negative."""
    held = [row for row in _held(claim) if row.total_amount < 0]
    by_number = [row for row in held if row.sender_message_id == number]
    if held:
        return (by_number or held)[-1]
    settled = claim.settlements.get(reverses__isnull=True)
    return _plain(
        claim,
        number=number,
        amounts=Amounts(-settled.fund_amount, -settled.account_amount, -settled.cash_amount),
    )


def core_holds(claim: Claim) -> bool:
    """Whether the core has a settlement of the batch in force.

    Raises:
        GatewayUnanswered: it does not say.
    """
    return any(row.total_amount >= 0 and row.is_in_force is not False for row in _held(claim))


def _held(claim: Claim) -> list[m.SettlementRecord]:
    """5203 of the visit: the records of the claim's batch, oldest first.

    Raises:
        GatewayUnanswered: not known.
    """
    registration = claim.registration
    gateway = insurer_of(registration.encounter.institution)
    request = m.QuerySettlement(
        insured_region=registration.insured_region,
        person_number=registration.person_number,
        visit_number=registration.visit_number,
    )
    try:
        answer = exchange(
            "5203",
            lambda number: gateway.query_settlement(number, request),
            registration=registration,
            claim=claim,
            repeatable=True,
        )
    except GatewayRefused as refusal:
        raise GatewayUnanswered(refusal.reason) from refusal
    return [row for row in answer.records if row.batch_number == claim.batch_number]


def _from_centre(claim: Claim, order: MobileOrder, known: Amounts | None) -> m.SettlementRecord:
    """A province whose core does not show what its centre settled: the centre's number stands for the settlement's."""
    if known is None:
        raise GatewayUnanswered("the order is settled, and nobody says who paid what")
    return _plain(claim, number=(order.centre_number or "")[-30:], amounts=known)


def _plain(claim: Claim, *, number: str, amounts: Amounts) -> m.SettlementRecord:
    """Only what is known: three parts and a number."""
    registration = claim.registration
    return m.SettlementRecord(
        visit_number=registration.visit_number,
        person_number=registration.person_number,
        settlement_number=number,
        total_amount=amounts.fund + amounts.account + amounts.cash,
        full_own_pay_amount=ZERO,
        over_limit_amount=ZERO,
        first_self_pay_amount=ZERO,
        in_scope_amount=ZERO,
        fund_amount=amounts.fund,
        account_amount=amounts.account,
        cash_amount=amounts.cash,
        batch_number=claim.batch_number,
    )


def _parts(record: m.SettlementRecord) -> Amounts:
    """Fund, account (a family's included) and cash."""
    account = record.total_amount - record.fund_amount - record.cash_amount - record.hospital_part_amount
    return Amounts(record.fund_amount, Decimal(account), record.cash_amount)
