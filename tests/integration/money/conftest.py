"""The money of bills with everybody beside us: the insurer, both channels, and the jobs that a worker would do."""

from tests.integration.checkout.conftest import bill, checkout, patient, simulators, user, work
from tests.verification.conftest import notified

__all__ = ["bill", "checkout", "notified", "patient", "simulators", "user", "work"]
