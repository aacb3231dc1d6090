"""Give lines of a settled bill back: 2208 for the whole settlement, then settle again what stays."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from insurance.events import LinesReturned
from insurance.models import Claim, LineReturn
from insurance.operations import claims
from insurance.operations.uploading import lines_of, total_of
from insurance.rules.commands import returning_violations
from insurance.rules.returns import Shares, difference
from insurance.states import WITHOUT_SETTLEMENT, ClaimState
from kernel import events
from kernel.errors import refuse_if_any
from kernel.money import ZERO

_ALL = Decimal(-1)
"""Stands for all that is settled of a line."""


@transaction.atomic
def return_lines(
    *,
    bill_id: int,
    line_numbers: Collection[int] = (),
    quantities: Mapping[int, Decimal] | None = None,
    by: User | None,
    at: datetime,
) -> LineReturn:
    """Take the settlement of the bill back and settle what stays; asking twice does it once.

    ``LinesReturned`` follows, with the difference for each payer on the row. When the insurer does not settle what
    stays, the patient owes it or has it back from what she paid: the event says so, too. Money that goes back to her
    in cash is not moved here.

    Args:
        bill_id: the bill.
        line_numbers: lines of which all that is settled goes back.
        quantities: units that go back, by number of the line.
        by: who wants it; None for the system.
        at: now.

    Raises:
        RulesBroken: IN-39.
    """
    claim = _live_claim(bill_id)
    if claim is None:
        refuse_if_any(returning_violations(state="", asked={}, settled={}))
        raise ValueError("a bill without a claim has nothing to return")
    settled = {line.number: line.quantity for line in lines_of(claim)}
    asked = dict.fromkeys(line_numbers, _ALL) | dict(quantities or {})
    asked = {number: settled.get(number, _ALL) if units == _ALL else units for number, units in asked.items()}
    under_way = LineReturn.objects.filter(claim=claim, concluded_at__isnull=True).first()
    if under_way and returned_units(under_way) == asked:
        return under_way
    refuse_if_any(returning_violations(state=claim.state, asked=asked, settled=settled))
    returned = LineReturn.objects.create(
        claim=claim, line_numbers=sorted(asked), requested_by=by, requested_at=at,
        quantities={str(number): str(units) for number, units in asked.items()},
    )  # fmt: skip
    claims.reverse_claim(claim_id=claim.pk, by=by, at=at)
    return returned


def returned_units(returned: LineReturn) -> dict[int, Decimal]:
    """Units that a return gives back, by number of the line."""
    settled = {line.number: line.quantity for line in lines_of(returned.claim)}
    said = {int(number): Decimal(units) for number, units in returned.quantities.items()}
    return {number: said.get(number, settled[number]) for number in returned.line_numbers}


def _live_claim(bill_id: int) -> Claim | None:
    """The claim of the bill that counts, locked; the newest when none is live, None when there never was one."""
    found = Claim.objects.filter(bill=bill_id).order_by("-pk")
    counts = found.exclude(state__in=WITHOUT_SETTLEMENT).first() or found.first()
    return claims.locked(counts.pk) if counts else None


def return_under_way(claim_id: int) -> LineReturn | None:
    """The open return of lines that this claim is part of, whether it is taken apart or settled again."""
    taken_apart = LineReturn.objects.filter(concluded_at__isnull=True)
    return (
        taken_apart.filter(claim=claim_id).first() or taken_apart.filter(claim__replaced_by=claim_id).first()
    )


def settled_again(returned: LineReturn) -> Claim | None:
    """The claim that counts after a return; None when the insurer pays nothing any more."""
    return Claim.objects.get(replaces=returned.claim_id) if returned.is_settled_again else None


def go_on(claim: Claim, *, at: datetime) -> None:
    """After a step of a claim's life: what it means for a return of lines, if it is part of one.

    The caller holds the lock and the transaction.
    """
    if claim.state == ClaimState.REVERSED:
        _settle_rest(claim, at=at)
    elif returned := _return_behind(claim):
        _follow(claim, returned, at=at)


def _follow(claim: Claim, returned: LineReturn, *, at: datetime) -> None:
    """She has paid already and need not be asked: what stays is settled as soon as the insurer has said its part."""
    if claim.state == ClaimState.PRESETTLED:
        claims.submit_claim(claim_id=claim.pk, by=returned.requested_by, at=at)
    elif claim.state == ClaimState.SETTLED:
        _conclude(returned, _shares(claim), is_settled_again=True, at=at)
    elif claim.state in WITHOUT_SETTLEMENT:
        _conclude(returned, Shares(ZERO, ZERO, total_of(claim)), is_settled_again=False, at=at)


def _settle_rest(claim: Claim, *, at: datetime) -> None:
    """The settlement is taken back: open the claim for what stays, or end the return when nothing does."""
    returned = LineReturn.objects.filter(claim=claim, concluded_at__isnull=True).first()
    if returned is None:
        return
    units = returned_units(returned)
    charged = {line.number: line.quantity for line in claim.bill.lines.all()}
    stays = {number: claim.kept_of(number, whole) - units.get(number, 0) for number, whole in charged.items()}
    if not any(stays.values()):
        _conclude(returned, Shares(ZERO, ZERO, ZERO), is_settled_again=False, at=at)
        return
    claims.add_claim(
        claim.bill_id,
        claim.registration,
        by=returned.requested_by,
        at=at,
        replaces=claim,
        kept={number: kept for number, kept in stays.items() if kept != charged[number]},
    )


def give_up(claim: Claim, *, at: datetime) -> None:
    """The insurer does not take the settlement back, so no line of it can be returned."""
    returned = LineReturn.objects.filter(claim=claim, concluded_at__isnull=True).first()
    if returned:
        facts = {"lines": returned.line_numbers}
        audit.record(
            "insurance.lines.return_given_up", on=claim, by=returned.requested_by, at=at, facts=facts
        )
        returned.delete()


def _return_behind(claim: Claim) -> LineReturn | None:
    """The open return that this claim settles the rest of."""
    if claim.replaces_id is None:
        return None
    return LineReturn.objects.filter(claim=claim.replaces_id, concluded_at__isnull=True).first()


def _conclude(returned: LineReturn, now: Shares, *, is_settled_again: bool, at: datetime) -> None:
    changed = difference(_shares(returned.claim), now)
    returned.is_settled_again = is_settled_again
    returned.fund_difference = changed.fund
    returned.account_difference = changed.account
    returned.cash_difference = changed.cash
    returned.concluded_at = at
    returned.save()
    facts = {"lines": returned.line_numbers, "cash_difference": str(changed.cash)}
    audit.record("insurance.lines.returned", on=returned.claim, by=returned.requested_by, at=at, facts=facts)
    events.publish(LinesReturned(returned.pk))


def _shares(claim: Claim) -> Shares:
    return Shares(claim.fund_amount or ZERO, claim.account_amount or ZERO, claim.cash_amount or ZERO)
