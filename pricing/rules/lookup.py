"""Which of the known prices holds."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from pricing.rules.facts import DEMONSTRATION, ItemFact, PriceFact, QuoteContext, ServiceLine

NATION = "000000"


@lru_cache(maxsize=4096)
def regions_around(region_code: str) -> tuple[str, ...]:
    """The region and all that contain it, the narrowest first: 330106, 330100, 330000, 000000."""
    wider = (region_code, f"{region_code[:4]}00", f"{region_code[:2]}0000", NATION)
    return tuple(dict.fromkeys(wider))


def is_listed(item: ItemFact, context: QuoteContext) -> bool:
    """Whether the item stands on a list that covers the institution."""
    known_here = item.region_code in regions_around(context.region_code)
    return known_here and (context.is_demonstration or not item.is_demonstration)


def holds(
    price: PriceFact, context: QuoteContext, title: str | None, *, line: ServiceLine | None = None
) -> bool:
    """Whether the price's scope and days cover the service, done by a practitioner with this title.

    A regulator's amount binds an institution that is not public only where its row says so (医保发〔2019〕47号:
    market-adjusted prices); the institution's own price always does.
    """
    return (
        price.begin <= context.service_on
        and (price.end is None or context.service_on < price.end)
        and (price.evidence_grade == DEMONSTRATION) is context.is_demonstration
        and (price.title is None or price.title == title)
        and price.region_code in regions_around(context.region_code)
        and _for_institution(price, context)
        and (not price.department or price.department == context.department)
        and (not price.condition or (line is not None and price.condition == line.condition))
        and _for_age(price, context.patient_age)
    )


def _for_institution(price: PriceFact, context: QuoteContext) -> bool:
    if price.institution_id is not None:
        return price.institution_id == context.institution_id
    return (
        (price.institution_level is None or price.institution_level == context.institution_level)
        and (not price.institution_grade or price.institution_grade == context.institution_grade)
        and (not price.price_zone or price.price_zone == context.price_zone)
        and price.ownership == (context.ownership if price.ownership or context.ownership != "public" else "")
    )


def _for_age(price: PriceFact, age: int | None) -> bool:
    if price.age_from is None and price.age_to is None:
        return True
    if age is None:
        return False
    return (price.age_from is None or price.age_from <= age) and (price.age_to is None or age <= price.age_to)


def most_specific(prices: Iterable[PriceFact], context: QuoteContext) -> Sequence[PriceFact]:
    """The prices that no other beats; more than one means that the law is not clear.

    A price beats another when it is at least as specific in place, zone, level, grade, ownership, department,
    condition, title and age, and more so in one.
    """
    known = tuple(prices)
    if len(known) < 2:
        return known
    ranks = [_specificity(price, context) for price in known]
    return tuple(
        price
        for price, rank in zip(known, ranks, strict=True)
        if not any(other != rank and all(map(int.__ge__, other, rank)) for other in ranks)
    )


def _specificity(price: PriceFact, context: QuoteContext) -> tuple[int, ...]:
    """One number for each part of the scope; an institution's own price is at the narrowest place and of its level."""
    regions = regions_around(context.region_code)
    is_own = price.institution_id is not None
    return (
        len(regions) + 1 if is_own else len(regions) - regions.index(price.region_code),
        int(is_own or price.price_zone != ""),
        int(is_own or price.institution_level is not None),
        int(is_own or price.institution_grade != ""),
        int(is_own or price.ownership != ""),
        int(price.department != ""),
        int(price.condition != ""),
        int(price.title is not None),
        int(price.age_from is not None or price.age_to is not None),
    )
