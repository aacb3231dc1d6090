"""The demo hospital, and the tariffs that are shipped."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from registry.models import Institution

TARIFFS = Path(__file__).resolve().parents[3] / "pricing" / "tariffs"


@pytest.fixture
def hospital(db: None) -> Institution:
    """A public tertiary demonstration hospital in region 330100."""
    return Institution.objects.create(
        name="演示市第一人民医院",
        name_en="Demo City First People's Hospital",
        online_name="演示市第一人民医院互联网医院",
        online_name_en="Demo City First People's Internet Hospital",
        code="H33010000001",
        region_code="330100",
        level=3,
        licence_number="演示",
        licence_authority="演示市卫生健康委员会",
        licence_until=date(2030, 1, 1),
        address="演示市演示路 1 号",
        phone="0571-00000000",
        is_demonstration=True,
    )


@pytest.fixture(scope="module")
def _shipped_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load every shipped tariff once for a module, in a transaction around those of its tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_tariff", *sorted(map(str, TARIFFS.glob("*.yaml"))), verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def shipped(_shipped_once: None, db: None) -> None:
    """Every shipped tariff document is loaded."""
