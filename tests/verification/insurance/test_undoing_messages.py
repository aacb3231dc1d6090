"""2601: a message of unknown outcome is undone, whatever had become of it."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import psycopg2
import pytest

from insurance.gateway import messages as m
from insurance.gateway.client import InsuranceClient
from insurance.gateway.port import GatewayRefused, GatewayUnanswered, RequestNeverSent
from tests.verification.insurance.visiting import Hospital, client_for, new_msgid
from tests.verification.simulators import Simulators


def undo(hospital: Hospital, msgid: str, transaction: str = "2207A") -> m.ReverseMessage:
    return m.ReverseMessage(
        insured_region=hospital.coverage.insured_region,
        person_number=hospital.person.person_number,
        original_msgid=msgid,
        original_transaction=transaction,
    )


def _received_yesterday(insurer: Simulators, msgid: str) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    with psycopg2.connect(insurer.env["SIMULATORS_DATABASE_URL"]) as database, database.cursor() as cursor:
        cursor.execute("UPDATE insurer_message SET received_at = %s WHERE msgid = %s", [yesterday, msgid])


def test_a_settlement_whose_answer_was_lost_is_undone_with_account_and_counters(
    hospital: Hospital, client: InsuranceClient, fault: Callable[..., None]
) -> None:
    request, msgid = hospital.ready_to_settle(), new_msgid()
    before = hospital.balance()
    fault("2207A", "http_502_after_commit")
    with pytest.raises(GatewayUnanswered):
        client.settle(msgid, request)
    client.reverse_message(new_msgid(), undo(hospital, msgid))

    assert hospital.kept() == []
    assert hospital.balance() == before
    assert client.query_settlement(new_msgid(), hospital.query_request()).reply.made_by(msgid) is None
    assert client.settle(new_msgid(), request).reply.fund_amount == Decimal("44.80")


def test_undoing_what_never_arrived_succeeds_and_its_late_arrival_settles_nothing(
    hospital: Hospital, client: InsuranceClient
) -> None:
    request, msgid = hospital.ready_to_settle(), new_msgid()
    client.reverse_message(new_msgid(), undo(hospital, msgid))
    with pytest.raises(GatewayRefused, match="已冲正"):
        client.settle(msgid, request)
    assert hospital.kept() == []


def test_undoing_twice_undoes_once(hospital: Hospital, client: InsuranceClient) -> None:
    request, msgid = hospital.ready_to_settle(), new_msgid()
    client.settle(msgid, request)
    client.reverse_message(new_msgid(), undo(hospital, msgid))
    again = client.settle(new_msgid(), request).reply
    client.reverse_message(new_msgid(), undo(hospital, msgid))

    assert [row["setl_id"] for row in hospital.kept()] == [again.settlement_number]


def test_a_cancellation_is_undone_and_the_settlement_stands_again(
    hospital: Hospital, client: InsuranceClient
) -> None:
    settled = client.settle(new_msgid(), hospital.ready_to_settle()).reply
    after = hospital.balance()
    msgid = new_msgid()
    client.cancel_settlement(msgid, hospital.cancel_request(settled))
    client.reverse_message(new_msgid(), undo(hospital, msgid, "2208"))

    assert [(row["sign"], row["in_force"]) for row in hospital.kept()] == [(1, True)]
    assert hospital.balance() == after


def test_a_cancellation_is_not_undone_when_the_batch_was_settled_again(
    hospital: Hospital, client: InsuranceClient
) -> None:
    request = hospital.ready_to_settle()
    settled = client.settle(new_msgid(), request).reply
    msgid = new_msgid()
    client.cancel_settlement(msgid, hospital.cancel_request(settled))
    client.settle(new_msgid(), request)
    with pytest.raises(GatewayRefused, match="已重新结算"):
        client.reverse_message(new_msgid(), undo(hospital, msgid, "2208"))


def test_a_settlement_that_was_taken_back_is_not_undone_too(
    hospital: Hospital, client: InsuranceClient
) -> None:
    msgid = new_msgid()
    settled = client.settle(msgid, hospital.ready_to_settle()).reply
    client.cancel_settlement(new_msgid(), hospital.cancel_request(settled))
    with pytest.raises(GatewayRefused, match="已撤销"):
        client.reverse_message(new_msgid(), undo(hospital, msgid))
    assert hospital.balance() == Decimal("2.00")


def test_a_message_of_yesterday_is_undone_only_where_the_centre_allows_it(
    hospital: Hospital, client: InsuranceClient, insurer: Simulators
) -> None:
    msgid = new_msgid()
    client.settle(msgid, hospital.ready_to_settle())
    _received_yesterday(insurer, msgid)

    with pytest.raises(GatewayRefused, match="只能冲正当日交易"):
        client.reverse_message(new_msgid(), undo(hospital, msgid))
    assert len(hospital.kept()) == 1
    insurer.control("insurer", "manners", undoing="always")
    client.reverse_message(new_msgid(), undo(hospital, msgid))
    assert hospital.kept() == []


def test_a_message_that_is_not_the_named_transaction_is_not_undone(
    hospital: Hospital, client: InsuranceClient
) -> None:
    msgid = new_msgid()
    client.settle(msgid, hospital.ready_to_settle())
    with pytest.raises(GatewayRefused, match="不符"):
        client.reverse_message(new_msgid(), undo(hospital, msgid, "2208"))
    with pytest.raises(RequestNeverSent, match="oinfno"):
        client.reverse_message(new_msgid(), undo(hospital, msgid, "2204"))
    assert len(hospital.kept()) == 1


def test_a_settlement_still_under_way_when_it_is_undone_settles_nothing(
    hospital: Hospital, client: InsuranceClient, insurer: Simulators, fault: Callable[..., None]
) -> None:
    request, msgid = hospital.ready_to_settle(), new_msgid()
    fault("2207A", "silent_then_commit", delay_seconds=0.6)
    patient = client_for(insurer, settle_read_seconds=10)
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(patient.settle, msgid, request)
        time.sleep(0.2)
        client.reverse_message(new_msgid(), undo(hospital, msgid))
        with pytest.raises(GatewayRefused, match="已冲正"):
            late.result()
    assert hospital.kept() == []


def test_settling_and_undoing_at_the_same_moment_never_leaves_a_settlement(
    insurer: Simulators, client: InsuranceClient
) -> None:
    hospital = Hospital(insurer, client)
    request = hospital.ready_to_settle()
    with ThreadPoolExecutor(2) as pool:
        for _ in range(10):
            msgid = new_msgid()
            settling = pool.submit(client.settle, msgid, request)
            undoing = pool.submit(client.reverse_message, new_msgid(), undo(hospital, msgid))
            undoing.result()
            assert settling.exception() is None or isinstance(settling.exception(), GatewayRefused)
            assert hospital.kept() == []
    assert hospital.balance() == Decimal("2.00")
