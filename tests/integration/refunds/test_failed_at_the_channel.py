"""A refund that the channel could not give: what it says later."""

from collections.abc import Callable

import pytest

from accounts.models import User
from checkout.models import Checkout
from kernel import clock
from payments.gateway import trade
from payments.gateway.trade import RefundStatus
from payments.models import IncidentKind, PaymentIncident, Refund
from payments.operations.refunds import ask_again, record_answer
from payments.states import RefundState
from refunds.models import RefundRequest
from refunds.operations import request_refund
from refunds.states import RefundRequestState
from tests.integration.checkout.conftest import finish_refund

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]


def says(refund: Refund, status: RefundStatus) -> None:
    """What the channel notifies of it."""
    fen = int(refund.amount * 100)
    answer = trade.RefundState(refund.number, refund.order.number, "W1", status, fen, fen)
    record_answer(answer, at=clock.now())
    refund.refresh_from_db()


@pytest.fixture
def failed(paid: Checkout, clerk: User) -> Refund:
    """All 30.00 were to go back, and her account at the channel is closed."""
    request_refund(
        bill_id=paid.bill_id, situation="doctor_refuses", reason="医生无法接诊", by=clerk, at=clock.now()
    )
    refund = Refund.objects.get()
    says(refund, RefundStatus.ABNORMAL)
    assert refund.state == RefundState.FAILED
    return refund


def test_what_the_channel_gives_back_after_all_is_done(failed: Refund) -> None:
    """Its operator has completed it: asked for anew, the money would go back twice."""
    says(failed, RefundStatus.SUCCESS)
    assert failed.state == RefundState.DONE
    assert RefundRequest.objects.get().state == RefundRequestState.DONE
    assert ask_again(refund_id=failed.pk, by=None, at=clock.now()) is None  # type: ignore[arg-type]


def test_what_was_asked_for_anew_and_is_given_back_after_all_is_shown_to_a_person(
    failed: Refund, clerk: User, work: Work
) -> None:
    ask_again(refund_id=failed.pk, by=clerk, at=clock.now())
    says(failed, RefundStatus.SUCCESS)
    assert failed.state == RefundState.FAILED
    incident = PaymentIncident.objects.get(kind=IncidentKind.CONTRADICTED)
    assert incident.subject == failed.number
    finish_refund(work)
    assert Refund.objects.get(replaces=failed).state == RefundState.DONE
