"""Who takes back an insured bill locks claim before checkout, as the insurer's answer does."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultations import operations
from consultations.models import Slot
from consultations.operations.visits import call_off
from tests.factories.consultations import Booking, booking
from tests.factories.registry import CoverageFactory, GuardianshipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def insured(slot: Slot, now: datetime, settings: Any, tmp_path: Path) -> Booking:
    """A priced visit whose insurer is being asked."""
    settings.MEDIA_ROOT = tmp_path
    right = GuardianshipFactory()
    CoverageFactory(patient=right.patient)
    made = booking(slot, at=now, right=right).prepare()
    operations.price_visit(revisit_id=made.revisit.pk, uses_insurance=True, by=made.user, at=now)
    return made


def tables_in_order_of_locking(queries: CaptureQueriesContext) -> list[str]:
    """First lock of each table."""
    locking = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
    return list(dict.fromkeys(sql.split(' FROM "')[1].split('"')[0] for sql in locking))


def test_she_who_cancels_locks_claim_then_checkout_then_visit(insured: Booking) -> None:
    with CaptureQueriesContext(connection) as queries:
        operations.cancel(revisit_id=insured.revisit.pk, by=insured.user, at=insured.at)
    assert tables_in_order_of_locking(queries)[:3] == [
        "insurance_claim", "checkout_checkout", "consultations_revisit",
    ]  # fmt: skip


def test_a_doctor_who_is_away_locks_claim_then_checkout_then_visit(insured: Booking) -> None:
    with CaptureQueriesContext(connection) as queries:
        call_off(revisit_id=insured.revisit.pk, by=None, at=insured.at)
    assert tables_in_order_of_locking(queries)[:3] == [
        "insurance_claim", "checkout_checkout", "consultations_revisit",
    ]  # fmt: skip
