"""The cases of ``tests/scenarios/pricing`` that are priced by the shipped tariffs."""

import pytest
from django.db import transaction

from pricing.rules import PricingRefused
from registry.models import Institution
from tests.integration.pricing.scenario_file import files
from tests.integration.pricing.test_scenarios import hold

SHIPPED = {path.stem: around["cases"] for path, around in files() if "tariffs" not in around}


@pytest.mark.django_db
@pytest.mark.parametrize("name", SHIPPED)
def test_every_scenario_of_the_file_holds_under_the_shipped_tariffs(
    name: str, hospital: Institution, shipped: None
) -> None:
    failures: dict[str, str] = {}
    for case in SHIPPED[name]:
        with transaction.atomic():
            try:
                hold(case, Institution.objects.get())
            except (AssertionError, PricingRefused, pytest.fail.Exception) as failure:
                failures[case["name"]] = repr(failure)
            transaction.set_rollback(True)
    assert not failures
