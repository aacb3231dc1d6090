"""On-site fees, agreements and holidays with believable values."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from pricing.models import Category, OnsiteFeeRow, OnsiteFeeSchedule, PriceItem
from pricing.operations import draft_onsite_fee, publish_onsite_fee
from registry.models import Institution
from tests.factories.pricing import PriceItemFactory, TariffDocumentFactory

DRAFTED_AT = datetime(2025, 12, 19, 2, 0, tzinfo=UTC)
FIRST_DAY = date(2026, 1, 1)


def onsite_item(**said: Any) -> PriceItem:
    """An item of the category on-site fee."""
    item: PriceItem = PriceItemFactory(**{"category": Category.ONSITE_FEE, "charge_type": "14", **said})
    return item


def base(amount: str, above: str | None = None, up_to: str | None = None, **said: Any) -> OnsiteFeeRow:
    """A row for the visit itself."""
    bounds = {"distance_above": above, "distance_up_to": up_to}
    exact = {name: None if bound is None else Decimal(bound) for name, bound in bounds.items()}
    return OnsiteFeeRow(amount=Decimal(amount), **exact, **said)


def by_distance() -> list[OnsiteFeeRow]:
    """Rows 25 to 28 of the sourced tariffs."""
    return [base("130", "0", "3"), base("200", "3", "5"), base("300", "5", "10"), base("550", "10")]


def drafted(
    hospital: Institution,
    rows: Sequence[OnsiteFeeRow] | None = None,
    *,
    first_day: date = FIRST_DAY,
    until: date | None = None,
    **said: Any,
) -> OnsiteFeeSchedule:
    """A draft of the hospital's on-site fee."""
    schedule = OnsiteFeeSchedule(
        institution=hospital,
        item=said.pop("item", None) or onsite_item(),
        document=said.pop("document", None) or TariffDocumentFactory(region_code="330100"),
        area_region_code=said.pop("area_region_code", "330100"),
        effective=DateRange(first_day, until),
    )
    return draft_onsite_fee(
        schedule=schedule, rows=by_distance() if rows is None else rows, by=None, at=DRAFTED_AT
    )


def published(
    hospital: Institution, rows: Sequence[OnsiteFeeRow] | None = None, **said: Any
) -> OnsiteFeeSchedule:
    """A fee that everyone can read."""
    at = said.pop("at", DRAFTED_AT)
    schedule = drafted(hospital, rows, **said)
    return publish_onsite_fee(schedule_id=schedule.pk, by=None, at=at)
