"""What a refund takes out of a receipt, and what stands afterwards; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from billing.rules import Parts
from kernel.money import ZERO
from receipts.rules.content import Adjustment, Content, Line, Movement, RefundFacts


@dataclass(frozen=True, slots=True)
class Returned:
    """How much of a line went back: quantity and yuan by payer, both positive when they went back."""

    quantity: Decimal
    parts: Parts


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What one refund gave back, in yuan."""

    lines: Mapping[int, Returned]
    """By number of the line; empty for a refund of money only."""
    parts: Parts
    """All of it; a payer who bears more than before has a negative part."""
    movements: tuple[Movement, ...]
    """What went back at the channel, negative."""


def everything_of(content: Content, movements: tuple[Movement, ...]) -> GivenBack:
    """The whole receipt."""
    lines = {line.number: Returned(line.quantity, line.parts) for line in content.lines}
    return GivenBack(lines, content.parts, movements)


def what_stands(before: Content, given: GivenBack, reason: str) -> Content | None:
    """The receipt after a refund; None when nothing stands.

    Money that went back without any line is an adjustment with its reason.
    """
    lines = tuple(_less(line, given.lines.get(line.number)) for line in before.lines)
    kept = tuple(line for line in lines if line.quantity or line.amount)
    adjustments = before.adjustments
    if not given.lines and given.parts.total:
        adjustments = (*adjustments, Adjustment(reason, -given.parts))
    after = replace(
        before,
        lines=kept,
        adjustments=adjustments,
        parts=before.parts - given.parts,
        movements=(*before.movements, *given.movements),
    )
    return after if any(after.parts.each().values()) else None


def what_went_back(before: Content, given: GivenBack, facts: RefundFacts) -> Content:
    """The red one: the lines and money that went back, negative."""
    lines = tuple(
        _less(_none_of(line), given.lines[line.number]) for line in before.lines if line.number in given.lines
    )
    return replace(
        before,
        lines=lines,
        adjustments=() if given.lines else (Adjustment(facts.reason, -given.parts),),
        parts=-given.parts,
        movements=given.movements,
        refund=facts,
    )


def _none_of(line: Line) -> Line:
    return replace(line, quantity=Decimal(0), amount=ZERO, parts=Parts.nothing())


def _less(line: Line, returned: Returned | None) -> Line:
    if returned is None:
        return line
    return replace(
        line,
        quantity=line.quantity - returned.quantity,
        amount=line.amount - returned.parts.total,
        parts=line.parts - returned.parts,
    )
