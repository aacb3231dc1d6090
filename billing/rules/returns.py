"""What may be given back of a bill, and what it is worth; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from billing.rules.parts import Parts
from kernel.errors import Violation
from kernel.money import ZERO, to_yuan

_OURS = "ours: nothing goes back that was not charged, and nothing goes back twice"


FINEST = Decimal("0.0001")
"""Parts of a unit that a line is counted in: fractions of less are not kept."""


@dataclass(frozen=True, slots=True)
class Decrease:
    """By how much a line was too dear, as it was found afterwards; yuan, positive."""

    amount: Decimal = ZERO
    cash: Decimal = ZERO
    """What of it is hers, and back with her already or promised."""


@dataclass(frozen=True, slots=True)
class Charged:
    """A line of a bill, and what was given back of it before; units and yuan, both positive."""

    quantity: Decimal
    amount: Decimal
    returned_quantity: Decimal
    returned_amount: Decimal
    decrease: Decrease = Decrease()

    @property
    def left(self) -> Decimal:
        """Units that can still be given back."""
        return self.quantity - self.returned_quantity


def kept_amount(amount: Decimal, quantity: Decimal, kept: Decimal) -> Decimal:
    """Yuan that stay of an amount for ``quantity`` units when ``kept`` of them do.

    The units share the amount alike, and what goes back is rounded.

    Source: ours; no document says how the amount of a line falls on its units.
    """
    return amount - to_yuan(amount * (quantity - kept) / quantity)


def worth(line: Charged, quantity: Decimal) -> Decimal:
    """Yuan that go back for some units of a line.

    It is what has not gone back of the line so far, less what the units that stay cost by the price that is right.
    Whoever gives back the last of them gets all that is left, so that a line given back piece by piece is worth what
    was charged, to the fen; and what a corrected price has given back in cash is not given back once more. With
    insurance the first return brings along what the fund paid too much of the units that stay.

    Source: ours; no document says how the amount of a line falls on its units.
    """
    stands = line.amount - line.decrease.cash - line.returned_amount
    right = line.amount - line.decrease.amount
    return stands - kept_amount(right, line.quantity, line.left - quantity)


def amounts_returned(lines: Mapping[int, Charged], quantities: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Yuan that go back by number of the line when units of some do.

    A line of which no unit goes back is among them where the fund still pays a price of it that was too high: what
    stays is settled again by the right one.
    """
    asked = {number: worth(lines[number], units) for number, units in quantities.items()}
    others = {number: worth(line, ZERO) for number, line in lines.items() if number not in quantities}
    return asked | {number: yuan for number, yuan in others.items() if yuan > 0}


def quantity_violations(
    lines: Mapping[int, Charged], quantities: Mapping[int, Decimal]
) -> Iterator[Violation]:
    """BL-01, BL-02: lines of this bill are given back, and never more of a line than is left of it.

    Args:
        lines: by number of the line.
        quantities: units that go back, by number of the line.

    Source: ours: nothing goes back that was not charged, and nothing goes back twice.
    """
    if not quantities:
        message = _("Say which lines go back.")
        yield Violation("BL-01", message, field="quantities", source=_OURS)
    for number, units in quantities.items():
        line = lines.get(number)
        if line is None:
            unknown = _("The bill has no line %(number)s.") % {"number": number}
            yield Violation("BL-01", unknown, field=str(number), source=_OURS)
        elif not 0 < units <= line.left:
            shown = {"number": number, "left": f"{line.left.normalize():f}"}
            left = _("Of line %(number)s, %(left)s can still be given back.") % shown
            way = _("Enter a quantity above zero, up to what is left.")
            yield Violation("BL-02", left, way, field=str(number), source=_OURS)
        elif units % FINEST:
            finer = _("Units are counted to four decimals.")
            yield Violation("BL-02", finer, _("Round the quantity."), field=str(number), source=_OURS)


def worth_violations(amounts: Mapping[int, Decimal]) -> Iterator[Violation]:
    """BL-05: units are given back as long as they are worth something by what she paid and the price that is right.

    Args:
        amounts: yuan that would go back, by number of the line.

    Source: ours: a price that was corrected after units had gone back may have given back all that they are worth.
    """
    for number, yuan in amounts.items():
        if yuan < 0:
            message = _(
                "The price of line %(number)s was corrected: more of it has gone back than these units cost."
            )
            way = _("Give back more units of it, or the whole bill.")
            yield Violation("BL-05", message % {"number": number}, way, field=str(number), source=_OURS)


def bill_violations(*, is_settled: bool, is_return: bool) -> Iterator[Violation]:
    """BL-03: only a bill that is paid has lines to give back, and what was given back is not given back again.

    Source: ours: nothing goes back that was not charged, and nothing goes back twice.
    """
    if is_return:
        message = _("This is a return itself; nothing of it can be given back.")
        yield Violation("BL-03", message, _("Look at the bill it belongs to."), source=_OURS)
    elif not is_settled:
        message = _("This bill is not paid, or all of it has gone back.")
        yield Violation("BL-03", message, source=_OURS)


def parts_violations(standing: Parts, returned: Parts, worth_of_lines: Decimal) -> Iterator[Violation]:
    """BL-04: what goes back is what the lines are worth, and no payer gets back more than it has paid.

    ``standing`` is what each payer has paid so far, ``returned`` its change (negative), ``worth_of_lines`` the yuan of
    the lines (positive).

    Source: ours: nothing goes back that was not charged, and nothing goes back twice.
    """
    if returned.total != -worth_of_lines:
        message = _("The payers would get %(parts)s back, but the lines are worth %(worth)s.")
        shown = {"parts": -returned.total, "worth": worth_of_lines}
        yield Violation("BL-04", message % shown, field="parts", source=_OURS)
    elif min((standing + returned).each().values()) < 0:
        message = _("Somebody would get back more than was paid.")
        yield Violation("BL-04", message, field="parts", source=_OURS)
