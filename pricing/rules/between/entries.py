"""What is asked for and what was charged before, side by side."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from kernel.money import ZERO
from pricing.rules.facts import ChargedLine, QuoteContext, ServiceLine

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of this order, or one that was charged before."""

    code: str
    quantity: Decimal
    amount: Decimal
    """Yuan."""
    day: date
    """Of the moment, where one is said; else the day of the service."""
    moment: datetime | None
    """On the clock of Asia/Shanghai, without a zone."""
    encounter: str
    course: str
    reference: str | None = None
    """Of the line in this order; None for what was charged before."""


class Entries:
    """Everything that rules about certain items may look at."""

    def __init__(
        self,
        lines: Sequence[ServiceLine],
        context: QuoteContext,
        charged: Iterable[ChargedLine],
        amounts: Mapping[str, Decimal],
        *,
        about: AbstractSet[str],
    ) -> None:
        """``amounts`` is yuan by reference of the line; ``about`` the codes of the items."""
        self.asked: dict[str, list[Entry]] = {}
        self.charged: dict[str, list[Entry]] = {}
        self.courses: dict[str, set[str]] = {}
        """By encounter; lines that say none belong to each of them."""
        for line in lines:
            if line.item_code in about:
                amount = amounts.get(line.reference, ZERO)
                self._put(self.asked, _asked(line, context, amount))
        for before in charged:
            if before.item_code in about:
                self._put(self.charged, _charged(before))

    def _put(self, where: dict[str, list[Entry]], entry: Entry) -> None:
        where.setdefault(entry.code, []).append(entry)
        if entry.course:
            self.courses.setdefault(entry.encounter, set()).add(entry.course)

    def asked_of(self, codes: AbstractSet[str]) -> list[Entry]:
        """Lines of this order with these items."""
        return [entry for code in sorted(codes & self.asked.keys()) for entry in self.asked[code]]

    def charged_of(self, codes: AbstractSet[str]) -> list[Entry]:
        """Earlier charges of these items."""
        return [entry for code in sorted(codes & self.charged.keys()) for entry in self.charged[code]]

    def all_of(self, codes: AbstractSet[str]) -> list[Entry]:
        """Both."""
        return [*self.asked_of(codes), *self.charged_of(codes)]

    def done_of(self, codes: AbstractSet[str]) -> list[Entry]:
        """Earlier charges that stand for something done, not only for money: no corrections of a price."""
        return [entry for entry in self.charged_of(codes) if entry.quantity > 0]


def _asked(line: ServiceLine, context: QuoteContext, amount: Decimal) -> Entry:
    day, moment = _when(context.service_on, line.performed_at)
    return Entry(
        line.item_code, line.quantity, amount, day, moment, context.encounter, line.course, line.reference
    )


def _charged(line: ChargedLine) -> Entry:
    day, moment = _when(line.service_on, line.performed_at)
    return Entry(line.item_code, line.quantity, line.amount, day, moment, line.encounter, line.course)


def _when(service_on: date, performed_at: datetime | None) -> tuple[date, datetime | None]:
    if performed_at is None:
        return service_on, None
    moment = performed_at.astimezone(SHANGHAI).replace(tzinfo=None)
    return moment.date(), moment
