"""The price list says which services no document has opened here, and leads to the calculator."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import timezone

from kernel.period import Period
from pricing import demo
from pricing.operations import open_service
from pricing.rules.kinds import Service
from registry.models import Institution
from tests.factories.onsite import onsite_item, published
from tests.factories.pricing import TariffDocumentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hospital")]


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def test_closed_services_are_named_with_what_they_wait_for(english: Client) -> None:
    page = english.get("/prices/").content.decode()
    assert "Services not open yet" in page
    assert "online first visit" in page
    assert "Internet pharmacy clinic" in page
    assert "Needs a policy document that opens it here." in page


def test_an_opening_to_come_is_named_with_its_day_and_document(english: Client) -> None:
    document = TariffDocumentFactory()
    open_service(
        service=Service.FIRST_VISIT, region_code="330000", document_id=document.pk,
        period=Period(date(2099, 1, 1)), by=None, at=timezone.now(),
    )  # fmt: skip
    page = english.get("/prices/").content.decode()
    assert f"by {document.number}" in page


def test_an_open_service_is_not_listed_as_closed(english: Client) -> None:
    for service in (Service.FIRST_VISIT, Service.PHARMACY_CLINIC):
        document = TariffDocumentFactory()
        open_service(
            service=service, region_code="330100", document_id=document.pk,
            period=Period(date(2026, 1, 1)), by=None, at=timezone.now(),
        )  # fmt: skip
    assert "Services not open yet" not in english.get("/prices/").content.decode()


def test_the_list_and_the_item_lead_to_the_calculator(english: Client, hospital: Institution) -> None:
    item = onsite_item(code=demo.ONSITE_ITEM)
    published(hospital, item=item, at=datetime(2025, 12, 19, tzinfo=UTC))
    assert "/prices/onsite-fee/" in english.get("/prices/").content.decode()
    page = english.get(f"/prices/{item.code}/").content.decode()
    assert "/prices/onsite-fee/" in page
    assert "by the visit" in page
    assert english.get(f"/prices/{item.code}/why/").status_code == 404  # with the reason, and no number
