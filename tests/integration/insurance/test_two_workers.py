"""Two workers and one claim: one settlement, in each of two hundred rounds."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest
from django.db import connection, transaction

from billing.models import Bill, BillPurpose
from insurance.models import Claim, Settlement
from insurance.operations import routes, turns
from insurance.operations.claims import open_claim, submit_claim
from insurance.operations.presettling import presettle_claim
from insurance.operations.settling import settle_claim
from insurance.states import ClaimState
from kernel import clock
from tests.factories.billing import with_line
from tests.integration.insurance.instant import InstantInsurer

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 200


@pytest.fixture
def insurer(monkeypatch: pytest.MonkeyPatch) -> InstantInsurer:
    """Answers at once."""
    made = InstantInsurer()
    monkeypatch.setattr(routes, "insurer_of", lambda _institution: made)
    return made


def submitted_claims(bill: Bill, count: int) -> list[int]:
    """As many bills of one encounter, each with a claim on its way."""
    first = open_claim(bill_id=bill.pk, by=None, at=clock.now())
    presettle_claim(claim_id=first.pk)
    first = submit_claim(claim_id=first.pk, by=None, at=clock.now())
    with transaction.atomic():
        bills = Bill.objects.bulk_create(
            Bill(
                number=f"TWICE{number:05d}", encounter_id=bill.encounter_id, purpose=BillPurpose.CONSULTATION,
                total_amount=bill.total_amount, opened_at=bill.opened_at,
            )
            for number in range(count)
        )  # fmt: skip
        for one in bills:
            with_line(one)
    claims = Claim.objects.bulk_create(
        Claim(
            bill=one, registration_id=first.registration_id, batch_number=f"B{one.pk}", opened_at=clock.now(),
            submitted_at=clock.now(), settle_msgid=f"H3301000000120261122{one.pk:010d}",
            state=ClaimState.SETTLING,
        )
        for one in bills
    )  # fmt: skip
    return [claim.pk for claim in claims]


def race(claims: list[int]) -> None:
    """Two workers go through the same claims, beginning each one at the same moment."""
    together = Barrier(2)

    def work() -> None:
        try:
            for claim_id in claims:
                together.wait(timeout=30)
                settle_claim(claim_id=claim_id)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=2) as pool:
        for worker in [pool.submit(work), pool.submit(work)]:
            worker.result(timeout=60)


def assert_settled_once(claims: list[int], insurer: InstantInsurer) -> None:
    rows = Settlement.objects.filter(claim__in=claims)
    assert rows.values("claim").distinct().count() == rows.count() == len(claims)
    assert Claim.objects.filter(pk__in=claims, state=ClaimState.SETTLED).count() == len(claims)
    assert set(rows.values_list("msgid", flat=True)) == set(insurer.settled)


def test_two_workers_settle_each_of_two_hundred_claims_once(bill: Bill, insurer: InstantInsurer) -> None:
    claims = submitted_claims(bill, ROUNDS)
    race(claims)
    assert_settled_once(claims, insurer)


def test_even_when_both_have_the_turn_a_claim_is_settled_once(
    bill: Bill, insurer: InstantInsurer, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def everybody(_registration_id: int) -> Iterator[bool]:
        yield True

    monkeypatch.setattr(turns, "turn", everybody)
    claims = submitted_claims(bill, 40)
    race(claims)
    assert_settled_once(claims, insurer)
