"""For whom a price holds, compared with another."""

from pricing.rules.facts import DEMONSTRATION, PriceFact, QuoteContext

Scope = tuple[object, ...]


def scope_of(price: PriceFact) -> Scope:
    """Item and everything but ages and days: two prices alike in it must not share a day and an age."""
    return (
        price.item_code,
        price.region_code,
        price.institution_id,
        price.institution_level,
        price.institution_grade,
        price.price_zone,
        price.ownership,
        price.department,
        price.condition,
        price.title,
    )


def overlap(one: PriceFact, other: PriceFact) -> bool:
    """Whether two prices of one scope hold on the same day for the same age."""
    return (
        (other.end is None or one.begin < other.end)
        and (one.end is None or other.begin < one.end)
        and (one.age_from is None or other.age_to is None or one.age_from <= other.age_to)
        and (one.age_to is None or other.age_from is None or other.age_from <= one.age_to)
    )


def context_within(price: PriceFact) -> QuoteContext:
    """A service on the first day at an institution of just the price's scope, by nobody and for nobody special."""
    return QuoteContext(
        service_on=price.begin,
        region_code=price.region_code,
        institution_id=price.institution_id or 0,
        institution_level=price.institution_level or 0,
        institution_grade=price.institution_grade,
        price_zone=price.price_zone,
        ownership=price.ownership or "public",
        is_demonstration=price.evidence_grade == DEMONSTRATION,
    )
