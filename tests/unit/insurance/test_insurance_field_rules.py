"""What does not fit is named all at once; numbers of messages, rows of statements, sums with mutual aid."""

import json
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from insurance.gateway import messages as m
from insurance.gateway.client import InsuranceClient
from insurance.gateway.config import GatewayConfig, RememberedSignNumbers
from insurance.gateway.line import Answer, _read
from insurance.gateway.messages import envelope
from insurance.gateway.messages.fees import encode_upload_fees
from insurance.gateway.messages.identities import BESIDE, EITHER, INSIDE, check_account, check_identities
from insurance.gateway.messages.sales import decode_movement
from insurance.gateway.messages.settlement_reply import SettlementReply
from insurance.gateway.messages.visits import encode_report_visit
from insurance.gateway.port import GatewayMisconfigured, GatewayRefused, RequestNeverSent
from insurance.gateway.profile import may_pay_own, profile_for
from insurance.gateway.transports.csb import csb_signature

D = Decimal
NOON = datetime(2026, 3, 2, 4, 0, 5, tzinfo=UTC)
LINE = m.FeeLine(
    line_number="1",
    visit_number="V1",
    person_number="P1",
    batch_number="B1",
    charged_at=NOON,
    catalogue_code="X1",
    hospital_code="D1",
    amount=D("10.00"),
    quantity=D(1),
    unit_price=D("10.00"),
    department_code="0301",
    department_name="心血管内科",
    doctor_code="D330100000001",
    doctor_name="李明",
)
SALE = m.ReportSale(
    catalogue_code="X1", hospital_code="D1", hospital_name="片", stock_batch="B1", doctor_name="李明",
    pharmacist_name="王芳", pharmacist_licence="P1", hospital_visit_number="V1", lot_number="L1",
    made_on=NOON.date(), is_prescription_drug=True, document_number="S1", quantity=D(1), moved_at=NOON,
    operator_name="王芳", payer="2", packages=(m.TracedPackage(trace_code="1"),),
)  # fmt: skip
CONFIG: dict[str, Any] = {
    "base_url": "https://insurer.example.org",
    "institution_code": "H33010000001",
    "institution_name": "演示市第一人民医院",
    "region": "330100",
    "operator_code": "IH001",
    "operator_name": "互联网医院",
}
REPLY = SettlementReply(
    visit_number="V1",
    person_number="P1",
    total_amount=D("100.00"),
    full_own_pay_amount=D("0.00"),
    over_limit_amount=D("0.00"),
    first_self_pay_amount=D("0.00"),
    in_scope_amount=D("100.00"),
    pooled_amount=D("60.00"),
    fund_amount=D("60.00"),
    personal_part_amount=D("40.00"),
    account_amount=D("10.00"),
    mutual_aid_amount=D("5.00"),
    cash_amount=D("25.00"),
)


def test_every_fault_of_every_line_is_named() -> None:
    lines = (LINE, replace(LINE, doctor_code="", amount=D("10.001")), replace(LINE, batch_number="B" * 31))
    with pytest.raises(m.RequestUnfit) as unfit:
        encode_upload_fees(m.UploadFees(insured_region="330100", lines=lines))
    assert [fault.partition(":")[0] for fault in unfit.value.faults] == [
        "feedetail[2].det_item_fee_sumamt",
        "feedetail[2].bilg_dr_codg",
        "feedetail[3].chrg_bchno",
    ]


@pytest.mark.parametrize("count", [0, 101])
def test_one_to_a_hundred_lines_travel(count: int) -> None:
    with pytest.raises(m.RequestUnfit, match="feedetail"):
        encode_upload_fees(m.UploadFees(insured_region="330100", lines=(LINE,) * count))


def test_chronic_care_without_its_disease_and_without_a_diagnosis_has_two_faults() -> None:
    visit = m.ReportVisit(
        insured_region="330100", visit_number="V1", person_number="P1",
        treatment_type=m.CHRONIC_OUTPATIENT, began_at=NOON, diagnoses=(),
    )  # fmt: skip
    with pytest.raises(m.RequestUnfit) as unfit:
        encode_report_visit(visit)
    assert unfit.value.faults == ("dise_codg: missing", "diseinfo: at least one row is needed")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("national", "H33010000001202603021200050007"), ("henan", "260302120005-H33010000001-0007")],
)
def test_message_numbers_have_thirty_characters_in_both_formats(name: str, expected: str) -> None:
    made = m.MESSAGE_ID_FORMATS[name](institution_code="H33010000001", at=NOON, serial=10_007)
    assert (made, len(made)) == (expected, 30)


def test_amounts_as_numbers_keep_every_digit_and_text_stays_text() -> None:
    nodes = encode_upload_fees(
        m.UploadFees(insured_region="330100", lines=(replace(LINE, unit_price=D("10.000001"), line_number="12.50"),))
    )  # fmt: skip
    text = envelope.input_text(nodes, amounts="number")
    assert '"pric": 10.000001,' in text
    assert '"det_item_fee_sumamt": 10.00,' in text
    row = json.loads(text)["feedetail"][0]
    assert (row["feedetl_sn"], row["rx_circ_flag"]) == ("12.50", "0")


BESIDE_REPLY = REPLY
INSIDE_REPLY = replace(REPLY, account_amount=D("15.00"))


