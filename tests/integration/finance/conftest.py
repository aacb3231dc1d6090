"""People of the finance office, and a day on which money moved."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import Role, User
from billing.models import Bill
from billing.operations import settle_bill, state_parts
from billing.rules import Parts
from finance.operations import books
from kernel import clock
from payments.models import PaymentOrder
from reconciliation.models import Comparison
from reconciliation.rules.kinds import Source
from reconciliation.states import ComparisonState
from tests.factories import billing as charged
from tests.factories import reconciliation as made
from tests.factories.accounts import StaffFactory
from tests.factories.encounters import AT

DAY: date = clock.day_of(AT)
LATER = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
"""A morning after the day."""

Pay = Callable[..., PaymentOrder]


@pytest.fixture
def clerk(db: None) -> User:
    """Of the finance office."""
    user: User = StaffFactory(role=Role.FINANCE, display_name="财务赵")
    return user


@pytest.fixture
def colleague(db: None) -> User:
    """The second person of the finance office."""
    user: User = StaffFactory(role=Role.FINANCE, display_name="财务钱")
    return user


@pytest.fixture
def office(client: Client, clerk: User) -> Client:
    """She works here, in English."""
    client.force_login(clerk)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def paid(db: None) -> PaymentOrder:
    """A bill of 10.00 that she paid in cash by WeChat Pay, in the books as on the day."""
    order = paid_order(charged.bill("10.00"))
    books.book_order_paid(order.pk)
    return order


def paid_order(bill: Bill) -> PaymentOrder:
    """All of a bill is paid in cash; the books know of the bill, not of the order."""
    state_parts(bill_id=bill.pk, parts=Parts.of_cash(bill.total_amount), in_scope={})
    settle_bill(bill_id=bill.pk, at=AT)
    return made.order(bill, at=AT, amount=str(bill.total_amount))


@pytest.fixture
def balanced(db: None) -> Comparison:
    """The channel's bill of the day agrees with ours."""
    return Comparison.objects.create(day=DAY, source=Source.CHANNEL, state=ComparisonState.BALANCED)


def yuan(text: str) -> Decimal:
    """An amount."""
    return Decimal(text)
