"""Money in yuan: one rounding function and one allocation whose parts always sum."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")
UNIT = Decimal("0.000001")
ZERO = Decimal("0.00")


def to_yuan(value: Decimal | int | str) -> Decimal:
    """Round an amount in yuan half up to the fen.

    Raises:
        TypeError: the value is a float; a float has already lost the fen.

    Source: rounding to the fen is not regulated; half up per line agrees with the insurer's samples
    (4.52 x 5 % = 0.226 -> 0.23).
    """
    if isinstance(value, float):
        raise TypeError("money is never a float")
    return Decimal(value).quantize(FEN, rounding=ROUND_HALF_UP)


def to_unit_price(value: Decimal) -> Decimal:
    """Round a unit price in yuan half up to six decimals, as many as the insurer takes (pric of 2204)."""
    exact = value.normalize()
    exponent = exact.as_tuple().exponent
    return value if isinstance(exponent, int) and exponent >= -6 else value.quantize(UNIT, ROUND_HALF_UP)


def to_fen(amount: Decimal) -> int:
    """Whole fen of an exact amount in yuan.

    Raises:
        ValueError: the amount has a fraction of a fen.
    """
    fen = amount * 100
    if fen != fen.to_integral_value():
        raise ValueError(f"{amount} has a fraction of a fen")
    return int(fen)


def from_fen(fen: int) -> Decimal:
    """Yuan of a whole number of fen."""
    return (Decimal(fen) / 100).quantize(FEN)


def allocate(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Split yuan over weights so that the parts, in the order of the weights, sum to ``total``.

    Each part is the exact share cut to the fen; the fen left over go one by one to the largest
    remainders, the earlier weight first on a tie. All weights zero is allowed only for a total of zero.

    Raises:
        ValueError: no weights, a negative weight, or a total without any weight to carry it.
    """
    if not weights or min(weights) < 0:
        raise ValueError("weights must be present and not negative")
    whole = sum(weights, Decimal(0))
    if whole == 0:
        if total != 0:
            raise ValueError("nothing to carry the amount")
        return [ZERO for _ in weights]
    fen = to_fen(abs(total))
    exact = [weight * fen / whole for weight in weights]
    parts = [int(share) for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in by_remainder[: fen - sum(parts)]:
        parts[index] += 1
    sign = 1 if total >= 0 else -1
    return [from_fen(sign * part) for part in parts]
