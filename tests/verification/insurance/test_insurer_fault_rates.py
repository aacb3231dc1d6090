"""Faults by rate, and the answers that come doubled or by halves."""

from collections.abc import Callable

import httpx
import pytest

from insurance.gateway.client import InsuranceClient
from insurance.gateway.port import GatewayRefused, GatewayUnanswered, MessageAlreadyReceived
from tests.verification.insurance.visiting import Hospital, new_msgid
from tests.verification.simulators import Simulators

Fault = Callable[..., None]


def outcomes(hospital: Hospital, client: InsuranceClient, times: int = 16) -> list[bool]:
    """Ask for a person so many times; True where an answer came."""
    came = []
    for _ in range(times):
        try:
            client.read_person(new_msgid(), hospital.person_request())
            came.append(True)
        except (GatewayUnanswered, GatewayRefused):
            came.append(False)
    return came


def test_a_rate_holds_until_it_is_taken_away_and_touches_no_other_transaction(
    insurer: Simulators, hospital: Hospital, client: InsuranceClient
) -> None:
    insurer.control("insurer", "fault_rates", infno="1101", kind="http_502", percent=100)
    assert outcomes(hospital, client, 3) == [False] * 3
    assert insurer.holdings("insurer")["fault_rates"] == [
        {"infno": "1101", "kind": "http_502", "percent": 100.0, "delay_seconds": 20.0}
    ]
    insurer.control("insurer", "fault_rates", infno="1101", kind="http_502", percent=0)
    assert outcomes(hospital, client, 3) == [True] * 3
    insurer.control("insurer", "fault_rates", infno="2207A", kind="http_502", percent=100)
    assert outcomes(hospital, client, 3) == [True] * 3
    insurer.control("insurer", "clear_faults")
    assert insurer.holdings("insurer")["fault_rates"] == []


def test_a_seed_repeats_the_same_faults(
    insurer: Simulators, hospital: Hospital, client: InsuranceClient
) -> None:
    def run(seed: int) -> list[bool]:
        insurer.control("insurer", "fault_rates", infno="1101", kind="http_502", percent=50, seed=seed)
        return outcomes(hospital, client)

    first = run(seed=11)
    assert True in first
    assert False in first
    assert run(seed=11) == first
    assert run(seed=12) != first


def test_every_kind_at_ten_percent_still_settles_once_by_the_same_message(
    insurer: Simulators, hospital: Hospital, client: InsuranceClient
) -> None:
    request, msgid = hospital.ready_to_settle(), new_msgid()
    insurer.control("insurer", "fault_rates", infno="2207A", kind="*", percent=10, delay_seconds=0, seed=5)
    assert len(insurer.holdings("insurer")["fault_rates"]) == len(insurer.holdings("insurer")["kinds"])
    settled = set()
    for _ in range(40):
        try:
            settled.add(client.settle(msgid, request).reply.settlement_number)
        except (GatewayUnanswered, GatewayRefused):
            continue
    assert len(settled) == 1
    assert len(hospital.kept()) == 1


@pytest.mark.parametrize("kind", ["answered_twice", "cut_off_after_commit"])
def test_an_answer_doubled_or_by_halves_is_no_answer_and_the_same_message_finds_the_settlement(
    hospital: Hospital, client: InsuranceClient, fault: Fault, kind: str
) -> None:
    request, msgid = hospital.ready_to_settle(), new_msgid()
    fault("2207A", kind)
    with pytest.raises(GatewayUnanswered):
        client.settle(msgid, request)
    again = client.settle(msgid, request).reply
    assert [row["setl_id"] for row in hospital.kept()] == [again.settlement_number]


def test_a_message_delivered_twice_by_the_network_settles_once(
    insurer: Simulators, hospital: Hospital, client: InsuranceClient, fault: Fault
) -> None:
    request, msgid = hospital.ready_to_settle(), new_msgid()
    fault("2207A", "delivered_twice")
    number = client.settle(msgid, request).reply.settlement_number
    assert [row["setl_id"] for row in hospital.kept()] == [number]
    client.cancel_settlement(new_msgid(), hospital.cancel_request(client.settle(msgid, request).reply))
    insurer.control("insurer", "manners", repeated_msgid="refuse")
    fault("2207A", "delivered_twice")
    with pytest.raises(MessageAlreadyReceived):
        client.settle(new_msgid(), request)
    assert [row["in_force"] for row in hospital.kept()] == [False, False, True]


def test_a_rate_can_be_ordered_by_the_form(insurer: Simulators) -> None:
    form = {
        "action": "fault_rates",
        "infno": "*",
        "kind": "*",
        "percent": "10",
        "delay_seconds": "3",
        "seed": "",
    }
    address = f"{insurer.url}/insurer/control/"
    assert httpx.post(address, data=form, headers={"Accept": "text/html"}).status_code == 302
    page = httpx.get(address, headers={"Accept": "text/html"}).text
    assert page.count('<td class="number">10.0</td>') == len(insurer.holdings("insurer")["kinds"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"infno": "9999", "kind": "http_502", "percent": 10},
        {"infno": "*", "kind": "unknown", "percent": 10},
        {"infno": "*", "kind": "http_502", "percent": 101},
        {"infno": "*", "kind": "http_502", "percent": "many"},
        {"infno": "*", "kind": "http_502"},
        {"infno": "*", "kind": "http_502", "percent": 10, "seed": "x"},
        {"infno": "*", "kind": "http_502", "percent": 10, "delay_seconds": 10000},
    ],
)
def test_a_rate_that_cannot_be_is_not_ordered(insurer: Simulators, wrong: dict[str, object]) -> None:
    with pytest.raises(AssertionError, match="error"):
        insurer.control("insurer", "fault_rates", **wrong)
    assert insurer.holdings("insurer")["fault_rates"] == []
