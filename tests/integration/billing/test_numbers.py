"""Numbers of bills have no gaps: for each institution and day they count from one."""

from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from billing.models import Bill, BillPurpose
from billing.operations import open_bill
from encounters.models import Encounter
from pricing.queries import quote_for
from pricing.rules import Quote, ServiceLine
from tests.factories.encounters import AT, EncounterFactory
from tests.factories.pricing import PriceFactory
from tests.factories.registry import InstitutionFactory


def quote_of(encounter: Encounter) -> Quote:
    line = ServiceLine("1", PriceFactory().item.code, Decimal(1))
    return quote_for(lines=[line], institution=encounter.institution, service_on=encounter.service_on)


def opened(encounter: Encounter, quote: Quote, **moment: int) -> str:
    made = open_bill(
        encounter_id=encounter.pk,
        purpose=BillPurpose.DRUGS,
        quote=quote,
        by=None,
        at=AT + timedelta(**moment),
    )
    return made.number


@pytest.mark.django_db
def test_an_institution_counts_its_bills_of_a_day_from_one() -> None:
    here, there = EncounterFactory(), EncounterFactory(institution=InstitutionFactory(code="H33010000002"))
    quote, code = quote_of(here), f"B{here.institution_id:02d}"
    assert [opened(here, quote), opened(here, quote)] == [f"{code}-261120-00001", f"{code}-261120-00002"]
    assert opened(there, quote) == f"B{there.institution_id:02d}-261120-00001"
    assert opened(here, quote, days=1) == f"{code}-261121-00001"


@pytest.mark.django_db
def test_the_day_is_that_of_shanghai() -> None:
    here = EncounterFactory()
    quote = quote_of(here)
    midnight_there = AT.replace(hour=16, minute=0)
    assert "-261121-" in opened(here, quote, seconds=int((midnight_there - AT).total_seconds()))


@pytest.mark.django_db
def test_what_is_taken_back_gives_its_number_back() -> None:
    here = EncounterFactory()
    quote = quote_of(here)
    with pytest.raises(RuntimeError), transaction.atomic():
        opened(here, quote)
        raise RuntimeError
    assert opened(here, quote).endswith("-00001")


@pytest.mark.django_db(transaction=True)
def test_two_who_charge_at_once_get_two_numbers_in_a_row() -> None:
    here = EncounterFactory()
    quote, together = quote_of(here), Barrier(2)

    def charge() -> None:
        together.wait()
        for _ in range(5):
            opened(here, quote)
        connection.close()

    workers = [Thread(target=charge) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    numbers = sorted(Bill.objects.values_list("number", flat=True))
    assert [int(number[-5:]) for number in numbers] == list(range(1, 11))
