"""The insurer silent, wrong and repeating itself: what the client makes of it, and what is kept meanwhile."""

import threading
import time
from collections.abc import Callable
from decimal import Decimal

import pytest

from insurance.gateway import messages as m
from insurance.gateway.client import InsuranceClient
from insurance.gateway.port import (
    GatewayError,
    GatewayRefused,
    GatewayUnanswered,
    MessageAlreadyReceived,
    ReplyDisputed,
)
from tests.verification.insurance.visiting import (
    LONGER_THAN_THE_CLIENT_WAITS,
    Hospital,
    client_for,
    new_msgid,
)
from tests.verification.simulators import Simulators

Fault = Callable[..., None]
SILENT = {"delay_seconds": LONGER_THAN_THE_CLIENT_WAITS}
D = Decimal


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("silent_after_commit", SILENT),
        ("http_502_after_commit", {}),
        ("error_minus1_after_commit", {}),
        ("non_json", {}),
        ("other_psn", {}),
        ("null_setl_id", {}),
        ("amounts_inconsistent", {}),
    ],
)
def test_an_answer_lost_after_the_settlement_leaves_one_settlement_found_by_the_same_message(
    hospital: Hospital, client: InsuranceClient, fault: Fault, kind: str, more: dict[str, object]
) -> None:
    request, msgid = hospital.ready_to_settle(), new_msgid()
    fault("2207A", kind, **more)
    with pytest.raises(GatewayUnanswered) as lost:
        client.settle(msgid, request)
    assert msgid in lost.value.request_text
    assert len(hospital.kept()) == 1
    asked = client.query_settlement(new_msgid(), hospital.query_request()).reply.made_by(msgid)
    repeated = client.settle(msgid, request).reply
    assert asked is not None
    assert repeated.settlement_number == asked.settlement_number == hospital.kept()[0]["setl_id"]
    assert len(hospital.kept()) == 1


@pytest.mark.parametrize(
    ("kind", "more"),
    [("silent_before_commit", SILENT), ("http_502", {}), ("error_minus1_before_commit", {})],
)
def test_an_answer_lost_before_the_settlement_is_unknown_too_and_the_same_message_settles(
    hospital: Hospital, client: InsuranceClient, fault: Fault, kind: str, more: dict[str, object]
) -> None:
    request, msgid = hospital.ready_to_settle(), new_msgid()
    fault("2207A", kind, **more)
    with pytest.raises(GatewayUnanswered):
        client.settle(msgid, request)
    assert hospital.kept() == []
    client.settle(msgid, request)
    assert len(hospital.kept()) == 1


def test_a_message_that_arrives_late_and_its_repetition_settle_once(
    hospital: Hospital, client: InsuranceClient, insurer: Simulators, fault: Fault
) -> None:
    request, msgid = hospital.ready_to_settle(), new_msgid()
    fault("2207A", "silent_then_commit", delay_seconds=1.0)
    patient = client_for(insurer, settle_read_seconds=10)
    late: list[str | None] = []
    thread = threading.Thread(
        target=lambda: late.append(patient.settle(msgid, request).reply.settlement_number)
    )
    thread.start()
    until = time.monotonic() + 5
    while insurer.holdings("insurer")["faults"]:
        assert time.monotonic() < until, "the slow message never arrived"
    prompt = client.settle(msgid, request).reply.settlement_number
    thread.join(timeout=10)
    patient.close()
    assert late == [prompt]
    assert len(hospital.kept()) == 1


