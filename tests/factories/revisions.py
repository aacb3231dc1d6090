"""Revisions of prices, and the two people they take."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import User
from pricing.models import PriceItem, PriceRevision, ProposedPrice, TariffDocument
from pricing.operations import revising
from tests.factories.accounts import administrator
from tests.factories.pricing import PriceItemFactory, TariffDocumentFactory

AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
"""Friday 20 November 2026, 14:30 in Hangzhou."""
TODAY = date(2026, 11, 20)
NEW_YEAR = date(2027, 1, 1)

KINDS: dict[str, dict[str, Any]] = {
    "fixed": {"kind": "fixed", "amount": Decimal("12.50")},
    "range": {"kind": "range", "minimum_amount": Decimal(100), "maximum_amount": Decimal(300)},
    "ceiling": {"kind": "ceiling", "maximum_amount": Decimal(30)},
    "percentage": {"kind": "percentage", "rate": Decimal("0.3")},
    "self_set": {"kind": "self_set"},
    "tiered": {
        "kind": "tiered",
        "band_axis": "distance",
        "bands": [{"above": "0", "up_to": "3", "amount": "130"}, {"above": "3", "amount": "200"}],
    },
    "base_and_further": {
        "kind": "base_and_further",
        "amount": Decimal(40),
        "included_quantity": Decimal(1),
        "further_amount": Decimal("12.5"),
    },
    "hourly": {"kind": "hourly", "amount": Decimal(5)},
}
"""Believable columns of every kind of amount."""


def drafter() -> User:
    """Who drafts."""
    return administrator(display_name="何平")


def reviewer() -> User:
    """The second person."""
    return administrator(display_name="许宁")


def draft(*, by: User, document: TariffDocument | None = None, **fields: Any) -> PriceRevision:
    """A draft without rows."""
    document = document or TariffDocumentFactory()
    fields = {"title": "2027 年诊查费调整", "document_id": document.pk, "by": by, "at": AT, **fields}
    return revising.create_revision(**fields)


def row(
    item: PriceItem | None = None, *, begin: date = NEW_YEAR, until: date | None = None, **columns: Any
) -> ProposedPrice:
    """An unsaved row like the prices of ``PriceFactory``: 12.50 yuan at tertiary institutions from the new year on."""
    said = {"region_code": "330000", "institution_level": 3, **KINDS["fixed"], **columns}
    item = item or PriceItemFactory()
    return ProposedPrice(item=item, effective=DateRange(begin, until), **said)


def put(revision: PriceRevision, *rows: ProposedPrice, by: User) -> list[ProposedPrice]:
    """Rows in the draft."""
    return [revising.put_row(revision_id=revision.pk, row=each, by=by, at=AT) for each in rows]


def reviewed(revision: PriceRevision, *, by: User, second: User) -> PriceRevision:
    """Submitted by one and approved by the other."""
    revising.submit(revision_id=revision.pk, by=by, at=AT)
    return revising.approve(revision_id=revision.pk, by=second, at=AT)


def published(*rows: ProposedPrice, **fields: Any) -> PriceRevision:
    """The whole way."""
    first, second = drafter(), reviewer()
    revision = draft(by=first, **fields)
    put(revision, *rows, by=first)
    reviewed(revision, by=first, second=second)
    return revising.publish(revision_id=revision.pk, by=first, at=AT)
