"""Making a visit known to the insurer."""

from collections.abc import Callable

from accounts.models import User
from billing.models import Bill
from insurance.models import Claim, GatewayMessage
from insurance.operations import open_claim
from insurance.operations.presettling import presettle_claim
from insurance.states import ClaimState, MessageState
from kernel import clock
from tests.verification.simulators import Simulators


def test_a_wrong_person_number_does_not_stay_with_the_visit(
    bill: Bill, user: User, simulators: Simulators, work: Callable[[], None]
) -> None:
    simulators.control("insurer", "faults", infno="1101", kind="other_psn", count=1)
    refused = open_claim(bill_id=bill.pk, by=user, at=clock.now())
    work()
    refused.refresh_from_db()
    assert refused.state == ClaimState.DECLINED

    again = open_claim(bill_id=bill.pk, by=user, at=clock.now())
    work()
    again.refresh_from_db()
    assert Claim.objects.filter(registration=again.registration_id).count() == 2
    assert again.state == ClaimState.PRESETTLED


def test_a_visit_that_was_registered_unheard_is_found_when_the_next_try_is_refused(
    bill: Bill, user: User, simulators: Simulators, work: Callable[[], None]
) -> None:
    simulators.control(
        "insurer", "faults", infno="2201", kind="silent_after_commit", count=1, delay_seconds=3
    )
    silent = open_claim(bill_id=bill.pk, by=user, at=clock.now())
    work()
    silent.refresh_from_db()
    assert silent.state == ClaimState.DRAFT
    GatewayMessage.objects.filter(transaction_code="2201").update(state=MessageState.REFUSED)

    presettle_claim(claim_id=silent.pk)
    silent.refresh_from_db()
    assert silent.state == ClaimState.PRESETTLED
    codes = GatewayMessage.objects.order_by("pk").values_list("transaction_code", "state")
    assert ("2201", "refused") in codes
    assert ("5201", "answered") in codes


def test_a_first_registration_that_is_refused_asks_for_no_other(
    bill: Bill, user: User, simulators: Simulators, work: Callable[[], None]
) -> None:
    simulators.control("insurer", "faults", infno="2201", kind="business_error", count=1)
    refused = open_claim(bill_id=bill.pk, by=user, at=clock.now())
    work()
    refused.refresh_from_db()
    assert refused.state == ClaimState.DECLINED
    assert not GatewayMessage.objects.filter(transaction_code="5201").exists()
