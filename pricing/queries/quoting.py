"""Facts for the quote."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pricing.models import PriceItem
from pricing.queries.reach import within_reach
from pricing.rules import Quote, QuoteContext, ServiceLine, TariffFacts, quote
from registry.models import Institution


def quote_for(
    *,
    lines: Sequence[ServiceLine],
    institution: Institution,
    service_on: date,
    practitioner_title: str | None = None,
    patient_age: int | None = None,
) -> Quote:
    """Price lines at an institution on a day; two queries whatever the number of lines.

    ``practitioner_title`` is a code of ``registry.models.practitioners.Title``; ``patient_age`` is in whole
    years on the day of the service.

    Raises:
        ItemUnknown, PriceNotFound, TwoPricesInForce, QuantityNotChargeable: see ``pricing.rules.quote``.
    """
    context = replace(
        context_of(institution, service_on), practitioner_title=practitioner_title, patient_age=patient_age
    )
    return quote(lines, context, tariff_facts(lines, context))


def context_of(institution: Institution, service_on: date) -> QuoteContext:
    """Where and when, without a practitioner or a patient."""
    return QuoteContext(
        service_on=service_on,
        region_code=institution.region_code,
        institution_id=institution.pk,
        institution_level=institution.level,
        ownership=institution.ownership,
        is_demonstration=institution.is_demonstration,
    )


def tariff_facts(lines: Sequence[ServiceLine], context: QuoteContext) -> TariffFacts:
    """Items of the lines, the items they are charged like, and the prices in force: two queries."""
    items = list(
        PriceItem.objects.filter(code__in={line.item_code for line in lines}).select_related(
            "main_item", "priced_as__priced_as", "priced_as__main_item"
        )
    )
    bases = [item.priced_as for item in items if item.priced_as is not None]
    prices = within_reach(context).filter(item__in={item.pk for item in (*items, *bases)})
    return TariffFacts.of(
        [*(basis.facts() for basis in bases), *(item.facts() for item in items)],
        [price.facts() for price in prices.in_force_on(context.service_on)],
    )
