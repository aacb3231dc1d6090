"""Rounding as the insurer does it: half up to the fen, each line for itself."""

from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")
ZERO = Decimal("0.00")


def to_fen_precision(amount: Decimal) -> Decimal:
    """Round an amount of yuan half up to two places."""
    return amount.quantize(FEN, rounding=ROUND_HALF_UP)
