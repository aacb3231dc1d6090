"""Facts for the quote: everything it may look at, in at most six queries whatever the number of lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.conf import settings

from pricing.models import ItemSuccession, PolicyOpening, PriceItem
from pricing.models.reading import item_facts, price_facts
from pricing.queries.charge_rules import rule_facts
from pricing.queries.reach import within_reach
from pricing.rules import Quote, QuoteContext, ServiceLine, TariffFacts, quote
from pricing.rules.codes import ORDINARY_OUTPATIENT
from pricing.rules.facts import ChargedLine, ItemFact, OpeningFact, PriceFact, SuccessionFact
from pricing.rules.kinds import CLOSED_UNTIL_OPENED
from pricing.rules.lookup import regions_around
from registry.models import Institution


def quote_for(
    *,
    lines: Sequence[ServiceLine],
    institution: Institution,
    service_on: date,
    practitioner_title: str | None = None,
    patient_age: int | None = None,
    department: str = "",
    encounter: str = "",
    charged: Sequence[ChargedLine] = (),
    known_at: datetime | None = None,
) -> Quote:
    """Price lines at an institution on a day; at most six queries whatever the number of lines.

    Args:
        lines: what is asked for.
        institution: where it is charged; of a remote service the invited one.
        service_on: calendar day of the service in Asia/Shanghai.
        practitioner_title: code of ``registry.models.practitioners.Title``.
        patient_age: whole years on the day of the service.
        department: subject code of the department.
        encounter: number of the encounter; its lines are one visit.
        charged: what was charged to the patient before (``billing.queries.charged_to``).
        known_at: price by what was known at that moment; None for now.

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
    return quote(lines, context, tariff_facts(lines, context, charged=charged, known_at=known_at))


def context_of(institution: Institution, service_on: date) -> QuoteContext:
    """Where and when, without a practitioner or a patient."""
    return QuoteContext(
        service_on=service_on,
        region_code=institution.region_code,
        institution_id=institution.pk,
        institution_level=institution.level,
        ownership=institution.ownership,
        is_demonstration=institution.is_demonstration,
        institution_grade=institution.grade,
        price_zone=institution.price_zone,
        ceiling_is_charged=settings.PRICING_CEILING_IS_CHARGED,
    )


def tariff_facts(
    lines: Sequence[ServiceLine],
    context: QuoteContext,
    *,
    charged: Sequence[ChargedLine] = (),
    known_at: datetime | None = None,
) -> TariffFacts:
    """Items of the lines and those they rest on, prices in force, and what policy says of them."""
    items = _items({line.item_code for line in lines})
    prices = _in_force({"item__in": list(items)}, context, known_at)
    bases = {price.base_code for price in prices if price.base_code} - {item.code for item in items.values()}
    based = _in_force({"item__code__in": bases}, context, known_at) if bases else []
    successions = _successions(items, context, known_at)
    return TariffFacts.of(
        [*items.values(), *_named(bases, successions)],
        [*prices, *based],
        successions=successions,
        openings=_openings(items.values(), context, known_at),
        rules=rule_facts(list(items), context, known_at=known_at),
        charged=charged,
    )


def _items(codes: Iterable[str]) -> dict[int, ItemFact]:
    """The items asked for and those at whose price they may be charged, by primary key; one query.

    The ordinary consultation is always among them: an online re-diagnosis is measured by it.
    """
    named = PriceItem.objects.filter(code__in={*codes, ORDINARY_OUTPATIENT}).order_by()
    resting_on = (named.values("priced_as"), named.values("main_item"))
    return item_facts(PriceItem.objects.filter(pk__in=named.values("pk").union(*resting_on)).order_by())


def _in_force(
    which: Mapping[str, object], context: QuoteContext, known_at: datetime | None
) -> list[PriceFact]:
    rows = within_reach(context, known_at).filter(effective__contains=context.service_on, **which)
    return price_facts(rows.select_related(None).order_by())


def _named(bases: Iterable[str], successions: Iterable[SuccessionFact]) -> Iterable[ItemFact]:
    """Items that only a rate or a succession names; asked for where there are any."""
    codes = {*bases, *(each.successor_code for each in successions if each.successor_code)}
    return item_facts(PriceItem.objects.filter(code__in=codes)).values() if codes else ()


def _successions(
    items: Mapping[int, ItemFact], context: QuoteContext, known_at: datetime | None
) -> list[SuccessionFact]:
    """What was abolished in the region by the day; for an invented institution by invented documents only."""
    around = regions_around(context.region_code)
    abolished = ItemSuccession.objects.filter(
        item__in=list(items),
        region_code__in=around,
        from_on__lte=context.service_on,
        document__is_demonstration=context.is_demonstration,
        **_known(known_at),
    )
    columns = ("item__code", "region_code", "from_on", "successor__code", "document__number")
    return [SuccessionFact(*row) for row in abolished.order_by().values_list(*columns)]


def _openings(
    items: Iterable[ItemFact], context: QuoteContext, known_at: datetime | None
) -> list[OpeningFact]:
    """Only asked for where an item is of a service that must be opened."""
    services = {item.service for item in items} & CLOSED_UNTIL_OPENED
    if not services:
        return []
    around = regions_around(context.region_code)
    opened = PolicyOpening.objects.filter(
        service__in=services,
        region_code__in=around,
        effective__contains=context.service_on,
        **_known(known_at),
    )
    return [each.facts() for each in opened.select_related("document")]


def _known(at: datetime | None) -> dict[str, datetime]:
    """What was recorded by a moment; None for now."""
    return {} if at is None else {"recorded_at__lte": at}