@pytest.mark.parametrize(
    ("reply", "mode", "holds"),
    [
        (BESIDE_REPLY, EITHER, True),
        (INSIDE_REPLY, EITHER, True),
        (BESIDE_REPLY, BESIDE, True),
        (INSIDE_REPLY, INSIDE, True),
        (BESIDE_REPLY, INSIDE, False),
        (INSIDE_REPLY, BESIDE, False),
    ],
)
def test_family_mutual_aid_lies_where_the_province_says(
    reply: SettlementReply, mode: str, *, holds: bool
) -> None:
    assert reply.accounts_amount == D("15.00")
    if holds:
        check_identities(reply, mutual_aid=mode)
    else:
        with pytest.raises(m.AmountsDisputed, match="psn_part_amt"):
            check_identities(reply, mutual_aid=mode)


def test_rows_of_a_statement_are_written_with_tabs_and_a_fault_names_its_row() -> None:
    row = m.StatementRow(
        settlement_number="S1", visit_number="V1", person_number="P1",
        total_amount=D("70"), fund_amount=D("44.8"), account_amount=D(2),
    )  # fmt: skip
    packed = m.write_rows([row], filename="rows.txt")
    columns = (
        "setl_id",
        "mdtrt_id",
        "psn_no",
        "medfee_sumamt",
        "fund_pay_sumamt",
        "acct_pay",
        "refd_setl_flag",
    )
    with pytest.raises(m.ReplyInconsistent, match="10 columns"):
        list(m.read_rows(packed))
    with pytest.raises(m.ReplyInconsistent, match="stmt_rslt is missing"):
        list(m.read_rows(packed, columns=columns))
    with pytest.raises(m.RequestUnfit, match="row 2: setl_id"):
        m.write_rows([row, replace(row, settlement_number="")], filename="rows.txt")


@pytest.mark.parametrize("content", [b"", b"no zip"])
def test_a_file_that_is_no_zip_is_not_believed(content: bytes) -> None:
    with pytest.raises(m.ReplyInconsistent, match="not a zip"):
        list(m.read_rows(content))


def test_the_csb_signature_is_the_hmac_of_the_sorted_pairs() -> None:
    # printf '_api_access_key=ak&_api_name=1101&_api_timestamp=1767225600&_api_version=1.0.0' |
    #   openssl dgst -sha1 -hmac sk -binary | base64
    signed = {
        "_api_version": "1.0.0",
        "_api_timestamp": "1767225600",
        "_api_name": "1101",
        "_api_access_key": "ak",
    }
    assert csb_signature(signed, "sk") == "Z1VWwP0ZWrKo4VqeSUr4u1VQtj8="


def test_faults_of_head_and_input_are_named_together_before_anything_is_sent() -> None:
    never = RememberedSignNumbers(lambda _: pytest.fail("signed in"), lambda: NOON.date())
    client = InsuranceClient(GatewayConfig(**CONFIG, tif_paasid="p", tif_token="t"), never)
    request = m.UploadFees(insured_region="33010", lines=(replace(LINE, person_number=""),))
    with pytest.raises(RequestNeverSent) as unsent:
        client.upload_fees("M" * 31, request)
    assert [fault.partition(":")[0] for fault in unsent.value.faults] == [
        "msgid",
        "insuplc_admdvs",
        "feedetail[1].psn_no",
    ]


@pytest.mark.parametrize("door", ["tif", "csb", "oauth2_sm4", "pigeon"])
def test_a_gateway_without_its_credentials_is_refused_at_the_start(door: str) -> None:
    with pytest.raises(GatewayMisconfigured, match=door):
        GatewayConfig(**CONFIG, door=door)


@pytest.mark.parametrize("result", ['{"retRslt": "0", "msgRslt": "追溯码无效"}', '{"retRslt": "2"}'])
def test_a_movement_that_was_not_taken_is_a_refusal_and_not_an_unknown_outcome(result: str) -> None:
    text = f'{{"infcode": 0, "err_msg": "", "output": {{"result": {result}}}}}'
    with pytest.raises(GatewayRefused, match="retRslt"):
        _read(SALE, Answer("", text), decode_movement)


@pytest.mark.parametrize("output", ['{"result": {"retRslt": 1}}', '{"retRslt": "1"}', '{"result": {}}', "{}"])
def test_a_movement_that_was_taken_or_of_which_nothing_is_said_is_believed(output: str) -> None:
    text = f'{{"infcode": 0, "err_msg": "", "output": {output}}}'
    assert _read(SALE, Answer("", text), decode_movement) == m.Acknowledged()


@pytest.mark.parametrize(
    ("own", "over", "cash", "holds"),
    [("20.00", "5.00", "25.00", True), ("20.00", "5.00", "24.99", False), ("0.00", "0.00", "0.00", True)],
)
def test_what_lies_outside_the_catalogue_is_left_in_cash_where_no_account_may_pay_it(
    own: str, over: str, cash: str, holds: bool
) -> None:
    reply = replace(REPLY, full_own_pay_amount=D(own), over_limit_amount=D(over), cash_amount=D(cash))
    check_account(reply, may_pay_own=True)
    with nullcontext() if holds else pytest.raises(m.AmountsDisputed, match="psn_cash_pay"):
        check_account(reply, may_pay_own=False)


def test_the_demonstrations_accounts_pay_nothing_outside_the_catalogue_and_elsewhere_nobody_guesses() -> None:
    assert not may_pay_own(profile_for("330100"))
    assert may_pay_own(profile_for("110100"))
