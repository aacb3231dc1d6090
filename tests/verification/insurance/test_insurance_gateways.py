"""Three kinds of gateway in front of the same insurer: signed headers, CSB, OAuth2 with SM2 and SM4."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from insurance.gateway.client import InsuranceClient
from insurance.gateway.config import CSB, OAUTH2_SM4, TIF
from insurance.gateway.port import GatewayMisconfigured, GatewayRefused, GatewayUnanswered
from insurance.gateway.transports import CsbKeys, SealedKeys
from kernel import sm
from tests.verification.insurance.visiting import Hospital, client_for, new_msgid
from tests.verification.simulators import Simulators


def csb_keys(insurer: Simulators) -> CsbKeys:
    known = insurer.keys.settings
    return CsbKeys(access_key=known["INSURANCE_CSB_ACCESS_KEY"], secret_key=known["INSURANCE_CSB_SECRET_KEY"])


def sealed_keys(insurer: Simulators) -> SealedKeys:
    known = insurer.keys.settings
    return SealedKeys(
        token_url=f"{insurer.url}/insurer/oauth2/token",
        client_id=known["INSURANCE_SEALED_CLIENT_ID"],
        client_secret=known["INSURANCE_SEALED_CLIENT_SECRET"],
        username=known["INSURANCE_SEALED_USERNAME"],
        password=known["INSURANCE_SEALED_PASSWORD"],
        private_key=base64.b64decode(known["INSURANCE_SEALED_PRIVATE_KEY"]),
        platform_public_key=base64.b64decode(known["INSURANCE_SEALED_PLATFORM_PUBLIC_KEY"])[-64:],
    )


def door_changes(insurer: Simulators, door: str) -> dict[str, Any]:
    return {
        TIF: {},
        CSB: {"door": CSB, "path": "/csb", "csb": csb_keys(insurer)},
        OAUTH2_SM4: {
            "door": OAUTH2_SM4,
            "path": "/sealed/api/{transaction}",
            "sealed": sealed_keys(insurer),
        },
    }[door]


@pytest.fixture
def through(insurer: Simulators) -> Iterator[Callable[..., InsuranceClient]]:
    """A client through one kind of gateway."""
    made: list[InsuranceClient] = []

    def build(door: str, **more: Any) -> InsuranceClient:
        made.append(client_for(insurer, **(door_changes(insurer, door) | more)))
        return made[-1]

    yield build
    for client in made:
        client.close()


@pytest.mark.parametrize("amounts", ["text", "number"])
@pytest.mark.parametrize("door", [TIF, CSB, OAUTH2_SM4])
def test_a_visit_is_settled_and_taken_back_through_every_gateway_with_amounts_of_both_kinds(
    insurer: Simulators, through: Callable[..., InsuranceClient], door: str, amounts: str
) -> None:
    client = through(door, amounts=amounts)
    hospital = Hospital(insurer, client)
    settled = client.settle(new_msgid(), hospital.ready_to_settle())
    client.cancel_settlement(new_msgid(), hospital.cancel_request(settled.reply))

    assert [row["sign"] for row in hospital.kept()] == [1, -1]
    sent = json.loads(settled.request_text)["input"]["data"]["medfee_sumamt"]
    assert sent == ("70.00" if amounts == "text" else 70.0)


@pytest.mark.parametrize("door", [CSB, OAUTH2_SM4])
def test_a_refusal_of_the_insurer_is_read_through_every_gateway(
    insurer: Simulators, through: Callable[..., InsuranceClient], door: str
) -> None:
    client = through(door)
    hospital = Hospital(insurer, client)
    hospital.arrive()
    with pytest.raises(GatewayRefused, match="2203A"):
        client.upload_fees(new_msgid(), hospital.upload_request())


def test_a_wrong_csb_secret_opens_nothing(
    insurer: Simulators, through: Callable[..., InsuranceClient]
) -> None:
    client = through(CSB, csb=replace(csb_keys(insurer), secret_key="another"))
    with pytest.raises(GatewayMisconfigured, match="signature"):
        client.read_person(new_msgid(), Hospital(insurer, client).person_request())


@pytest.mark.parametrize(
    ("change", "said"),
    [({"client_secret": "another"}, "invalid_client"), ({"password": "another"}, "用户名或密码错误")],
)
def test_wrong_credentials_get_no_token(
    insurer: Simulators, through: Callable[..., InsuranceClient], change: dict[str, Any], said: str
) -> None:
    client = through(OAUTH2_SM4, sealed=replace(sealed_keys(insurer), **change))
    with pytest.raises(GatewayMisconfigured, match=said):
        client.read_person(new_msgid(), Hospital(insurer, client).person_request())


def test_a_token_that_the_gateway_has_ended_is_fetched_again_without_anyone_noticing(
    insurer: Simulators, through: Callable[..., InsuranceClient]
) -> None:
    client = through(OAUTH2_SM4)
    hospital = Hospital(insurer, client)
    client.read_person(new_msgid(), hospital.person_request())
    transport: Any = client._line._transport
    transport._token = "1.ended"

    assert client.read_person(new_msgid(), hospital.person_request()).reply.name == "张秀英"
    assert not transport._token.startswith("1.")


def test_nothing_personal_can_be_read_on_a_sealed_wire(
    insurer: Simulators, through: Callable[..., InsuranceClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = through(OAUTH2_SM4)
    hospital = Hospital(insurer, client)
    seen: list[bytes] = []
    http: Any = client._line._http
    post = http.post

    def watched(*args: Any, **kwargs: Any) -> httpx.Response:
        answer = post(*args, **kwargs)
        seen.extend([kwargs.get("content") or b"", answer.content])
        return answer

    monkeypatch.setattr(http, "post", watched)
    exchange = client.read_person(new_msgid(), hospital.person_request())
    wire = b"".join(seen).decode()
    assert hospital.id_number not in wire
    assert exchange.reply.name not in wire
    assert hospital.id_number in exchange.request_text


def test_a_message_signed_by_another_key_is_refused_and_a_reply_signed_by_another_is_not_believed(
    insurer: Simulators, through: Callable[..., InsuranceClient]
) -> None:
    private, public = sm.sm2_key_pair()
    keys = sealed_keys(insurer)
    stranger = through(OAUTH2_SM4, sealed=replace(keys, private_key=private))
    doubting = through(OAUTH2_SM4, sealed=replace(keys, platform_public_key=public))
    request = Hospital(insurer, stranger).person_request()

    with pytest.raises(GatewayRefused, match="验签失败"):
        stranger.read_person(new_msgid(), request)
    with pytest.raises(GatewayUnanswered, match="not the insurer's signature"):
        doubting.read_person(new_msgid(), request)


@pytest.mark.parametrize("kind", ["error_minus1_after_commit", "non_json", "answered_twice"])
def test_an_answer_lost_behind_a_sealed_gateway_is_unknown_and_found_by_its_message(
    insurer: Simulators, through: Callable[..., InsuranceClient], fault: Callable[..., None], kind: str
) -> None:
    client = through(OAUTH2_SM4)
    hospital = Hospital(insurer, client)
    request = hospital.ready_to_settle()
    fault("2207A", kind)
    msgid = new_msgid()
    with pytest.raises(GatewayUnanswered):
        client.settle(msgid, request)
    assert client.query_settlement(new_msgid(), hospital.query_request()).reply.made_by(msgid) is not None
