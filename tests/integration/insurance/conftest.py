"""A bill, its claim, and the simulated insurer."""

from collections.abc import Callable

import pytest

from accounts.models import User
from billing.models import Bill
from insurance.models import Claim
from insurance.operations import open_claim
from kernel import clock
from tests.integration.checkout.conftest import (
    bill,
    checkout,
    patient,
    simulators,
    user,
    work,
)
from tests.verification.simulators import Simulators

__all__ = ["bill", "checkout", "patient", "simulators", "user", "work"]


@pytest.fixture
def claim(bill: Bill, user: User, simulators: Simulators, work: Callable[[], None]) -> Claim:
    """Opened; the insurer has not been asked yet."""
    return open_claim(bill_id=bill.pk, by=user, at=clock.now())
