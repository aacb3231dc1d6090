"""Client and middle platform of the e-voucher agree: verbs, refusals, silence."""

import json
import secrets

import httpx
import pytest

from insurance.gateway.voucher.client import PATH, VoucherClient, VoucherConfig
from insurance.gateway.voucher.messages import Asked, AskPermission, CheckPermission, ReadCode
from insurance.gateway.voucher.port import VoucherPending, VoucherRefused, VoucherUnanswered
from tests.verification.simulators import Simulators

ZHANG = "330106195603089829"
DESK = {
    "institution_code": "H33010000001", "business_type": "04107", "operator_code": "XL001",
    "operator_name": "杏林", "department_code": "A03.04", "department_name": "心血管内科",
}  # fmt: skip


@pytest.fixture
def simulators(running_simulators: Simulators) -> Simulators:
    """Without faults and questions."""
    running_simulators.control("evoucher", "reset")
    return running_simulators


@pytest.fixture
def client(simulators: Simulators) -> VoucherClient:
    return VoucherClient(VoucherConfig(base_url=f"{simulators.url}/evoucher"))


def number() -> str:
    return f"H3301000000120261120{secrets.randbelow(10**9):09d}"


def asked(client: VoucherClient, **said: str) -> Asked:
    """A question to 张秀英, by her face unless told otherwise."""
    extra = json.dumps({"idNo": ZHANG, "authWay": "face", "returnUrl": "http://hospital.test/back"} | said)
    return client.ask(AskPermission(**DESK, business_number=number(), extra=extra))


def check(question: Asked) -> CheckPermission:
    return CheckPermission(
        **DESK, business_number=question.business_number, authorization_number=question.authorization_number
    )


def answer(question: Asked, **form: str) -> httpx.Response:
    """What a person taps on the page."""
    return httpx.post(question.address, data=form)


def test_she_shows_her_face_and_is_known_by_her_token(client: VoucherClient) -> None:
    question = asked(client)
    with pytest.raises(VoucherPending):
        client.check(check(question))
    led = answer(question, person=ZHANG, answer="allow")
    assert (led.status_code, led.headers["Location"]) == (303, "http://hospital.test/back")

    holder = client.check(check(question))
    assert (holder.id_number, holder.name, holder.insured_region) == (ZHANG, "张秀英", "330100")
    assert holder.token == f"EC{ZHANG}"
    assert holder.permission(is_family=False).startswith("AUTH")
    assert holder.permission(is_family=True) == ""


def test_a_family_account_gives_the_other_kind_of_permission(client: VoucherClient) -> None:
    question = asked(client, familyPay="1")
    answer(question, person=ZHANG, answer="allow")
    holder = client.check(check(question))
    assert holder.permission(is_family=False) == ""
    assert holder.permission(is_family=True).startswith("AUTH")


def test_a_refusal_is_final(client: VoucherClient) -> None:
    question = asked(client)
    answer(question, person=ZHANG, answer="refuse")
    answer(question, person=ZHANG, answer="allow")
    with pytest.raises(VoucherRefused, match="拒绝"):
        client.check(check(question))


def test_a_password_is_six_digits(client: VoucherClient) -> None:
    question = asked(client, authWay="password")
    assert "Six digits" in answer(question, person=ZHANG, answer="allow", password="12345").text
    with pytest.raises(VoucherPending):
        client.check(check(question))
    answer(question, person=ZHANG, answer="allow", password="123456")
    assert client.check(check(question)).id_number == ZHANG


def test_a_number_is_never_taken_twice(client: VoucherClient) -> None:
    request = AskPermission(**DESK, business_number=number())
    client.ask(request)
    with pytest.raises(VoucherRefused, match="outBizNo"):
        client.ask(request)


def test_every_field_that_does_not_fit_is_named_before_anything_is_sent(client: VoucherClient) -> None:
    wrong = AskPermission(
        **DESK | {"operator_code": "x" * 21, "department_name": ""}, business_number="1" * 65
    )
    with pytest.raises(VoucherRefused) as refused:
        client.ask(wrong)
    assert {"operatorId", "officeName", "outBizNo"} <= set(
        refused.value.reason.replace(":", " ").replace(";", " ").split()
    )


def test_the_platform_names_every_missing_field(simulators: Simulators) -> None:
    body = {
        "orgId": "H33010000001",
        "transType": "cn.nhsa.ec.auth",
        "data": {"orgId": "H33010000001"},
        "extra": {},
    }
    said = httpx.post(f"{simulators.url}/evoucher{PATH}", json=body).json()
    assert said["success"] is False
    for name in ("outBizNo", "businessType", "operatorId", "operatorName", "officeId", "officeName"):
        assert f"{name}不能为空" in said["message"]


def test_a_hospital_that_is_not_designated_is_refused(client: VoucherClient) -> None:
    with pytest.raises(VoucherRefused, match="500101"):
        client.ask(AskPermission(**DESK | {"institution_code": "H99999999999"}, business_number=number()))


@pytest.mark.parametrize("kind", ["http_502", "not_json"])
def test_silence_and_noise_are_unknown(client: VoucherClient, simulators: Simulators, kind: str) -> None:
    simulators.control("evoucher", "faults", kind=kind)
    with pytest.raises(VoucherUnanswered):
        asked(client)


def test_nobody_there_is_unknown() -> None:
    with pytest.raises(VoucherUnanswered):
        asked(VoucherClient(VoucherConfig(base_url="http://127.0.0.1:9")))


def test_a_code_is_read_and_what_is_no_code_is_refused(client: VoucherClient, simulators: Simulators) -> None:
    with pytest.raises(VoucherRefused, match="500159"):
        client.read_code(ReadCode(**DESK, code="9" * 28))
    code = simulators.holdings("evoucher")["codes"][ZHANG]
    assert client.read_code(ReadCode(**DESK, code=code)).name == "张秀英"
