"""A quote together with everything it was made of."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from pricing.queries.quoting import context_of, tariff_facts
from pricing.rules import Quote, QuoteContext, ServiceLine, TariffFacts, quote
from pricing.rules.facts import ChargedLine
from registry.models import Institution


@dataclass(frozen=True, slots=True)
class ReasonedQuote:
    """What was asked, what was known, and what came out: enough to make the quote again."""

    lines: tuple[ServiceLine, ...]
    context: QuoteContext
    facts: TariffFacts
    quote: Quote


def reasoned_quote_for(
    *,
    lines: Sequence[ServiceLine],
    institution: Institution,
    service_on: date,
    practitioner_title: str | None = None,
    patient_age: int | None = None,
    department: str = "",
    encounter: str = "",
    charged: Sequence[ChargedLine] = (),
) -> ReasonedQuote:
    """As ``quote_for``, with the facts, for who charges the quote and keeps it.

    Raises:
        PricingRefused: see ``pricing.rules.quote``.
    """
    context = replace(
        context_of(institution, service_on),
        practitioner_title=practitioner_title,
        patient_age=patient_age,
        department=department,
        encounter=encounter,
    )
    return reasoned_quote(lines, context, charged=charged)


def reasoned_quote(
    lines: Sequence[ServiceLine], context: QuoteContext, *, charged: Sequence[ChargedLine] = ()
) -> ReasonedQuote:
    """Price lines in circumstances that are given.

    Raises:
        PricingRefused: see ``pricing.rules.quote``.
    """
    facts = tariff_facts(lines, context, charged=charged)
    return ReasonedQuote(tuple(lines), context, facts, quote(lines, context, facts))
