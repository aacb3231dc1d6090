"""The control page of the insurer's simulator, as a curious person uses it."""

import httpx
import pytest

from tests.verification.insurance.visiting import Hospital, new_msgid
from tests.verification.simulators import Simulators

PAGE = {"Accept": "text/html"}


def test_the_page_says_that_it_is_a_simulator_and_lists_people_and_settlements(
    insurer: Simulators, hospital: Hospital
) -> None:
    settled = hospital.client.settle(new_msgid(), hospital.ready_to_settle()).reply
    page = httpx.get(f"{insurer.url}/insurer/control/", headers=PAGE).text
    assert "模拟环境" in page
    assert "张秀英" in page
    assert str(settled.settlement_number) in page
    assert "44.80" in page


def test_a_fault_ordered_by_the_form_waits_for_its_message_and_can_be_cleared(insurer: Simulators) -> None:
    address = f"{insurer.url}/insurer/control/"
    form = {"action": "faults", "infno": "2207A", "kind": "http_502", "count": "2", "delay_seconds": "5"}
    assert httpx.post(address, data=form, headers=PAGE).status_code == 302
    waiting = insurer.holdings("insurer")["faults"]
    assert [(row["infno"], row["kind"], row["remaining"]) for row in waiting] == [("2207A", "http_502", 2)]
    httpx.post(address, data={"action": "clear_faults"}, headers=PAGE)
    assert insurer.holdings("insurer")["faults"] == []


def test_a_person_can_be_suspended_and_everything_reset(insurer: Simulators, hospital: Hospital) -> None:
    hospital.client.settle(new_msgid(), hospital.ready_to_settle())
    insurer.control("insurer", "person", id_number=hospital.id_number, status="2", balance="1.00")
    person = hospital.client.read_person(new_msgid(), hospital.person_request()).reply
    assert (person.coverages[0].status, str(person.coverages[0].balance)) == ("2", "1.00")
    insurer.control("insurer", "reset")
    held = insurer.holdings("insurer")
    assert held["settlements"] == []
    assert [row["balance"] for row in held["people"] if row["name"] == "张秀英"] == ["2.00"]


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("person", {"id_number": "nobody"}),
        ("person", {"id_number": "330106195603089829", "balance": "much"}),
        ("person", {"id_number": "330106195603089829", "status": "great"}),
        ("manners", {"amounts": "loud"}),
        ("nothing", {}),
    ],
)
def test_an_order_that_makes_no_sense_is_named_and_changes_nothing(
    insurer: Simulators, verb: str, fields: dict[str, str]
) -> None:
    before = insurer.holdings("insurer")
    answer = httpx.post(f"{insurer.url}/insurer/control/{verb}/", json=fields)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])
    assert insurer.holdings("insurer") == before
