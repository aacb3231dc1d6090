"""Columns by day as SVG: places in percent of the width and pixels of the height, made here so that no style is inline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

HEIGHT = 160
"""Pixels of the drawing; the days are written below."""
_GAP = Decimal("0.25")
"""Of a column's width."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One colour of one column."""

    name: str
    x: str
    width: str
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Label:
    """A day under the columns."""

    x: str
    anchor: str
    on: date


@dataclass(frozen=True, slots=True)
class Columns:
    """A drawing; ``top`` is what its full height stands for."""

    pieces: tuple[Piece, ...]
    labels: tuple[Label, ...]
    top: Decimal
    height: int = HEIGHT

    @property
    def full_height(self) -> int:
        """With the days."""
        return self.height + 24

    @property
    def days_y(self) -> int:
        """Baseline of the days."""
        return self.height + 18


def columns(days: Sequence[date], names: Sequence[str], values: Sequence[Sequence[Decimal]]) -> Columns:
    """Stacked columns, ``values[day][name]``; what is negative is not drawn, the table says it."""
    positive = [[max(Decimal(0), value) for value in row] for row in values]
    top = max((sum(row, Decimal(0)) for row in positive), default=Decimal(0))
    step = Decimal(100) / max(1, len(days))
    pieces = [
        piece
        for number, row in enumerate(positive)
        for piece in _column(number * step, step * (1 - _GAP), names, row, top)
    ]
    return Columns(tuple(pieces), _labels(days, step), top)


def _column(
    x: Decimal, width: Decimal, names: Sequence[str], row: Sequence[Decimal], top: Decimal
) -> list[Piece]:
    pieces, below = [], Decimal(0)
    for name, value in zip(names, row, strict=True):
        if value and top:
            low, high = round(HEIGHT * below / top), round(HEIGHT * (below + value) / top)
            pieces.append(Piece(name, f"{x:.2f}%", f"{width:.2f}%", HEIGHT - high, max(1, high - low)))
        below += value
    return pieces


def _labels(days: Sequence[date], step: Decimal) -> tuple[Label, ...]:
    """The first, the middle and the last day."""
    if not days:
        return ()
    last = len(days) - 1
    shown = [(0, "start", Decimal(0)), (last, "end", Decimal(100))]
    if last >= 4:
        shown.insert(1, (last // 2, "middle", (last // 2 + Decimal("0.5")) * step))
    return tuple(Label(f"{x:.2f}%", anchor, days[number]) for number, anchor, x in shown)
