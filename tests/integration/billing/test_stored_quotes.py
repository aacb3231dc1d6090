"""What is charged keeps its quote with every fact; prices may change, the quote stays what it was, byte for byte."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from billing.models import Bill
from kernel import clock
from pricing.models import Price
from pricing.operations import change_price, replay
from tests.factories import consultations as booking
from tests.factories import prescriptions as prescribing
from tests.factories.pricing import TariffDocumentFactory
from tests.factories.registry import PractitionerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def visit_bill() -> Bill:
    now = clock.now()
    slot = booking.slot(PractitionerFactory(), starts_at=now - timedelta(minutes=5), places=1)
    made = booking.booking(slot, at=now).prepare().price()
    made.revisit.refresh_from_db()
    assert made.revisit.bill is not None
    return made.revisit.bill


def drug_bill() -> Bill:
    reviewed = prescribing.passed(prescribing.signed(prescribing.visit()))
    assert reviewed.bill is not None
    return reviewed.bill


@pytest.mark.parametrize("bill_of", [visit_bill, drug_bill])
def test_a_bill_keeps_the_quote_it_was_opened_by_and_gives_it_again_when_prices_have_changed(
    bill_of: Any,
) -> None:
    bill = bill_of()
    stored = bill.stored_quote
    assert stored is not None
    assert f'"total":"{bill.total_amount}"' in stored.quote
    line = bill.lines.get()
    now = timezone.now()
    change_price(
        price_id=line.price_id,
        amount=Decimal("77.00"),
        from_on=timezone.localdate(now) + timedelta(days=1),
        document_id=TariffDocumentFactory().pk,
        by=None,
        at=now,
    )
    assert Price.objects.get(pk=line.price_id).retracted_at is not None
    stored.refresh_from_db()
    assert replay(stored)
    assert str(line.amount) in stored.quote
