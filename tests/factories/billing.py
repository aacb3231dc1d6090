"""Bills as they are charged."""

from decimal import Decimal

from billing.models import Bill, BillPurpose, FeeDetail
from billing.operations import open_bill
from pricing.models import Price
from pricing.queries import quote_for
from pricing.rules import ServiceLine
from tests.factories.encounters import AT, EncounterFactory
from tests.factories.pricing import PriceFactory


def bill(*amounts: str) -> Bill:
    """Of one line for each price in yuan; of 10.00 without any."""
    encounter = EncounterFactory()
    prices = [PriceFactory(amount=Decimal(amount)) for amount in amounts or ("10.00",)]
    quote = quote_for(
        lines=[ServiceLine(str(price.pk), price.item.code, Decimal(1)) for price in prices],
        institution=encounter.institution,
        service_on=encounter.service_on,
    )
    return open_bill(encounter_id=encounter.pk, purpose=BillPurpose.CONSULTATION, quote=quote, by=None, at=AT)


def with_line(bill: Bill) -> Bill:
    """A bill that was written straight into the table, with one line of its total and parts."""
    price = Price.objects.first() or PriceFactory()
    line = FeeDetail(
        bill=bill, number=1, item_code=price.item.code, name="诊查费", name_en="Consultation", quantity=1, unit="次",
        unit_price=bill.total_amount, amount=bill.total_amount, price=price, document=price.document,
    )  # fmt: skip
    if bill.parts:
        line.say_parts(bill.parts)
    line.save(force_insert=True)
    return bill
