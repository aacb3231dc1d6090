"""Making a visit known to the insurer."""

from collections.abc import Callable

from accounts.models import User
from billing.models import Bill
from insurance.models import Claim
from insurance.operations import open_claim
from insurance.states import ClaimState
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
