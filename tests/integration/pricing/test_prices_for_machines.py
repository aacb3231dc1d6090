"""The price list as JSON says what the quote would charge."""

from decimal import Decimal

import pytest
from django.test import Client

from pricing.rules.codes import ONLINE_REVISIT, ORDINARY_OUTPATIENT
from registry.models import Institution

pytestmark = pytest.mark.django_db


def test_anyone_reads_the_published_prices_with_their_documents(
    client: Client, hospital: Institution, shipped: None
) -> None:
    answer = client.get("/api/v1/prices/?on=2026-11-22").json()
    rows = {row["code"]: row for row in answer["prices"] if row["title"] is None}
    assert answer["is_demonstration"] is True
    assert Decimal(rows[ONLINE_REVISIT]["amount"]) == Decimal("10.00")
    assert rows[ONLINE_REVISIT]["amount"] == rows[ORDINARY_OUTPATIENT]["amount"]
    assert all(row["document"]["number"] for row in answer["prices"])


def test_another_day_has_the_prices_of_that_day(client: Client, hospital: Institution, shipped: None) -> None:
    answer = client.get("/api/v1/prices/?on=2025-12-31").json()
    amounts = [Decimal(row["amount"]) for row in answer["prices"] if row["code"] == ORDINARY_OUTPATIENT]
    assert amounts == [Decimal("8.00")]


def test_a_day_that_cannot_be_read_is_refused_in_words(client: Client, hospital: Institution) -> None:
    answer = client.get("/api/v1/prices/?on=tomorrow")
    assert answer.status_code == 400
    assert "on" in answer.json()
