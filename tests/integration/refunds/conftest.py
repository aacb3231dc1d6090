"""A bill of two lines that was paid, with insurance or without; the real simulators hold the money.

Worked by hand with the insurer's demonstration policy (retired, 70 %, class A wholly in scope, 1.00 on her account):
of 10.00 + 4 × 5.00 the fund pays 21.00, her account 1.00, she 8.00.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Role, User
from billing.models import Bill, BillPurpose
from billing.operations import open_bill
from checkout.models import Checkout
from checkout.operations import open_checkout
from checkout.states import CheckoutState
from kernel import clock
from payments.models import PaymentOrder, Refund
from pricing.queries import quote_for
from pricing.rules import ServiceLine
from tests.factories.accounts import StaffFactory
from tests.factories.pricing import PriceFactory, PriceItemFactory
from tests.integration.checkout.conftest import bill as one_line
from tests.integration.checkout.conftest import checkout, patient, pay, simulators, user, work
from tests.verification.simulators import Simulators

__all__ = ["checkout", "one_line", "patient", "simulators", "user", "work"]
Work = Callable[[], None]


@pytest.fixture
def bill(one_line: Bill) -> Bill:
    """10.00, and four units at 5.00."""
    item = PriceItemFactory(code="001102000010000X", insurance_code="001102000010000")
    PriceFactory(item=item, amount=Decimal("5.00"))
    quantities = {one_line.lines.get().item_code: 1, item.code: 4}
    quote = quote_for(
        lines=[
            ServiceLine(str(number), code, Decimal(quantities[code]))
            for number, code in enumerate(quantities, start=1)
        ],
        institution=one_line.encounter.institution,
        service_on=one_line.encounter.service_on,
    )
    return open_bill(
        encounter_id=one_line.encounter_id,
        purpose=BillPurpose.CONSULTATION,
        quote=quote,
        by=None,
        at=clock.now(),
    )


@pytest.fixture
def paid(bill: Bill, user: User, simulators: Simulators, work: Work) -> Checkout:
    """She paid all 30.00 herself by WeChat Pay."""
    now = clock.now()
    made = open_checkout(
        bill_id=bill.pk, uses_insurance=False, pay_by=now + timedelta(minutes=15), by=user, at=now
    )
    pay(made, user, simulators, work)
    assert made.state == CheckoutState.SETTLED
    return made


@pytest.fixture
def insured(checkout: Checkout, user: User, simulators: Simulators, work: Work) -> Checkout:
    """She paid 8.00, the insurance 22.00."""
    order = pay(checkout, user, simulators, work)
    assert (checkout.state, order.amount) == (CheckoutState.SETTLED, Decimal("8.00"))
    return checkout


@pytest.fixture
def clerk(transactional_db: None) -> User:
    """Who asks for refunds."""
    return StaffFactory(role=Role.FINANCE)


@pytest.fixture
def colleague(transactional_db: None) -> User:
    """Who agrees to them."""
    return StaffFactory(role=Role.FINANCE)


def at_the_channel(order: PaymentOrder, simulators: Simulators) -> list[Decimal]:
    """Yuan of each refund that the channel has given back of an order."""
    held = simulators.holdings("wechatpay", out_trade_no=order.number)["refunds"]
    return [Decimal(refund["amount_fen"]) / 100 for refund in held]


def amounts(order: PaymentOrder) -> list[Decimal]:
    """Yuan of each refund that was written here."""
    return list(Refund.objects.filter(order=order).order_by("pk").values_list("amount", flat=True))
