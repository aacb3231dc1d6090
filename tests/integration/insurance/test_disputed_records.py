"""A record of other amounts than were asked for enters no ledger, however it becomes known; a person looks."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from insurance.gateway import messages as m
from insurance.gateway.port import GatewayRefused, GatewayUnanswered, ReplyDisputed
from insurance.models import Claim, Settlement
from insurance.operations import settling
from insurance.operations.settling import reverse_settlement, settle_claim, void_settlement
from insurance.states import ClaimState
from kernel import clock
from tests.factories import claims
from tests.integration.insurance.spoken import SpokenRoute, negative, raising, record

pytestmark = pytest.mark.django_db
SENT, TAKEN_BACK = "H33010000001202611220000000001", "H33010000001202611220000000002"
Says = Callable[[SpokenRoute], None]
OTHERS_PART = record("7.00", "1.00", "1.00", hospital="1.00")
OTHER_TOTAL = record("6.00", "2.00", "1.00")
WRONG = pytest.mark.parametrize(
    ("wrong", "named"), [(OTHERS_PART, "hosp_part_amt 1.00"), (OTHER_TOTAL, "medfee_sumamt 9.00")]
)


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Says:
    """Puts words into the insurer's mouth."""

    def put(route: SpokenRoute) -> None:
        monkeypatch.setattr(settling, "route_of", lambda _claim: route)

    return put


def asked_before(state: ClaimState) -> Claim:
    """A claim of 10.00 yuan about which the insurer was asked an hour ago."""
    return claims.claim(
        state, at=clock.now(), settle_msgid=SENT, asked_times=1, unknown_since=clock.now(),
        last_asked_at=clock.now() - timedelta(hours=1),
    )  # fmt: skip


def assert_only_a_person_knows(claim: Claim, state: ClaimState, named: str) -> None:
    claim.refresh_from_db()
    assert claim.state == state
    assert claim.needs_person_since is not None
    assert named in claim.person_reason
    assert not Settlement.objects.filter(claim=claim, reverses__isnull=False).exists()


@WRONG
def test_the_answer_to_2207_is_compared(wrong: m.SettlementRecord, named: str, says: Says) -> None:
    claim = claims.claim(ClaimState.SETTLING, at=clock.now(), settle_msgid=SENT)
    says(SpokenRoute(on_settle=lambda: wrong))
    settle_claim(claim_id=claim.pk, times=0)
    assert_only_a_person_knows(claim, ClaimState.UNCONFIRMED, named)
    assert claim.settlements.count() == 0


@WRONG
def test_the_record_that_5203_finds_is_compared_too(
    wrong: m.SettlementRecord, named: str, says: Says
) -> None:
    claim = asked_before(ClaimState.UNCONFIRMED)
    says(SpokenRoute(held_by={SENT: lambda: wrong}))
    settle_claim(claim_id=claim.pk)
    assert_only_a_person_knows(claim, ClaimState.UNCONFIRMED, named)
    assert claim.settlements.count() == 0


@WRONG
def test_a_settlement_that_is_found_to_stand_is_compared_too(
    wrong: m.SettlementRecord, named: str, says: Says
) -> None:
    claim = asked_before(ClaimState.VOIDING)
    says(SpokenRoute(on_void=raising(GatewayRefused("")), held_by={SENT: lambda: wrong}))
    void_settlement(claim_id=claim.pk)
    assert_only_a_person_knows(claim, ClaimState.VOIDING, named)
    assert claim.settlements.count() == 0


def test_an_answer_of_5203_whose_sums_do_not_hold_calls_a_person_at_once(says: Says) -> None:
    claim = asked_before(ClaimState.UNCONFIRMED)
    says(SpokenRoute(held_by={SENT: raising(ReplyDisputed("fund_pay_sumamt by fund"))}))
    settle_claim(claim_id=claim.pk)
    assert_only_a_person_knows(claim, ClaimState.UNCONFIRMED, "fund_pay_sumamt by fund")


@pytest.fixture
def reversing() -> Claim:
    """7.00 + 2.00 + 1.00 is settled and to be taken back."""
    claim = claims.claim(ClaimState.REVERSING, at=clock.now(), settle_msgid=SENT, reverse_msgid=TAKEN_BACK)
    claims.settlement(claim, at=clock.now())
    return claim


OTHERS_BACK = pytest.mark.parametrize(
    "back",
    [record("6.00", "2.00", "1.00"), record("7.00", "3.00", "0.00"), record("0.00", "0.00", "0.00"), OTHERS_PART],
)  # fmt: skip


@OTHERS_BACK
def test_a_reversal_of_other_amounts_calls_a_person(
    back: m.SettlementRecord, says: Says, reversing: Claim
) -> None:
    says(SpokenRoute(on_reverse=lambda: negative(back)))
    reverse_settlement(claim_id=reversing.pk, times=0)
    assert_only_a_person_knows(reversing, ClaimState.REVERSAL_UNCONFIRMED, "7.00")


@OTHERS_BACK
def test_a_reversal_of_other_amounts_that_5203_finds_calls_a_person(
    back: m.SettlementRecord, says: Says, reversing: Claim
) -> None:
    says(SpokenRoute(on_reverse=raising(GatewayUnanswered("504"))))
    reverse_settlement(claim_id=reversing.pk, times=0)
    says(SpokenRoute(held_by={SENT: record, TAKEN_BACK: lambda: negative(back)}))
    reverse_settlement(claim_id=reversing.pk)
    assert_only_a_person_knows(reversing, ClaimState.REVERSAL_UNCONFIRMED, "7.00")


def test_a_reversal_of_the_settled_amounts_is_written_down(says: Says, reversing: Claim) -> None:
    says(SpokenRoute(on_reverse=lambda: negative(record())))
    reverse_settlement(claim_id=reversing.pk, times=0)
    reversing.refresh_from_db()
    assert reversing.state == ClaimState.REVERSED
