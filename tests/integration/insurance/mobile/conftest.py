"""A patient who authorised a payment with her e-voucher, and her claim."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from accounts.models import User
from billing.models import Bill
from insurance.models import Claim, VoucherAuthorization
from insurance.operations import open_claim
from insurance.operations.mobile import centre
from kernel import clock
from tests.integration.checkout.conftest import ZHANG
from tests.integration.insurance.mobile.paying import Work, authorise
from tests.verification.simulators import Simulators


@pytest.fixture
def phone(simulators: Simulators, settings: Settings) -> Iterator[Simulators]:
    """The mobile payment centre without orders; the hospital knows its address."""
    settings.INSURANCE_MOBILE_BASE_URL = f"{simulators.url}/mobilepay"
    centre._client.cache_clear()
    simulators.control("mobilepay", "reset", all=True)
    simulators.control("insurer", "person", id_number=ZHANG[1], balance="2.00", deducted="300.00")
    yield simulators
    simulators.control("mobilepay", "reset", all=True)
    centre._client.cache_clear()


@pytest.fixture
def allowed(bill: Bill, user: User, phone: Simulators) -> VoucherAuthorization:
    """Her permission to pay."""
    return authorise(phone, bill.encounter, user)


@pytest.fixture
def claim(bill: Bill, user: User, allowed: VoucherAuthorization, work: Work) -> Claim:
    """Presettled at the centre."""
    made = open_claim(bill_id=bill.pk, by=user, at=clock.now())
    work()
    made.refresh_from_db()
    return made
