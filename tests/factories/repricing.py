"""Charges of past days, and revisions that would have set other prices for them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import Role, User
from billing.models import Bill, BillPurpose
from billing.operations import open_bill, settle_bill, state_parts
from billing.rules import Parts
from encounters.models import Encounter
from kernel.money import allocate
from pricing.models import Price, PriceItem, PriceRevision, ProposedPrice, TariffDocument
from pricing.operations.restating import retract
from pricing.queries import quote_for
from pricing.rules import ServiceLine
from pricing.states import RevisionState
from tests.factories.accounts import StaffFactory
from tests.factories.encounters import EncounterFactory
from tests.factories.pricing import TariffDocumentFactory

AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
"""Friday 20 November 2026, 14:30 in Hangzhou."""


def finance(**fields: Any) -> User:
    """Somebody of the money office."""
    user: User = StaffFactory(role=Role.FINANCE, display_name="陈会计", **fields)
    return user


def charge(
    *lines: ServiceLine | PriceItem,
    on: date = date(2026, 3, 16),
    shares: tuple[int, int, int] = (7, 2, 1),
    encounter: Encounter | None = None,
    **fields: Any,
) -> Bill:
    """A settled bill of the lines (one unit of an item), paid fund : account : cash as ``shares`` say."""
    visit: Encounter = encounter or EncounterFactory(service_on=on, **fields)
    asked = [
        each if isinstance(each, ServiceLine) else ServiceLine(str(number), each.code, Decimal(1))
        for number, each in enumerate(lines, start=1)
    ]
    quote = quote_for(
        lines=asked,
        institution=visit.institution,
        service_on=visit.service_on,
        practitioner_title=visit.practitioner.title,
        patient_age=visit.patient.age_on(visit.service_on),
        department=visit.department.code,
        encounter=visit.number,
    )
    bill = open_bill(
        encounter_id=visit.pk, purpose=BillPurpose.CONSULTATION, quote=quote, by=None, at=AT, asked=asked
    )
    parts = Parts(*allocate(bill.total_amount, [Decimal(share) for share in shares]))
    state_parts(
        bill_id=bill.pk, parts=parts, in_scope={line.number: line.amount for line in bill.lines.all()}
    )
    return settle_bill(bill_id=bill.pk, at=AT)


def revision(*rows: dict[str, Any], **fields: Any) -> PriceRevision:
    """A draft that proposes a price for each row: ``item``, ``amount`` and whatever else the row says."""
    document: TariffDocument = fields.pop("document", None) or TariffDocumentFactory()
    number = f"TJ{PriceRevision.objects.count() + 1:04d}"
    made = PriceRevision.objects.create(
        number=number, title="演示调价", document=document, drafted_at=AT, **fields
    )
    for row in rows:
        said = {
            "region_code": "330000",
            "institution_level": 3,
            "effective": DateRange(date(2027, 1, 1), None),
        }
        ProposedPrice.objects.create(revision=made, **(said | row))
    return made


def correct(price: Price, amount: str, *, at: datetime = AT, by: User | None = None) -> PriceRevision:
    """A published revision that says what the price had been all along; the rows of prices follow it."""
    publisher = by or finance()
    made = revision(
        {"item": price.item, "amount": Decimal(amount), "effective": price.effective, "replaces": price},
        document=price.document,
        reaches_back=True,
        state=RevisionState.PUBLISHED,
        published_by=publisher,
        published_at=at,
    )
    retract(price, at=at)
    right = Price.objects.get(pk=price.pk)
    right.pk, right.amount, right.recorded_at, right.retracted_at = None, Decimal(amount), at, None
    right._state.adding = True
    right.save(force_insert=True)
    return made
