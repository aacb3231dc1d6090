"""What stands charged to a patient, and what of a bill stands."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import DecimalField, F, Q, Sum
from django.db.models.functions import Coalesce

from billing.models import Bill, BillPurpose, FeeDetail, PriceDecrease
from billing.rules import PAYERS, Parts, asked_again
from billing.rules.returns import Charged, Decrease
from billing.states import BillState
from encounters.models import Encounter
from pricing.rules.between import last_look_back
from pricing.rules.facts import ChargedLine

STANDING = (BillState.OPEN, BillState.SETTLED)
"""Bills that are neither void nor paid back."""

_COLUMNS = (
    "item_code", "quantity", "hers", "asked", "bill__purpose",
    "bill__encounter__service_on", "bill__encounter__number",
)  # fmt: skip
_NOTHING = Decimal(0)
_HERS = F("amount") - Coalesce("institution_amount", _NOTHING, output_field=DecimalField())
"""What the hospital bears itself is charged to nobody."""
_STILL_STANDS = Q(bill__reverses__isnull=True) | Q(bill__reverses__state=BillState.SETTLED)
"""When a bill has gone back as a whole, what was given back of it before does not count a second time."""


def charged_to(
    patient_id: int, since: date, *, is_demonstration: bool | None = None
) -> tuple[ChargedLine, ...]:
    """Everything charged to a patient for services from a day on, at any institution; one query.

    Lines of one item, encounter, moment and course are one, so that a reversing line cancels what it reverses;
    what sums to nothing is left out. The day is the encounter's day of service; the moment and the course are those
    the line was asked with. A bill that corrects prices adds its money and no units. Order: as charged.

    Args:
        patient_id: whose bills.
        since: first day of service, in Asia/Shanghai; days to come count as well.
        is_demonstration: only what invented institutions charged, or only the others; None for both.
    """
    lines = FeeDetail.objects.filter(
        _STILL_STANDS,
        bill__encounter__patient=patient_id,
        bill__encounter__service_on__gte=since,
        bill__state__in=STANDING,
    ).annotate(hers=_HERS)
    if is_demonstration is not None:
        lines = lines.filter(bill__encounter__institution__is_demonstration=is_demonstration)
    rows = lines.order_by("bill_id", "number").values_list(*_COLUMNS)
    return _netted(_line(*row) for row in rows)


def charged_before(encounter: Encounter, on: date) -> tuple[ChargedLine, ...]:
    """What rules between lines look at when something is charged for this encounter on a day; one query.

    ``encounter`` has its institution selected. The demonstration and everybody else never count each other's
    charges.
    """
    return charged_to(
        encounter.patient_id,
        last_look_back(on),
        is_demonstration=encounter.institution.is_demonstration,
    )


def _line(
    item_code: str,
    quantity: Decimal,
    amount: Decimal,
    asked: dict[str, str],
    purpose: str,
    service_on: date,
    encounter: str,
) -> ChargedLine:
    said = asked_again(0, item_code, quantity, asked)
    units = abs(said.quantity) if quantity > 0 else -abs(said.quantity)
    return ChargedLine(
        item_code=item_code,
        quantity=_NOTHING if purpose == BillPurpose.CORRECTION else units,
        amount=amount,
        service_on=service_on,
        encounter=encounter,
        performed_at=said.performed_at,
        course=said.course,
    )


def _netted(lines: Iterable[ChargedLine]) -> tuple[ChargedLine, ...]:
    found: dict[tuple[str, str, datetime | None, str], ChargedLine] = {}
    for line in lines:
        key = (line.item_code, line.encounter, line.performed_at, line.course)
        known = found.get(key)
        found[key] = line if known is None else replace(
            known, quantity=known.quantity + line.quantity, amount=known.amount + line.amount
        )  # fmt: skip
    return tuple(line for line in found.values() if line.quantity or line.amount)


def returned_lines(bill_id: int) -> dict[int, tuple[Decimal, Decimal]]:
    """By number of the line: units and yuan that were given back of it so far, both positive; one query."""
    rows = FeeDetail.objects.filter(bill__reverses=bill_id).order_by("number").values_list("number")
    sums = rows.annotate(Sum("quantity"), Sum("amount"))
    return {number: (-quantity, -amount) for number, quantity, amount in sums}


def returned_quantities(bill_id: int) -> dict[int, Decimal]:
    """By number of the line: units that were given back of it so far; lines of which nothing went back are missing."""
    return {number: quantity for number, (quantity, _amount) in returned_lines(bill_id).items() if quantity}


def decreases_of(bill_id: int, *, until: datetime | None = None) -> dict[int, Decrease]:
    """By number of the line: by how much it was too dear, as was found until a moment, or until now; one query."""
    rows = PriceDecrease.objects.filter(line__bill=bill_id).order_by("line__number")
    if until:
        rows = rows.filter(at__lte=until)
    sums = rows.values_list("line__number").annotate(Sum("amount"), Sum("cash_amount"))
    return {number: Decrease(amount, cash) for number, amount, cash in sums}


def charged_lines(bill: Bill) -> dict[int, Charged]:
    """Each line by number, with what went back of it so far and what of it was too dear."""
    back, decreases = returned_lines(bill.pk), decreases_of(bill.pk)
    nothing = (_NOTHING, _NOTHING)
    return {
        line.number: Charged(
            line.quantity,
            line.amount,
            *back.get(line.number, nothing),
            decreases.get(line.number, Decrease()),
        )
        for line in bill.lines.all()
    }


def standing_parts(bill_id: int) -> Parts:
    """Who has paid how much by now, in yuan: the bill less what was given back of it, by lines or by a lower price.

    Nothing while it is not known who pays.
    """
    sums = Bill.objects.filter(Q(pk=bill_id) | Q(reverses=bill_id)).aggregate(
        **{payer: Sum(f"{payer}_amount", default=_NOTHING) for payer in PAYERS}
    )
    decreases = PriceDecrease.objects.filter(line__bill=bill_id)
    return Parts(**sums) - Parts.of_cash(
        decreases.aggregate(cash=Sum("cash_amount", default=_NOTHING))["cash"]
    )
