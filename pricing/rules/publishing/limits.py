"""Own prices of public institutions, held to what the regulator sets."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from pricing.rules.facts import DEMONSTRATION, PriceFact, QuoteContext, ServiceLine
from pricing.rules.kinds import AmountKind
from pricing.rules.lookup import holds, most_specific
from pricing.rules.publishing.days import days_of_change
from pricing.rules.publishing.shown import amount_shown
from pricing.rules.scope import context_within

_CEILINGS = "医保发〔2019〕47号: the province sets the ceiling, floating down is free (general knowledge)"
_BY_UNIT = {AmountKind.FIXED, AmountKind.HOURLY}


def limit_violations(
    rows: Sequence[PriceFact], others: Sequence[PriceFact], institutions: Mapping[int, QuoteContext]
) -> Iterator[Violation]:
    """PR-81: the own price of a public institution is not above the regulator's, and inside its range.

    Source: 医保发〔2019〕47号: the province sets the ceiling, floating down is free (general knowledge, to be checked).
    """
    own = [(position, row) for position, row in enumerate(rows) if row.institution_id is not None]
    wanted = {row.item_code for _position, row in own}
    commons: defaultdict[str, list[PriceFact]] = defaultdict(list)
    for price in (*rows, *others) if own else ():
        if price.institution_id is None and price.item_code in wanted:
            commons[price.item_code].append(price)
    for position, row in own:
        context = institutions.get(row.institution_id or 0) or context_within(row)
        if context.ownership == "public":
            for common in _exceeded(row, commons[row.item_code], context):
                yield _violation(row, common, position)


def _exceeded(own: PriceFact, commons: Sequence[PriceFact], context: QuoteContext) -> Iterator[PriceFact]:
    """Each row of the regulator that the own price does not keep to, once."""
    told: set[int] = set()
    for day in days_of_change([own], commons):
        for common in _regulated(own, commons, context, day):
            if id(common) not in told and not _is_within(own, common):
                told.add(id(common))
                yield common


def _regulated(
    own: PriceFact, commons: Sequence[PriceFact], context: QuoteContext, day: date
) -> Sequence[PriceFact]:
    there = replace(
        context,
        service_on=day,
        department=own.department,
        patient_age=own.age_from if own.age_to is None else own.age_to,
        is_demonstration=own.evidence_grade == DEMONSTRATION,
    )
    line = ServiceLine("", own.item_code, Decimal(1), condition=own.condition)
    return most_specific([price for price in commons if holds(price, there, own.title, line=line)], there)


def _is_within(own: PriceFact, common: PriceFact) -> bool:
    """Whether nothing that the own price says is beyond the limit; what cannot be compared is left to the quote."""
    lowest, highest = _limits(common)
    amounts = [band.amount for band in own.bands] if own.kind is AmountKind.TIERED else [own.amount]
    if own.kind is AmountKind.PERCENTAGE:
        most_rate = common.maximum_rate if common.kind is AmountKind.CEILING else common.rate
        return most_rate is None or own.rate is None or own.rate <= most_rate
    return all(
        amount is None or ((lowest is None or lowest <= amount) and (highest is None or amount <= highest))
        for amount in amounts
    )


def _limits(common: PriceFact) -> tuple[Decimal | None, Decimal | None]:
    """Least and most yuan of one unit; None where there is no limit, or none that is known here."""
    if common.kind in {AmountKind.RANGE, AmountKind.CEILING}:
        return common.minimum, common.maximum
    if common.kind is AmountKind.TIERED:
        return None, max(band.amount for band in common.bands)
    return None, common.amount


def _violation(own: PriceFact, common: PriceFact, position: int) -> Violation:
    shown = {
        "code": own.item_code,
        "own": amount_shown(own),
        "number": common.document_number,
        "limit": amount_shown(common),
    }
    message = _("The own price of %(code)s (%(own)s) is outside what %(number)s allows (%(limit)s).") % shown
    way_on = _("Publish a price within the limits.")
    return Violation("PR-81", message, way_on, field=str(position), source=_CEILINGS)
