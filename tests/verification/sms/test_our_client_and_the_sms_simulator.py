"""Our client and the simulated text message service agree, and a person can read her code."""

import itertools
import secrets
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from accounts.gateway.client import SmsClient, SmsConfig
from accounts.gateway.port import SmsRefused, SmsUnanswered
from tests.verification.simulators import Simulators

_run, _count = secrets.token_hex(6), itertools.count(1)


def request_id() -> str:
    return f"{_run}-{next(_count)}"


def config_for(simulators: Simulators) -> SmsConfig:
    given = simulators.keys.settings
    return SmsConfig(
        base_url=f"{simulators.url}/sms",
        app_id=given["SMS_APP_ID"],
        app_secret=given["SMS_APP_SECRET"].encode(),
    )


@pytest.fixture
def client(simulators: Simulators) -> Iterator[SmsClient]:
    opened = SmsClient(config_for(simulators))
    yield opened
    opened.close()


def received(simulators: Simulators, mobile: str) -> list[dict[str, object]]:
    answer = httpx.get(f"{simulators.url}/sms/control/messages", params={"mobile": mobile})
    messages: list[dict[str, object]] = answer.json()["messages"]
    return messages


def test_a_message_arrives_newest_first(simulators: Simulators, client: SmsClient) -> None:
    client.send(request_id(), "13800138000", "sign_in_code", {"code": "135790"})
    client.send(request_id(), "13800138000", "sign_in_code", {"code": "246801"})

    codes = [message["params"] for message in received(simulators, "13800138000")]

    assert codes[:2] == [{"code": "246801"}, {"code": "135790"}]


def test_a_person_reads_her_code_and_nobody_elses(simulators: Simulators, client: SmsClient) -> None:
    client.send(request_id(), "13911112222", "sign_in_code", {"code": "864209"})
    client.send(request_id(), "13933334444", "sign_in_code", {"code": "975310"})

    page = httpx.get(f"{simulators.url}/sms/", params={"mobile": "139 1111 2222"}).text

    assert "864209" in page
    assert "975310" not in page
    assert "模拟环境" in page


def test_the_same_message_twice_arrives_once(simulators: Simulators, client: SmsClient) -> None:
    asked = request_id()
    client.send(asked, "13755556666", "sign_in_code", {"code": "111111"})
    client.send(asked, "13755556666", "sign_in_code", {"code": "111111"})

    assert len(received(simulators, "13755556666")) == 1


@pytest.mark.parametrize("mobile", ["12345678901", "1380013800", "+8613800138000", ""])
def test_what_is_not_a_mobile_number_is_refused(client: SmsClient, mobile: str) -> None:
    with pytest.raises(SmsRefused, match="MOBILE_INVALID"):
        client.send(request_id(), mobile, "sign_in_code", {"code": "1"})


@pytest.mark.parametrize("change", [{"app_id": "somebody"}, {"app_secret": b"guessed"}])
def test_a_stranger_sends_nothing(simulators: Simulators, change: dict[str, object]) -> None:
    stranger = SmsClient(replace(config_for(simulators), **change))  # type: ignore[arg-type]

    with pytest.raises(SmsRefused):
        stranger.send(request_id(), "13700000001", "sign_in_code", {"code": "1"})
    assert received(simulators, "13700000001") == []


@pytest.mark.parametrize("kind", ["server_error", "silent"])
def test_a_fault_settles_nothing_and_sending_again_sends_once(
    simulators: Simulators, client: SmsClient, kind: str
) -> None:
    simulators.control("sms", "faults", kind=kind, seconds=20)
    impatient = SmsClient(replace(config_for(simulators), read_timeout_seconds=0.5))
    asked, mobile = request_id(), f"1370000000{2 if kind == 'silent' else 3}"

    with pytest.raises(SmsUnanswered):
        impatient.send(asked, mobile, "sign_in_code", {"code": "222222"})
    client.send(asked, mobile, "sign_in_code", {"code": "222222"})

    assert len(received(simulators, mobile)) == 1
