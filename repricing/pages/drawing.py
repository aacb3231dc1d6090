"""Differences as bars to both sides of a line: positions in percent, rows in em, drawn on the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kernel.presentation import signed_money

_ROW = Decimal("3.2")  # em: a line of words and its bar
_WORDS = Decimal("1.15")
_BAR = Decimal("1.7")
_THICK = Decimal("0.8")
_BEYOND = Decimal("0.2")  # how far the line of nothing stands out on both sides of a bar
_MOST = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One difference; ``x``, ``axis`` and ``width`` in percent, the others in em."""

    label: str
    shown: str
    is_more: bool
    x: str
    width: str
    words_y: str
    bar_y: str
    axis_from: str
    axis_to: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, the largest first; and the same in words."""

    title: str
    unit: str
    axis: str
    height: str
    bars: tuple[Bar, ...]
    words: str
    left_out: int
    """Further differences that are not drawn, only listed."""


def chart(title: str, unit: str, rows: Sequence[tuple[str, Decimal]]) -> Chart | None:
    """Yuan more (to the right) or less (to the left) for each label; None where nothing differs."""
    found = sorted((row for row in rows if row[1]), key=lambda row: (-abs(row[1]), row[0]))
    drawn = found[:_MOST]
    if not drawn:
        return None
    least = min(Decimal(0), *(value for _label, value in drawn))
    room = max(Decimal(0), *(value for _label, value in drawn)) - least
    axis = -least * 100 / room
    bars = tuple(_bar(number, *row, axis, room) for number, row in enumerate(drawn))
    words = "; ".join(f"{bar.label} {bar.shown}" for bar in bars)
    height = f"{_ROW * len(bars):f}em"
    return Chart(title, unit, f"{axis:.2f}%", height, bars, words, len(found) - len(drawn))


def _bar(number: int, label: str, value: Decimal, axis: Decimal, room: Decimal) -> Bar:
    width = abs(value) * 100 / room
    top = _ROW * number
    return Bar(
        label=label,
        shown=signed_money(value),
        is_more=value > 0,
        x=f"{axis if value > 0 else axis - width:.2f}%",
        width=f"{max(width, Decimal('0.4')):.2f}%",
        words_y=f"{top + _WORDS:f}em",
        bar_y=f"{top + _BAR:f}em",
        axis_from=f"{top + _BAR - _BEYOND:f}em",
        axis_to=f"{top + _BAR + _THICK + _BEYOND:f}em",
    )
