"""Facts for the quote: everything it may look at, in at most six queries whatever the number of lines."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.conf import settings
from django.db.models import Exists, OuterRef

from pricing.models import ItemSuccession, PolicyOpening, Price, PriceItem
from pricing.queries.reach import within_reach
from pricing.rules import Quote, QuoteContext, ServiceLine, TariffFacts, quote
from pricing.rules.codes import ORDINARY_OUTPATIENT
from pricing.rules.facts import ChargedLine, ItemFact, OpeningFact
from pricing.rules.kinds import CLOSED_UNTIL_OPENED, Service
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
    everything = {item.pk: item for each in items for item in _resting_on(each)}
    prices = list(_in_force(everything, context, known_at))
    bases = {price.base_item_id: price.base_item for price in prices if price.base_item_id not in everything}
    bases.pop(None, None)
    if bases:
        prices += _in_force(bases, context, known_at)
    found = [item for item in (*everything.values(), *bases.values()) if item is not None]
    successions = _successions(items, context)
    return TariffFacts.of(
        [*_successors(successions), *(item.facts() for item in found)],
        [price.facts() for price in prices],
        successions=[each.facts() for each in successions],
        openings=_openings(items, context),
        rules=(),
        charged=charged,
    )


_RESTS_ON = ("priced_as__priced_as", "priced_as__main_item", "main_item__main_item", "main_item__priced_as")


def _items(codes: Iterable[str]) -> list[PriceItem]:
    """The items asked for, and the ordinary consultation that an online re-diagnosis is measured by."""
    abolished = Exists(ItemSuccession.objects.filter(item=OuterRef("pk")))
    wanted = PriceItem.objects.filter(code__in={*codes, ORDINARY_OUTPATIENT})
    found: list[PriceItem] = list(wanted.select_related(*_RESTS_ON).annotate(has_successions=abolished))
    if any(item.service == Service.ONLINE_REVISIT for item in found) or ORDINARY_OUTPATIENT in codes:
        return found
    return [item for item in found if item.code != ORDINARY_OUTPATIENT]


def _resting_on(item: PriceItem) -> tuple[PriceItem, ...]:
    """The item and those at whose price it may be charged."""
    return tuple(each for each in (item.priced_as, item.main_item, item) if each is not None)


def _in_force(ids: Iterable[int | None], context: QuoteContext, known_at: datetime | None) -> Iterable[Price]:
    reach = within_reach(context, known_at).filter(item__in=list(ids))
    return reach.filter(effective__contains=context.service_on)


def _successions(items: Iterable[PriceItem], context: QuoteContext) -> list[ItemSuccession]:
    """Only asked for where an item has one."""
    ids = [item.pk for item in items if getattr(item, "has_successions", False)]
    if not ids:
        return []
    around = regions_around(context.region_code)
    return list(
        ItemSuccession.objects.filter(item__in=ids, region_code__in=around).select_related(
            "item", "successor__main_item", "successor__priced_as", "document"
        )
    )


def _successors(successions: Iterable[ItemSuccession]) -> list[ItemFact]:
    """What is charged instead, to be named."""
    return [each.successor.facts() for each in successions if each.successor is not None]


def _openings(items: Iterable[PriceItem], context: QuoteContext) -> list[OpeningFact]:
    """Only asked for where an item is of a service that must be opened."""
    services = {item.service for item in items} & CLOSED_UNTIL_OPENED
    if not services:
        return []
    around = regions_around(context.region_code)
    opened = PolicyOpening.objects.filter(
        service__in=services, region_code__in=around, effective__contains=context.service_on
    )
    return [each.facts() for each in opened.select_related("document")]
