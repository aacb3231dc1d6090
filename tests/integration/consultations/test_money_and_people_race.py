"""Money that arrives while somebody ends the visit: never a deadlock, never lost, never twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from checkout.states import CheckoutState
from consultations import operations
from kernel import clock
from payments.models import Refund
from tests.factories import consultations as factories
from tests.factories.consultations import Booking, booking, channel_says_paid
from tests.factories.registry import PractitionerFactory

ROUNDS = 15


def at_once(*acts: Callable[[], object]) -> None:
    """Carry acts out on connections of their own, begun in the same moment; whatever they raise is raised."""
    start = Barrier(len(acts))

    def act(one: Callable[[], object]) -> None:
        try:
            start.wait(timeout=30)
            one()
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(acts)) as pool:
        for done in [pool.submit(act, one) for one in acts]:
            done.result()


def visits_at_the_cashier() -> list[Booking]:
    """Each with an open order."""
    doctor, now = PractitionerFactory(), clock.now()
    slot = factories.slot(doctor, starts_at=now - timedelta(minutes=5), places=ROUNDS)
    return [booking(slot, at=now).prepare().price() for _round in range(ROUNDS)]


@pytest.mark.django_db(transaction=True)
def test_she_cancels_in_the_moment_her_payment_arrives() -> None:
    for visit in visits_at_the_cashier():
        order = visit.open_order()
        at_once(
            lambda order=order: channel_says_paid(order),  # type: ignore[misc]
            lambda visit=visit: operations.cancel(  # type: ignore[misc]
                revisit_id=visit.revisit.pk, by=visit.user, at=visit.at
            ),
        )
        assert visit.now().state == "cancelled"
        assert visit.checkout.state == CheckoutState.REFUNDING
        assert Refund.objects.filter(order=order).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_hold_lapses_in_the_moment_her_payment_arrives() -> None:
    for visit in visits_at_the_cashier():
        order = visit.open_order()
        late = visit.at + timedelta(minutes=16)
        at_once(
            lambda order=order: channel_says_paid(order),  # type: ignore[misc]
            lambda visit=visit, late=late: operations.release_hold(  # type: ignore[misc]
                revisit_id=visit.revisit.pk, at=late
            ),
        )
        # The place was not given away, so the money that came is a visit, not a refund.
        assert visit.now().state == "waiting"
        assert not Refund.objects.filter(order=order).exists()
