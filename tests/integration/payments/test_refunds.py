"""Money back: asked for once, watched until it is there, and shown when it cannot be given."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, User
from checkout.models import Checkout
from checkout.operations import unwind
from checkout.pages.presenters import refund_failed
from checkout.states import CheckoutState
from kernel import clock
from kernel.models import OutboxJob
from payments.errors import DeskNotPossible, RefundNotPossible
from payments.gateway import messages
from payments.gateway.channel import wechat_pay
from payments.gateway.trade import RefundState as ChannelRefund
from payments.gateway.trade import RefundStatus
from payments.models import IncidentKind, PaymentIncident, PaymentOrder, Refund
from payments.operations.by_hand import confirm_by_hand, note_by_hand
from payments.operations.held_back import look, send_to_hospital
from payments.operations.orders import ask_about
from payments.operations.refunds import ask_again, request_refund, send_refund
from payments.operations.sweeping import PAUSE, sweep
from payments.queries import amount_left
from payments.rules.asking import REFUND_PAUSES
from payments.states import CLOSED, HeldBack, RefundState, held_back
from refunds.errors import RefundRefused
from refunds.models import RefundRequest
from refunds.operations.deciding import send_again
from tests.factories.accounts import StaffFactory, UserFactory
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]


@pytest.fixture
def paid(order: PaymentOrder, pay: Callable[[], dict[str, Any]], work: Work) -> PaymentOrder:
    """Paid and settled."""
    pay()
    ask_about(order_id=order.pk)
    work()
    order.refresh_from_db()
    return order


def give_back(paid: PaymentOrder, work: Work) -> Refund:
    """The bill is unwound, and the job has asked the channel once."""
    unwind(bill_id=paid.bill_id, reason="医生终止就诊", by=None, at=clock.now())
    work()
    return Refund.objects.get()


def test_an_order_that_is_not_paid_has_nothing_to_give_back(order: PaymentOrder) -> None:
    with pytest.raises(RefundNotPossible) as refused:
        request_refund(order_id=order.pk, reason="x", by=None, at=clock.now())
    assert [broken.rule for broken in refused.value.violations] == ["PY-10"]
    assert not Refund.objects.exists()


def test_asking_twice_is_one_refund_here_and_there(
    paid: PaymentOrder, user: User, simulators: Simulators, work: Work
) -> None:
    for _time in range(2):
        request_refund(order_id=paid.pk, reason="医生终止就诊", by=user, at=clock.now())
    refund = Refund.objects.get()
    for _time in range(2):
        send_refund(refund_id=refund.pk)
    assert len(simulators.holdings("wechatpay", out_trade_no=paid.number)["refunds"]) == 1


def test_a_refund_that_is_being_worked_on_is_asked_about_until_it_is_done(
    paid: PaymentOrder, checkout: Checkout, simulators: Simulators, work: Work
) -> None:
    simulators.control("wechatpay", "faults", kind="refund_processing", queries=2)
    refund = give_back(paid, work)
    seen = [refund.state]
    for _question in range(3):
        sweep(at=clock.now() + PAUSE * 2)
        work()
        refund.refresh_from_db()
        seen.append(refund.state)
    checkout.refresh_from_db()
    assert seen == [RefundState.PROCESSING, RefundState.PROCESSING, RefundState.PROCESSING, RefundState.DONE]
    assert refund.done_at is not None
    assert checkout.state == CheckoutState.REFUNDED
    assert checkout.bill.payment_orders.get().refunds.get().amount == paid.amount


def test_a_refund_the_channel_did_not_answer_is_sent_again_under_its_number(
    paid: PaymentOrder, simulators: Simulators, work: Work
) -> None:
    simulators.control("wechatpay", "faults", kind="server_error", verb="refund")
    refund = give_back(paid, work)
    assert refund.state == RefundState.REQUESTED
    send_refund(refund_id=refund.pk)
    [held] = simulators.holdings("wechatpay", out_trade_no=paid.number)["refunds"]
    assert held["out_refund_no"] == refund.number


@pytest.fixture
def abnormal(paid: PaymentOrder, simulators: Simulators, work: Work) -> Refund:
    """Her card takes no money any more."""
    simulators.control("wechatpay", "faults", kind="refund_abnormal")
    refund = give_back(paid, work)
    sweep(at=clock.now() + PAUSE * 2)
    work()
    refund.refresh_from_db()
    return refund


def test_a_refund_that_lies_at_the_channel_is_shown_and_not_asked_for_under_another_number(
    paid: PaymentOrder, checkout: Checkout, abnormal: Refund, user: User
) -> None:
    checkout.refresh_from_db()
    assert (abnormal.state, held_back(abnormal.failure)) == (RefundState.FAILED, HeldBack.ABNORMAL)
    assert checkout.state == CheckoutState.REFUNDING, "nobody says that the money is back"
    assert refund_failed(checkout)
    assert ask_again(refund_id=abnormal.pk, by=user, at=clock.now()) is None
    assert request_refund(order_id=paid.pk, reason="再次退款", by=None, at=clock.now()) == abnormal
    assert amount_left(paid) == 0
    request = RefundRequest.objects.get()
    page = office().get(f"/office/refunds/{request.number}/").content.decode()
    assert "Send it again" not in page
    assert "See what can be done" in page
    with pytest.raises(RefundRefused) as refused:
        send_again(request_id=request.pk, by=user, at=clock.now())
    assert [broken.rule for broken in refused.value.violations] == ["PY-16"]


def test_a_refund_that_failed_before_its_word_was_kept_is_looked_at_and_found_to_lie_there(
    paid: PaymentOrder, abnormal: Refund, user: User, work: Work
) -> None:
    Refund.objects.filter(pk=abnormal.pk).update(failure="")
    assert abnormal.channel_refund_id
    assert ask_again(refund_id=abnormal.pk, by=user, at=clock.now()) is None, "it may lie there"
    Refund.objects.filter(pk=abnormal.pk).update(times_asked=0)
    OutboxJob.objects.all().delete()
    sweep(at=clock.now() + PAUSE * 2)
    work()
    abnormal.refresh_from_db()
    assert held_back(abnormal.failure) == HeldBack.ABNORMAL
    assert amount_left(paid) == 0


def test_a_refund_whose_word_was_not_kept_and_that_was_closed_is_asked_for_anew(
    paid: PaymentOrder, abnormal: Refund, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    Refund.objects.filter(pk=abnormal.pk).update(failure="")
    fen = int(abnormal.amount * 100)
    closed = ChannelRefund(abnormal.number, paid.number, "W1", RefundStatus.CLOSED, fen, fen)
    monkeypatch.setattr("payments.operations.held_back._answer_about", lambda *_of: closed)
    looked = look(refund_id=abnormal.pk)
    assert (looked.failure.partition(":")[0], held_back(looked.failure)) == (CLOSED, None)
    assert ask_again(refund_id=abnormal.pk, by=user, at=clock.now()) is not None


def test_a_word_that_comes_when_others_were_asked_for_in_its_place_is_shown_to_a_person(
    paid: PaymentOrder, abnormal: Refund
) -> None:
    Refund.objects.filter(pk=abnormal.pk).update(failure="")
    request_refund(order_id=paid.pk, reason="再次退款", by=None, at=clock.now(), key="another")
    looked = look(refund_id=abnormal.pk)
    assert looked.failure == ""
    assert PaymentIncident.objects.get(kind=IncidentKind.CONTRADICTED).subject == abnormal.number


def test_what_lies_there_comes_to_the_hospital_and_two_persons_pay_her(
    paid: PaymentOrder, checkout: Checkout, abnormal: Refund, user: User, simulators: Simulators, work: Work
) -> None:
    simulators.control("wechatpay", "faults", kind="server_error", verb="abnormal_refund")
    for _time in range(2):
        send_to_hospital(refund_id=abnormal.pk, by=user, at=clock.now())
    work()
    assert where(abnormal) == (RefundState.FAILED, HeldBack.TO_HOSPITAL)
    for _question in range(2):  # not answered the first time; the sweeper asks again
        Refund.objects.update(last_asked_at=clock.now() - REFUND_PAUSES[-1])
        sweep(at=clock.now() + PAUSE)
        work()
    assert where(abnormal) == (RefundState.FAILED, HeldBack.AT_HOSPITAL), "it is not with her"
    [there] = simulators.holdings("wechatpay", out_trade_no=paid.number)["refunds"]
    assert there["user_received_account"].startswith("商户")

    note_by_hand(refund_id=abnormal.pk, reference="转账 77", by=user, at=clock.now())
    confirm_by_hand(refund_id=abnormal.pk, by=UserFactory(), at=clock.now())
    checkout.refresh_from_db()
    assert where(abnormal)[0] == RefundState.DONE
    assert checkout.state == CheckoutState.REFUNDED


def test_what_a_person_sent_to_her_other_card_is_done_when_somebody_looks(
    paid: PaymentOrder, abnormal: Refund, user: User, simulators: Simulators
) -> None:
    assert look(refund_id=abnormal.pk).state == RefundState.FAILED
    at_the_merchant_pages(simulators, abnormal)

    assert look(refund_id=abnormal.pk).state == RefundState.DONE
    with pytest.raises(DeskNotPossible) as refused:
        send_to_hospital(refund_id=abnormal.pk, by=user, at=clock.now())
    assert [broken.rule for broken in refused.value.violations] == ["PY-17"]


def office() -> Client:
    """A person of the finance office, in English."""
    made = Client()
    made.force_login(StaffFactory(role=Role.FINANCE))
    made.cookies["django_language"] = "en"
    return made


def where(refund: Refund) -> tuple[str, HeldBack | None]:
    refund.refresh_from_db()
    return refund.state, held_back(refund.failure)


def at_the_merchant_pages(simulators: Simulators, refund: Refund) -> None:
    """A person of the hospital names another card of hers."""
    client = wechat_pay()
    body = {
        "out_refund_no": refund.number, "type": "USER_BANK_CARD", "bank_type": "ICBC_DEBIT",
        "bank_account": "sealed", "real_name": "sealed",
    }  # fmt: skip
    path = f"/v3/refund/domestic/refunds/{refund.channel_refund_id}/apply-abnormal-refund"
    assert client._request("POST", path, messages.encode_json(body))["status"] == "PROCESSING"


def test_a_refusal_for_good_is_kept_with_the_channels_words(
    paid: PaymentOrder, simulators: Simulators, work: Work
) -> None:
    simulators.control("wechatpay", "faults", kind="not_enough", verb="refund")
    refund = give_back(paid, work)
    assert refund.state == RefundState.FAILED
    assert "NOT_ENOUGH" in refund.failure
