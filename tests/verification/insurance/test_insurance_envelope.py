"""Both sides keep to the envelope, judged by a JSON Schema validator that is not ours."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from insurance.gateway import messages as m
from insurance.gateway.client import InsuranceClient
from insurance.gateway.port import Exchange, GatewayRefused
from tests.verification.insurance.visiting import INSTITUTION, Hospital, new_msgid

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


def test_messages_about_more_than_one_visit_keep_to_the_envelope_too(
    hospital: Hospital, client: InsuranceClient
) -> None:
    msgid = new_msgid()
    client.settle(msgid, hospital.ready_to_settle())
    who: dict[str, Any] = {"insured_region": "330100", "person_number": hospital.person.person_number}
    undo = m.ReverseMessage(**who, original_msgid=msgid, original_transaction="2207A")
    file = m.UploadFile(content=b"rows", filename="rows.zip", institution_code=INSTITUTION)
    total = m.ReconcileTotal(
        insurance_type="310", clearing_type="11", clearing_agency="330100",
        first_on=date(2026, 3, 1), last_on=date(2026, 3, 1),
        total_amount=Decimal(0), fund_amount=Decimal(0), account_amount=Decimal(0), settlement_count=0,
    )  # fmt: skip
    judge_both(client.query_accumulated(new_msgid(), m.QueryAccumulated(**who)))
    judge_both(client.reverse_message(new_msgid(), undo))
    judge_both(client.upload_file(new_msgid(), file))
    judge_both(client.reconcile_total(new_msgid(), total))


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
