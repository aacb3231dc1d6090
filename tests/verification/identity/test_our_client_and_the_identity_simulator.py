"""Our client and the simulated real-name check agree on every answer, every refusal and every fault."""

import itertools
import secrets
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from registry.gateway.client import IdentityClient, IdentityConfig
from registry.gateway.messages import RealNameResult
from registry.gateway.port import IdentityRefused, IdentityUnanswered
from tests.verification.simulators import Simulators

# Well-formed numbers of nobody; check characters after GB 11643-1999.
NOBODY = "110101199003070150"
NOT_IN_THE_REGISTER = "11010119520307000X"
DEMO_NAME, DEMO_NUMBER = "张秀英", "330106195603089829"

_run, _count = secrets.token_hex(6), itertools.count(1)


def request_id() -> str:
    return f"{_run}-{next(_count)}"


def config_for(simulators: Simulators) -> IdentityConfig:
    given = simulators.keys.settings
    return IdentityConfig(
        base_url=f"{simulators.url}/identity",
        app_id=given["IDENTITY_APP_ID"],
        app_secret=given["IDENTITY_APP_SECRET"].encode(),
    )


@pytest.fixture
def client(simulators: Simulators) -> Iterator[IdentityClient]:
    opened = IdentityClient(config_for(simulators))
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("name", "id_number", "expected"),
    [
        (DEMO_NAME, DEMO_NUMBER, RealNameResult.MATCH),
        ("李四", DEMO_NUMBER, RealNameResult.MISMATCH),
        ("李四", NOBODY, RealNameResult.MATCH),
        ("李假", NOBODY, RealNameResult.MISMATCH),
        ("李四", NOT_IN_THE_REGISTER, RealNameResult.NOT_FOUND),
        ("李四", NOT_IN_THE_REGISTER.lower(), RealNameResult.NOT_FOUND),
    ],
    ids=["of the demo", "another's number", "anybody", "a false name", "not there", "not there, small x"],
)
def test_a_name_and_a_number_are_answered(
    client: IdentityClient, name: str, id_number: str, expected: RealNameResult
) -> None:
    assert client.check_real_name(request_id(), name, id_number) is expected


def test_a_number_with_a_wrong_check_character_is_refused(client: IdentityClient) -> None:
    with pytest.raises(IdentityRefused) as refused:
        client.check_real_name(request_id(), DEMO_NAME, DEMO_NUMBER[:-1] + "0")

    assert refused.value.code == "ID_NUMBER_INVALID"


def test_the_same_question_is_answered_once(simulators: Simulators, client: IdentityClient) -> None:
    asked = request_id()
    first = client.check_real_name(asked, DEMO_NAME, DEMO_NUMBER)
    second = client.check_real_name(asked, DEMO_NAME, DEMO_NUMBER)

    assert first is second
    held = [check for check in simulators.holdings("identity")["checks"] if check["request_id"] == asked]
    assert len(held) == 1


def test_a_request_id_is_not_used_for_another_person(client: IdentityClient) -> None:
    asked = request_id()
    client.check_real_name(asked, DEMO_NAME, DEMO_NUMBER)

    with pytest.raises(IdentityRefused, match="REQUEST_ID_USED"):
        client.check_real_name(asked, "李四", NOBODY)


@pytest.mark.parametrize(
    ("change", "code"),
    [({"app_id": "somebody"}, "UNKNOWN_APP"), ({"app_secret": b"guessed"}, "WRONG_SIGNATURE")],
)
def test_a_stranger_is_turned_away(simulators: Simulators, change: dict[str, object], code: str) -> None:
    stranger = IdentityClient(replace(config_for(simulators), **change))  # type: ignore[arg-type]

    with pytest.raises(IdentityRefused) as refused:
        stranger.check_real_name(request_id(), DEMO_NAME, DEMO_NUMBER)

    assert refused.value.code == code


@pytest.mark.parametrize("seconds_off", [-301, 301])
def test_a_request_of_another_time_is_turned_away(simulators: Simulators, seconds_off: int) -> None:
    late = IdentityClient(config_for(simulators), now=lambda: time.time() + seconds_off)

    with pytest.raises(IdentityRefused, match="TIMESTAMP_EXPIRED"):
        late.check_real_name(request_id(), DEMO_NAME, DEMO_NUMBER)


def test_a_server_error_settles_nothing_and_asking_again_does(
    simulators: Simulators, client: IdentityClient
) -> None:
    simulators.control("identity", "faults", kind="server_error")
    asked = request_id()

    with pytest.raises(IdentityUnanswered):
        client.check_real_name(asked, DEMO_NAME, DEMO_NUMBER)
    assert client.check_real_name(asked, DEMO_NAME, DEMO_NUMBER) is RealNameResult.MATCH


def test_silence_is_no_answer(simulators: Simulators) -> None:
    simulators.control("identity", "faults", kind="silent", seconds=20)
    impatient = IdentityClient(replace(config_for(simulators), read_timeout_seconds=0.5))

    with pytest.raises(IdentityUnanswered):
        impatient.check_real_name(request_id(), DEMO_NAME, DEMO_NUMBER)


def test_nobody_there_is_no_answer(simulators: Simulators) -> None:
    lost = IdentityClient(replace(config_for(simulators), base_url="http://127.0.0.1:9/identity"))

    with pytest.raises(IdentityUnanswered):
        lost.check_real_name(request_id(), DEMO_NAME, DEMO_NUMBER)
