"""How a bill's parts fall on its lines, and what a line keeps of what was asked; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from kernel.money import allocate
from pricing.rules.facts import QuotedLine, ServiceLine


@dataclass(frozen=True, slots=True)
class LineFacts:
    """Amount of a line and how much of it the insurance recognises, in yuan."""

    amount: Decimal
    in_scope: Decimal


@dataclass(frozen=True, slots=True)
class Parts:
    """Who pays how much of something, in yuan."""

    fund: Decimal
    account: Decimal
    cash: Decimal

    @property
    def total(self) -> Decimal:
        """The whole."""
        return self.fund + self.account + self.cash


def share_parts(lines: Sequence[LineFacts], parts: Parts) -> list[Parts]:
    """Shares of each line, in order; they sum to ``parts`` by payer and to each line's amount by line.

    The fund's part follows what the insurance recognises of each line; the personal account's part
    follows what is then left of each line; the rest of each line is cash.

    Raises:
        ValueError: the parts do not sum to the lines, or the fund pays more than is in scope.

    Source: the insurer states the parts per settlement only; sharing them over lines is ours, for display.
    """
    if parts.total != sum((line.amount for line in lines), Decimal(0)):
        raise ValueError("the parts do not sum to the lines")
    in_scope = [line.in_scope for line in lines]
    if parts.fund > sum(in_scope, Decimal(0)):
        raise ValueError("the fund pays more than is in scope")
    fund = allocate(parts.fund, in_scope)
    left = [line.amount - share for line, share in zip(lines, fund, strict=True)]
    account = allocate(parts.account, left)
    return [Parts(f, a, rest - a) for f, a, rest in zip(fund, account, left, strict=True)]


def recognised_at_least(lines: Sequence[LineFacts], fund: Decimal) -> list[LineFacts]:
    """The lines as they are; when the fund pays more than they were said to have in scope, each wholly in scope.

    What the insurer has settled is kept whatever it said of the lines before: sharing is for display only.
    """
    if fund <= sum((line.in_scope for line in lines), Decimal(0)):
        return list(lines)
    return [LineFacts(line.amount, line.amount) for line in lines]


def asked_beyond(line: QuotedLine, asked: ServiceLine | None, numbers: Mapping[str, int]) -> dict[str, str]:
    """What was asked of a line beyond its item and quantity, as text; only what was said.

    Without it a line by distance, by bands or on a main line could not be priced again when a price turns out
    to have been another. ``numbers`` are the line numbers by reference.
    """
    main = numbers.get(line.main_reference or "")
    said: dict[str, object] = {"quantity": line.asked_quantity, "main": main}
    if asked is not None:
        said |= {
            "condition": asked.condition,
            "distance_km": asked.distance_km,
            "duration_minutes": asked.duration_minutes,
            "body_part": asked.body_part,
            "performed_at": asked.performed_at.isoformat() if asked.performed_at else None,
            "course": asked.course,
        }
    return {name: str(value) for name, value in said.items() if value not in (None, "")}


def asked_again(number: int, item_code: str, quantity: Decimal, said: Mapping[str, str]) -> ServiceLine:
    """The line as it was asked; references are line numbers. The opposite of ``asked_beyond``."""
    performed_at = said.get("performed_at")
    return ServiceLine(
        reference=str(number),
        item_code=item_code,
        quantity=Decimal(said.get("quantity", quantity)),
        main_reference=said.get("main"),
        condition=said.get("condition", ""),
        distance_km=_number(said.get("distance_km")),
        duration_minutes=_number(said.get("duration_minutes")),
        body_part=said.get("body_part", ""),
        performed_at=datetime.fromisoformat(performed_at) if performed_at else None,
        course=said.get("course", ""),
    )


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None
