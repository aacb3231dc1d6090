"""A day is closed when every channel that moved money on it was compared, not when one of them was."""

import pgtrigger
import pytest

from accounts.models import User
from finance.operations import books, days
from finance.queries.days import obstacles_of
from kernel.errors import RulesBroken
from payments.models import Channel, PaymentOrder
from reconciliation.models import Comparison
from reconciliation.rules.kinds import Source
from reconciliation.states import ComparisonState
from tests.factories import billing as charged
from tests.integration.finance.conftest import DAY, LATER, paid_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_alipay(db: None) -> PaymentOrder:
    """A bill of 10.00 that she paid by Alipay."""
    order = paid_order(charged.bill("10.00"))
    with pgtrigger.ignore("payments.PaymentOrder:frozen"):
        PaymentOrder.objects.filter(pk=order.pk).update(channel=Channel.ALIPAY)
    books.book_order_paid(order.pk)
    return order


def test_the_comparison_with_another_channel_says_nothing_of_this_one(
    by_alipay: PaymentOrder, clerk: User, balanced: Comparison
) -> None:
    institution_id = by_alipay.bill.encounter.institution_id
    day = days.count_day(institution_id=institution_id, day=DAY, by=clerk, at=LATER)
    assert [one.key for one in obstacles_of(day)] == ["comparison:alipay"]
    with pytest.raises(RulesBroken) as caught:
        days.close_day(day_id=day.pk, by=clerk, at=LATER)
    assert [violation.rule for violation in caught.value.violations] == ["FN-12"]

    Comparison.objects.create(day=DAY, source=Source.ALIPAY, state=ComparisonState.BALANCED)
    assert obstacles_of(day) == []
