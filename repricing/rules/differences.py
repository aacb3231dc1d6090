"""What a charge should have been, and the difference for each payer."""

from dataclasses import dataclass
from decimal import Decimal

from billing.rules import Parts
from pricing.rules import PricingRefused, QuotedLine
from repricing.rules.shares import NOTHING, parts_of


@dataclass(frozen=True, slots=True)
class Difference:
    """A charge that was not right, or that cannot be priced any more; yuan."""

    standing: Parts
    """What the payers have been charged so far."""
    right: Decimal | None
    """None where it is refused."""
    parts: Parts
    """The difference by payer; sums to ``right`` − ``standing`` exactly, negative where too much was charged."""
    price_id: int | None = None
    document_id: int | None = None
    refusal: str = ""


def difference_of(
    standing: Parts, quoted: QuotedLine | None, refused: PricingRefused | None
) -> Difference | None:
    """The difference of one charge; None where it was right."""
    if quoted is None:
        return Difference(standing, None, NOTHING, refusal=refused.code if refused else "price_not_found")
    if quoted.amount == standing.total:
        return None
    parts = parts_of(quoted.amount - standing.total, standing)
    return Difference(standing, quoted.amount, parts, quoted.price_id, quoted.document_id)
