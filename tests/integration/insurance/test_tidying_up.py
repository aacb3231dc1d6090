"""What the insurer need not keep: lines of a claim that ended without a settlement, visits that never settle."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.models import User
from checkout.models import Checkout
from checkout.operations import choose_insurance, choose_self_pay
from insurance.models import Claim, GatewayMessage, VisitRegistration
from insurance.operations import submit_claim
from insurance.rules.schedule import VISIT_IS_OVER
from insurance.states import ClaimState, MessageState
from kernel import clock
from tests.integration.checkout.conftest import ask_again
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]


def states_of(code: str) -> list[str]:
    return list(GatewayMessage.objects.filter(transaction_code=code).values_list("state", flat=True))


@pytest.fixture
def abandoned(checkout: Checkout, user: User) -> Claim:
    """She pays all herself; her lines lie at the insurer."""
    claim_id = checkout.claim_id
    choose_self_pay(checkout_id=checkout.pk, by=user, at=clock.now())
    return Claim.objects.get(pk=claim_id)


def a_day_later() -> None:
    VisitRegistration.objects.update(registered_at=clock.now() - VISIT_IS_OVER)


def test_lines_of_a_claim_given_up_are_withdrawn(abandoned: Claim, work: Work) -> None:
    ask_again(work)
    abandoned.refresh_from_db()
    assert states_of("2205") == [MessageState.ANSWERED]
    assert abandoned.uploaded_at is None
    assert states_of("2202") == [], "she may still want the insurance for this visit"


def test_a_visit_of_which_nothing_is_settled_is_cancelled_a_day_later(abandoned: Claim, work: Work) -> None:
    ask_again(work)
    abandoned.refresh_from_db()
    registration = VisitRegistration.objects.get()
    assert abandoned.next_ask_at == (registration.registered_at or clock.now()) + VISIT_IS_OVER
    a_day_later()
    ask_again(work)
    abandoned.refresh_from_db()
    registration.refresh_from_db()
    assert registration.cancelled_at is not None
    assert abandoned.next_ask_at is None
    assert states_of("2205") == [MessageState.ANSWERED], "once"


def test_silence_is_asked_again(abandoned: Claim, simulators: Simulators, work: Work) -> None:
    simulators.control("insurer", "faults", infno="2205", kind="http_502_after_commit")
    ask_again(work)
    abandoned.refresh_from_db()
    assert abandoned.next_ask_at is not None
    ask_again(work)
    assert states_of("2205") == [MessageState.ANSWERED]


def test_lines_whose_upload_was_never_answered_are_withdrawn_too(
    checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    GatewayMessage.objects.filter(transaction_code="2204").update(state=MessageState.UNANSWERED)
    Claim.objects.update(uploaded_at=None)
    choose_self_pay(checkout_id=checkout.pk, by=user, at=clock.now())
    ask_again(work)
    assert states_of("2205") == [MessageState.ANSWERED]


def test_a_visit_is_kept_while_another_bill_of_it_is_settled(
    checkout: Checkout, user: User, work: Work
) -> None:
    submit_claim(claim_id=checkout.claim_id or 0, by=None, at=clock.now())
    work()
    ended = Claim.objects.get()
    Claim.objects.create(
        bill=ended.bill, registration=ended.registration, batch_number="ENDED", state=ClaimState.DECLINED,
        opened_at=clock.now(), next_ask_at=clock.now(), asked_times=0,
    )  # fmt: skip
    a_day_later()
    ask_again(work)
    assert states_of("2202") == []
    assert Claim.objects.get(batch_number="ENDED").next_ask_at is None


def test_who_wants_the_insurance_after_all_is_registered_anew(
    abandoned: Claim, checkout: Checkout, user: User, work: Work
) -> None:
    a_day_later()
    ask_again(work)
    first = VisitRegistration.objects.get().visit_number
    Checkout.objects.update(pay_by=clock.now() + timedelta(minutes=10))
    choose_insurance(checkout_id=checkout.pk, by=user, at=clock.now())
    work()
    registration = VisitRegistration.objects.get()
    assert registration.cancelled_at is None
    assert registration.visit_number != first
    assert Claim.objects.latest("pk").state == ClaimState.PRESETTLED