def test_twenty_simultaneous_deliveries_of_one_message_settle_once(
    hospital: Hospital, insurer: Simulators
) -> None:
    request, msgid = hospital.ready_to_settle(), new_msgid()
    patient = client_for(insurer, settle_read_seconds=20)
    patient.read_person(new_msgid(), hospital.person_request())
    numbers: list[str | None] = []
    threads = [
        threading.Thread(
            target=lambda: numbers.append(patient.settle(msgid, request).reply.settlement_number)
        )
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    patient.close()
    assert len(numbers) == 20
    assert len(set(numbers)) == 1
    assert len(hospital.kept()) == 1


def test_simultaneous_messages_for_one_batch_settle_once(hospital: Hospital, insurer: Simulators) -> None:
    request = hospital.ready_to_settle()
    patient = client_for(insurer, settle_read_seconds=20)
    patient.read_person(new_msgid(), hospital.person_request())
    outcomes: list[str] = []

    def settle(msgid: str) -> None:
        try:
            patient.settle(msgid, request)
            outcomes.append("settled")
        except GatewayRefused as refused:
            outcomes.append(refused.reason)

    threads = [threading.Thread(target=settle, args=(new_msgid(),)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    patient.close()
    assert outcomes.count("settled") == 1
    assert len(outcomes) == 10
    assert all("已结算" in said for said in outcomes if said != "settled")


def test_a_business_refusal_is_final_and_in_the_insurers_words(
    hospital: Hospital, client: InsuranceClient, fault: Fault
) -> None:
    request = hospital.ready_to_settle()
    fault("2207A", "business_error", text="参保人在住院期间，不允许门诊结算")
    with pytest.raises(GatewayRefused) as refused:
        client.settle(new_msgid(), request)
    assert refused.value.reason == "参保人在住院期间，不允许门诊结算"
    assert '"infcode": -2' in refused.value.reply_text
    assert hospital.kept() == []


def test_a_message_said_to_be_repeated_is_not_a_refusal(
    hospital: Hospital, client: InsuranceClient, fault: Fault
) -> None:
    request = hospital.ready_to_settle()
    fault("2207A", "duplicate_msgid")
    with pytest.raises(MessageAlreadyReceived):
        client.settle(new_msgid(), request)


def test_an_insurer_that_never_repeats_its_answer_can_still_be_asked(
    hospital: Hospital, client: InsuranceClient, insurer: Simulators, fault: Fault
) -> None:
    insurer.control("insurer", "manners", repeated_msgid="refuse")
    request, msgid = hospital.ready_to_settle(), new_msgid()
    fault("2207A", "error_minus1_after_commit")
    with pytest.raises(GatewayUnanswered):
        client.settle(msgid, request)
    with pytest.raises(MessageAlreadyReceived):
        client.settle(msgid, request)
    assert client.query_settlement(new_msgid(), hospital.query_request()).reply.made_by(msgid) is not None


def test_a_stale_sign_number_is_renewed_once_and_the_message_goes_through(
    hospital: Hospital, client: InsuranceClient, fault: Fault
) -> None:
    request, msgid = hospital.ready_to_settle(), new_msgid()
    fault("2207A", "stale_sign_no")
    assert client.settle(msgid, request).reply.sender_message_id == msgid
    assert len(hospital.kept()) == 1


def test_a_sign_number_refused_twice_says_nothing_about_the_settlement(
    hospital: Hospital, client: InsuranceClient, fault: Fault
) -> None:
    request = hospital.ready_to_settle()
    fault("2207A", "stale_sign_no", count=2)
    with pytest.raises(GatewayUnanswered, match="签到"):
        client.settle(new_msgid(), request)
    assert hospital.kept() == []


@pytest.mark.parametrize("kind", ["amounts_as_numbers", "missing_optional_nodes"])
def test_another_shape_of_the_same_answer_is_read_alike(
    hospital: Hospital, client: InsuranceClient, fault: Fault, kind: str
) -> None:
    request, msgid = hospital.ready_to_settle(), new_msgid()
    fault("2207A", kind)
    odd, plain = client.settle(msgid, request), client.settle(msgid, request)
    assert odd.reply_text != plain.reply_text
    for name in ("settlement_number", "total_amount", "fund_amount", "account_amount", "cash_amount"):
        assert getattr(odd.reply, name) == getattr(plain.reply, name)


@pytest.mark.parametrize("infno", ["1101", "2201", "2204", "2206A"])
@pytest.mark.parametrize("kind", ["amounts_as_numbers", "missing_optional_nodes"])
def test_numbers_and_missing_nodes_are_read_in_every_reply(
    hospital: Hospital, client: InsuranceClient, fault: Fault, infno: str, kind: str
) -> None:
    fault(infno, kind)
    hospital.ready_to_settle()
    reply = client.presettle(new_msgid(), hospital.presettle_request()).reply
    assert reply.fund_amount == D("44.80")


def test_a_settlement_may_differ_from_its_pre_settlement_and_still_add_up(
    hospital: Hospital, client: InsuranceClient, fault: Fault
) -> None:
    request = hospital.ready_to_settle()
    told = client.presettle(new_msgid(), hospital.presettle_request()).reply
    fault("2207A", "amounts_differ")
    settled = client.settle(new_msgid(), request).reply
    assert settled.fund_amount == told.fund_amount - 1
    assert settled.cash_amount == told.cash_amount + 1


def test_a_person_reply_about_someone_else_is_not_believed(
    hospital: Hospital, client: InsuranceClient, fault: Fault
) -> None:
    hospital.arrive()
    fault("2201", "other_psn")
    with pytest.raises(GatewayUnanswered, match="another person"):
        client.register_visit(new_msgid(), hospital.register_request())


@pytest.mark.parametrize(
    ("kind", "more"),
    [("silent_after_commit", SILENT), ("error_minus1_after_commit", {}), ("null_setl_id", {})],
)
def test_a_cancellation_whose_answer_is_lost_is_taken_back_once(
    hospital: Hospital, client: InsuranceClient, fault: Fault, kind: str, more: dict[str, object]
) -> None:
    settled = client.settle(new_msgid(), hospital.ready_to_settle()).reply
    request, msgid = hospital.cancel_request(settled), new_msgid()
    fault("2208", kind, **more)
    with pytest.raises(GatewayUnanswered):
        client.cancel_settlement(msgid, request)
    assert client.cancel_settlement(msgid, request).reply.total_amount == -settled.total_amount
    assert [row["sign"] for row in hospital.kept()] == [1, -1]


def test_an_insurer_that_cannot_be_reached_is_unanswered(insurer: Simulators, hospital: Hospital) -> None:
    nowhere = client_for(insurer, base_url="http://127.0.0.1:9/insurer")
    with pytest.raises(GatewayUnanswered):
        nowhere.read_person(new_msgid(), hospital.person_request())
    nowhere.close()


def test_a_request_that_cannot_be_written_is_refused_and_never_sent(
    hospital: Hospital, client: InsuranceClient
) -> None:
    with pytest.raises(GatewayRefused, match="mdtrt_cert_no") as refused:
        client.read_person(new_msgid(), m.ReadPerson(certificate_type="02", certificate_number=""))
    assert refused.value.request_text == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"infno": "9999", "kind": "http_502"},
        {"infno": "2207A", "kind": "unknown"},
        {"infno": "2207A", "kind": "http_502", "count": "many"},
        {"infno": "2207A", "kind": "silent_after_commit", "delay_seconds": 100000},
    ],
)
def test_a_fault_that_cannot_be_is_not_ordered(insurer: Simulators, wrong: dict[str, object]) -> None:
    with pytest.raises(AssertionError, match="error"):
        insurer.control("insurer", "faults", **wrong)
    assert insurer.holdings("insurer")["faults"] == []


def test_every_error_of_the_gateway_keeps_the_texts_for_the_message_log() -> None:
    error = GatewayError("why", request_text="asked", reply_text="answered")
    assert (str(error), error.request_text, error.reply_text) == ("why", "asked", "answered")


@pytest.mark.parametrize("infno", ["2206A", "2207A", "5203"])
def test_amounts_that_break_a_sum_are_disputed_not_merely_unanswered(
    hospital: Hospital, client: InsuranceClient, fault: Fault, infno: str
) -> None:
    request, msgid = hospital.ready_to_settle(), new_msgid()
    fault(infno, "amounts_inconsistent")
    with pytest.raises(ReplyDisputed, match="fund_pay_sumamt") as disputed:
        client.presettle(new_msgid(), hospital.presettle_request())
        client.settle(msgid, request)
        client.query_settlement(new_msgid(), hospital.query_request())
    assert "99999999.99" in disputed.value.reply_text
