"""Both sides keep to the envelope, judged by a JSON Schema validator that is not ours."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from insurance.gateway.client import InsuranceClient
from insurance.gateway.port import Exchange, GatewayRefused
from tests.verification.insurance.visiting import Hospital, new_msgid

SCHEMA = json.loads((Path(__file__).parent / "envelope.schema.json").read_text())


def judge(part: str, text: str) -> None:
    jsonschema.Draft202012Validator(SCHEMA | {"$ref": f"#/$defs/{part}"}).validate(json.loads(text))


def judge_both(exchange: Exchange[Any]) -> None:
    judge("request", exchange.request_text)
    judge("reply", exchange.reply_text)


def test_every_message_of_a_visit_keeps_to_the_envelope(hospital: Hospital, client: InsuranceClient) -> None:
    judge_both(client.read_person(new_msgid(), hospital.person_request()))
    hospital.arrive()
    judge_both(client.register_visit(new_msgid(), hospital.register_request()))
    judge_both(client.report_visit(new_msgid(), hospital.report_request()))
    hospital.upload()
    judge_both(client.presettle(new_msgid(), hospital.presettle_request()))
    settled = client.settle(new_msgid(), hospital.settle_request())
    judge_both(settled)
    judge_both(client.query_settlement(new_msgid(), hospital.query_request()))
    judge_both(client.cancel_settlement(new_msgid(), hospital.cancel_request(settled.reply)))


def test_a_refusal_keeps_to_the_envelope(hospital: Hospital, client: InsuranceClient) -> None:
    hospital.arrive()
    with pytest.raises(GatewayRefused) as refused:
        client.upload_fees(new_msgid(), hospital.upload_request())
    judge("request", refused.value.request_text)
    judge("reply", refused.value.reply_text)


def test_the_judge_would_notice_a_missing_field(hospital: Hospital, client: InsuranceClient) -> None:
    exchange = client.read_person(new_msgid(), hospital.person_request())
    request = json.loads(exchange.request_text)
    del request["recer_sys_code"]
    with pytest.raises(jsonschema.ValidationError, match="recer_sys_code"):
        judge("request", json.dumps(request))
