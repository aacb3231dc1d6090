"""Which of the known prices holds."""

from collections.abc import Iterable

from pricing.rules.facts import DEMONSTRATION, ItemFact, PriceFact, QuoteContext

NATION = "000000"


def regions_around(region_code: str) -> tuple[str, ...]:
    """The region and all that contain it, the narrowest first: 330106, 330100, 330000, 000000."""
    wider = (region_code, f"{region_code[:4]}00", f"{region_code[:2]}0000", NATION)
    return tuple(dict.fromkeys(wider))


def is_listed(item: ItemFact, context: QuoteContext) -> bool:
    """Whether the item stands on a list that covers the institution."""
    known_here = item.region_code in regions_around(context.region_code)
    return known_here and (context.is_demonstration or not item.is_demonstration)


def holds(price: PriceFact, context: QuoteContext, title: str | None) -> bool:
    """Whether the price's scope and days cover the service, done by a practitioner with this title."""
    return (
        (price.evidence_grade == DEMONSTRATION) == context.is_demonstration
        and price.begin <= context.service_on
        and (price.end is None or context.service_on < price.end)
        and price.region_code in regions_around(context.region_code)
        and price.institution_id in {None, context.institution_id}
        and price.institution_level in {None, context.institution_level}
        and price.title in {None, title}
    )


def most_specific(prices: Iterable[PriceFact], context: QuoteContext) -> tuple[PriceFact, ...]:
    """The prices that no other beats; more than one means that the law is not clear.

    A price beats another when it is at least as specific in place, level and title, and more so in one.
    """
    known = tuple(prices)
    ranks = [_specificity(price, context) for price in known]
    return tuple(
        price
        for price, rank in zip(known, ranks, strict=True)
        if not any(other != rank and all(map(int.__ge__, other, rank)) for other in ranks)
    )


def _specificity(price: PriceFact, context: QuoteContext) -> tuple[int, int, int]:
    """Place, level, title; an institution's own price is at the narrowest place and of its level."""
    regions = regions_around(context.region_code)
    if price.institution_id is not None:
        return len(regions) + 1, 1, int(price.title is not None)
    place = len(regions) - regions.index(price.region_code)
    return place, int(price.institution_level is not None), int(price.title is not None)
