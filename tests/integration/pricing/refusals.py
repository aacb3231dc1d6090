"""Which rules stood in the way of a revision."""

from datetime import date, timedelta
from decimal import Decimal

from kernel.errors import DomainError
from pricing.models import Price
from tests.factories.revisions import TODAY

TOMORROW = TODAY + timedelta(days=1)


def rules_of(error: DomainError) -> set[str]:
    return {violation.rule for violation in error.violations}


def known(price: Price) -> list[tuple[Decimal | None, date, date | None]]:
    rows = Price.objects.known().filter(item=price.item_id).order_by("effective")
    return [(row.amount, row.effective.lower, row.effective.upper) for row in rows]
