"""Making a visit known to the insurer."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.models import User
from billing.models import Bill
from encounters.models import FirstVisitProof, ProofKind
from insurance.models import Claim, GatewayMessage
from insurance.operations import open_claim
from insurance.operations.presettling import presettle_claim
from insurance.states import ClaimState, MessageState
from kernel import clock
from tests.integration.insurance.profiles import own_province
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


@pytest.mark.parametrize(
    ("told", "infno", "kind"),
    [
        ("refuse", "2201", "http_502_after_commit"),
        ("refuse", "2204", "http_502_after_commit"),
        ("refuse", "2204", "http_502"),
        # The profile does not know it; the insurer's words are recognised.
        ("replay", "2201", "http_502_after_commit"),
        ("replay", "2204", "http_502_after_commit"),
    ],
)
def test_where_a_repeated_number_is_refused_silence_does_not_keep_a_visit_from_its_estimate(
    told: str, infno: str, kind: str, bill: Bill, user: User, simulators: Simulators, work: Callable[[], None],
    settings: Settings, tmp_path: Path,
) -> None:  # fmt: skip
    own_province(settings, tmp_path, repeated_message=told)
    simulators.control("insurer", "manners", repeated_msgid="refuse")
    simulators.control("insurer", "faults", infno=infno, kind=kind, count=1)
    silent = open_claim(bill_id=bill.pk, by=user, at=clock.now())
    work()
    silent.refresh_from_db()
    assert silent.state == ClaimState.DRAFT

    presettle_claim(claim_id=silent.pk)
    silent.refresh_from_db()
    assert silent.state == ClaimState.PRESETTLED, silent.person_reason
    assert (silent.in_scope_amount, silent.scope_by_line()) == (Decimal("10.00"), {1: Decimal("10.00")})


@pytest.mark.parametrize(("age", "state"), [(90, ClaimState.PRESETTLED), (91, ClaimState.DECLINED)])
def test_in_19_a_diagnosis_older_than_the_province_allows_is_not_brought_before_the_insurance(
    age: int, state: ClaimState, bill: Bill, user: User, simulators: Simulators, work: Callable[[], None],
    settings: Settings, tmp_path: Path,
) -> None:  # fmt: skip
    own_province(settings, tmp_path, revisit_window_days=90)
    encounter = bill.encounter
    FirstVisitProof.objects.create(
        encounter=encounter, kind=ProofKind.OUTPATIENT_RECORD, disease=encounter.known_disease,
        diagnosed_on=encounter.service_on - timedelta(days=age), hospital_name="市医院", stated_by=user,
        stated_at=clock.now(),
    )  # fmt: skip
    claim = open_claim(bill_id=bill.pk, by=user, at=clock.now())
    work()
    claim.refresh_from_db()
    assert claim.state == state
    assert ("(IN-19)" in claim.refusal) is (state == ClaimState.DECLINED)
    assert GatewayMessage.objects.exists() is (state == ClaimState.PRESETTLED)
