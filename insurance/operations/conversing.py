"""Carry out what the pure rules say next, until they say what it came to."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from insurance.gateway import messages as m
from insurance.gateway.port import (
    GatewayRefused,
    GatewayUnanswered,
    MessageAlreadyReceived,
    ReplyDisputed,
)
from insurance.models import Claim
from insurance.operations.routes import ClaimRoute
from insurance.operations.uploading import total_of
from insurance.rules.outcomes import Answer, Heard, Held, Rule, Step
from insurance.rules.records import reversal_fault, settlement_fault
from insurance.rules.returns import Shares
from insurance.rules.schedule import NOTHING_ARRIVES_LATE

Send = Callable[[], m.SettlementReply | None]
Ask = Callable[[], tuple[Held, m.SettlementReply | None]]
Check = Callable[[m.SettlementReply], str]
"""What is wrong with a record; empty when nothing is. However it becomes known, it is compared before it is believed."""


@dataclass(frozen=True)
class Ending:
    """What a conversation came to; ``reason`` is what was said when something went wrong, in the insurer's words."""

    step: Step
    record: m.SettlementReply | None = None
    reason: str = ""


def converse(rule: Rule, heard: Heard, *, send: Send, ask: Ask, check: Check) -> Ending:
    """Ask and send as the rule says; calls out, never inside a transaction."""
    record: m.SettlementReply | None = None
    reason = ""
    while True:
        step = rule(heard)
        if step is Step.SEND:
            answer, record, reason = _sent(send, check)
            heard = replace(heard, answer=answer, held=None)
        elif step is Step.ASK:
            held, record, said = _asked(ask, check)
            reason = said if held is Held.DISPUTED else reason or said
            heard = replace(heard, held=held)
        else:
            return Ending(step, record, reason)


def _sent(send: Send, check: Check) -> tuple[Answer, m.SettlementReply | None, str]:
    try:
        reply = send()
    except GatewayRefused as refusal:
        return Answer.REFUSED, None, refusal.reason
    except MessageAlreadyReceived as repeated:
        return Answer.REPEATED, None, repeated.reason
    except ReplyDisputed as disputed:
        return Answer.DISPUTED, None, disputed.reason
    except GatewayUnanswered as silence:
        return Answer.SILENT, None, silence.reason
    if reply is not None and (fault := check(reply)):
        return Answer.DISPUTED, None, fault
    return Answer.DONE, reply, ""


def _asked(ask: Ask, check: Check) -> tuple[Held, m.SettlementReply | None, str]:
    try:
        held, record = ask()
    except GatewayRefused as refusal:
        return Held.UNASKABLE, None, refusal.reason
    except ReplyDisputed as disputed:
        return Held.DISPUTED, None, disputed.reason
    except GatewayUnanswered as silence:
        return Held.UNTOLD, None, silence.reason
    if record is not None and (fault := check(record)):
        return Held.DISPUTED, None, fault
    return held, record, ""


def settles(claim: Claim) -> Check:
    """A settlement is of the claim's total, and its three payers pay it."""

    def fault_in(record: m.SettlementReply) -> str:
        return settlement_fault(
            total=record.total_amount, hospital=record.hospital_part_amount, asked=total_of(claim)
        )

    return fault_in


def takes_back(claim: Claim) -> Check:
    """A reversal is of every part of the settlement."""

    def fault_in(record: m.SettlementReply) -> str:
        row = claim.settlements.get(reverses__isnull=True)
        settled = Shares(row.fund_amount, row.account_amount, row.cash_amount)
        said = Shares(record.fund_amount, record.accounts_amount, record.cash_amount)
        return reversal_fault(said, hospital=record.hospital_part_amount, settled=settled)

    return fault_in


def what_is_settled(route: ClaimRoute, claim: Claim) -> tuple[Held, m.SettlementReply | None]:
    """What the insurer holds of our settling message."""
    record = route.held(claim, claim.settle_msgid or "")
    if record is None:
        return Held.NOTHING, None
    return (Held.MADE, record) if _is_in_force(record) else (Held.TAKEN_BACK, None)


def what_is_reversed(route: ClaimRoute, claim: Claim) -> tuple[Held, m.SettlementReply | None]:
    """What the insurer holds of our reversing message; when it is nothing, whether the settlement still stands."""
    record = route.held(claim, claim.reverse_msgid or "")
    if record is not None:
        return Held.MADE, record
    settled, _record = what_is_settled(route, claim)
    return (Held.NOTHING, None) if settled == Held.MADE else (Held.TAKEN_BACK, None)


def _is_in_force(record: m.SettlementReply) -> bool:
    """A centre that does not say means that it is."""
    return getattr(record, "is_in_force", None) is not False


def is_late(claim: Claim, *, at: datetime) -> bool:
    """Whether nothing that was sent in an earlier conversation about the claim can still arrive."""
    return claim.last_asked_at is not None and at - claim.last_asked_at > NOTHING_ARRIVES_LATE
