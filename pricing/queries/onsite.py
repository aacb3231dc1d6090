"""What a visit to a home costs: items, consumables, and the institution's on-site fee."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Prefetch

from kernel.money import ZERO
from kernel.period import Period
from pricing.models import (
    Category,
    ItemKindChoice,
    OnsiteFeeRow,
    OnsiteFeeSchedule,
    Price,
    PublicHoliday,
    ServiceChoice,
)
from pricing.queries.published import PublishedPrice, listed_items, published_prices
from pricing.queries.quoting import context_of, quote_for
from pricing.queries.reach import within_reach
from pricing.rules import PricingRefused, Quote, QuotedLine, ServiceLine
from pricing.rules.errors import refuse_all
from pricing.rules.facts import ChargedLine
from pricing.rules.lookup import regions_around
from pricing.rules.onsite import OnsiteFeeNotPublished, TwoOnsiteFees, VisitFact, onsite_fee, onsite_line
from pricing.rules.onsite.asking import not_published, two_items
from registry.models import Institution


def home_visit_quote(
    *,
    institution: Institution,
    visit: VisitFact,
    service_lines: Sequence[ServiceLine] = (),
    consumables: Sequence[ServiceLine] = (),
    onsite_item: str | None = None,
    patient_age: int | None = None,
    department: str = "",
    encounter: str = "",
    charged: Sequence[ChargedLine] = (),
) -> Quote:
    """The price of a whole home visit: items, then drugs and consumables, then the on-site fee, a line each.

    The on-site fee is charged once for the visit; its line's reference is ``onsite``. At most ten queries whatever
    the number of lines.

    Args:
        institution: whose prices and whose on-site fee.
        visit: where, when, by whom and for how many; ``is_holiday`` is looked up (``is_public_holiday``).
        service_lines: nursing and other items; their references are unique over both lists.
        consumables: drugs, consumables, delivery and transport.
        onsite_item: code of the item of the on-site fee; None where the institution publishes one only.
        patient_age: whole years on the day of the service.
        department: subject code of the department.
        encounter: number of the encounter.
        charged: what was charged to the patient before.

    Raises:
        PricingRefused: the class of the first refusal; ``violations`` names every refused line, and for the
            on-site fee the measure that is missing or out of reach.

    Source: reply of 2023-12-15 (SEED1): medical service price and on-site fee, the fee set by the hospital.
    """
    refusals: list[PricingRefused] = []
    fee: list[QuotedLine] = []
    quoted: tuple[QuotedLine, ...] = ()
    try:
        fee.append(onsite_fee_line(institution, visit, onsite_item=onsite_item))
    except PricingRefused as refusal:
        refusals.append(refusal)
    asked = [*service_lines, *consumables]
    if asked:
        try:
            quoted = quote_for(
                lines=asked,
                institution=institution,
                service_on=visit.service_on,
                practitioner_title=visit.nurse_title,
                patient_age=patient_age,
                department=department,
                encounter=encounter,
                # Rules between lines look at the fee, too.
                charged=[*charged, *(_as_charged(line, visit, encounter) for line in fee)],
            ).lines
        except PricingRefused as refusal:
            refusals.insert(0, refusal)
    refuse_all(refusals)
    lines = (*quoted, *fee)
    return Quote(lines, sum((line.amount for line in lines), ZERO))


def onsite_fee_line(
    institution: Institution, visit: VisitFact, *, onsite_item: str | None = None
) -> QuotedLine:
    """The on-site fee of one visit as a line, with the price row that stands for the schedule; four queries.

    Raises:
        OnsiteFeeNotPublished, TwoOnsiteFees, OutsideServedArea, VisitNotMeasured: see ``pricing.rules.onsite``.
    """
    schedule = onsite_schedule_on(institution, visit.service_on, onsite_item=onsite_item)
    price = _price_of(schedule, institution, visit.service_on) if schedule else None
    if schedule is None or price is None:
        raise OnsiteFeeNotPublished(violations=[not_published()])
    holiday = is_public_holiday(visit.service_on, visit.region_code, institution)
    fee = onsite_fee(schedule.facts(), replace(visit, is_holiday=holiday))
    return onsite_line(fee, schedule.item.facts(), price.facts())


def onsite_schedule_on(
    institution: Institution, day: date, *, onsite_item: str | None = None
) -> OnsiteFeeSchedule | None:
    """The published on-site fee in force on a day, with item, document and rows; two queries.

    Raises:
        TwoOnsiteFees: the institution publishes fees for two items, and none was named (PR-51).
    """
    found = [
        schedule
        for schedule in onsite_schedules(institution)
        if day in _days(schedule) and onsite_item in {None, schedule.item.code}
    ]
    if len(found) > 1:
        raise TwoOnsiteFees(violations=[two_items()])
    return found[0] if found else None


def onsite_schedules(institution: Institution) -> list[OnsiteFeeSchedule]:
    """Every published on-site fee of an institution, the latest first; two queries.

    An institution of the demonstration has invented documents only, and every other none of them.
    """
    rows = Prefetch("rows", queryset=OnsiteFeeRow.objects.order_by("part", "distance_above", "title", "pk"))
    published = OnsiteFeeSchedule.objects.filter(
        institution=institution,
        published_on__isnull=False,
        document__is_demonstration=institution.is_demonstration,
    )
    related = published.select_related("document", "institution", "item__main_item", "item__priced_as")
    return list(related.prefetch_related(rows).order_by("-effective"))


def is_public_holiday(day: date, region_code: str, institution: Institution) -> bool:
    """Whether the hospital has entered the day as a public holiday of the region; one query."""
    return PublicHoliday.objects.filter(
        day=day, region_code__in=regions_around(region_code), is_demonstration=institution.is_demonstration
    ).exists()


def knows_holidays_of(year: int, institution: Institution) -> bool:
    """Whether any public holiday of the year has been entered; one query."""
    entered = PublicHoliday.objects.filter(day__year=year, is_demonstration=institution.is_demonstration)
    return entered.exists()


def home_items(institution: Institution, day: date, *, category: Category) -> list[PublishedPrice]:
    """Nursing items that are done at home, or consumables, with the price of the day; two queries."""
    items = listed_items(context_of(institution, day)).filter(category=category, kind=ItemKindChoice.MAIN)
    if category == Category.NURSING:
        items = items.filter(service=ServiceChoice.HOME_NURSING)
    return published_prices(institution, day, items)


def _price_of(schedule: OnsiteFeeSchedule, institution: Institution, day: date) -> Price | None:
    """The row that was written when the schedule was published."""
    rows = within_reach(context_of(institution, day)).filter(
        institution=institution, item=schedule.item, document=schedule.document, effective__contains=day
    )
    return rows.first()


def _as_charged(line: QuotedLine, visit: VisitFact, encounter: str) -> ChargedLine:
    return ChargedLine(
        item_code=line.item_code,
        quantity=line.quantity,
        amount=line.amount,
        service_on=visit.service_on,
        encounter=encounter,
        performed_at=visit.starts_at,
    )


def _days(schedule: OnsiteFeeSchedule) -> Period:
    return Period(schedule.effective.lower, schedule.effective.upper)
