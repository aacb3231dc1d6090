"""3201 and 3202 with the files of 9101 and 9102: both sides compare what they hold."""

import base64
import hashlib
import random
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from insurance.gateway import messages as m
from insurance.gateway.client import InsuranceClient
from insurance.gateway.messages.wire import SHANGHAI
from insurance.gateway.port import GatewayRefused, GatewayUnanswered, RequestNeverSent
from tests.verification.insurance.visiting import INSTITUTION, Hospital, new_msgid
from tests.verification.simulators import Simulators

D = Decimal


def today() -> date:
    return datetime.now(SHANGHAI).date()


def row_of(reply: m.SettlementReply, *, is_refund: bool = False) -> m.StatementRow:
    assert reply.settlement_number is not None
    return m.StatementRow(
        settlement_number=reply.settlement_number,
        visit_number=reply.visit_number,
        person_number=reply.person_number,
        total_amount=reply.total_amount,
        fund_amount=reply.fund_amount,
        account_amount=reply.account_amount,
        is_refund=is_refund,
    )


def total_of(*rows: m.StatementRow) -> m.ReconcileTotal:
    return m.ReconcileTotal(
        insurance_type="310",
        clearing_type="11",
        clearing_agency="330100",
        first_on=today(),
        last_on=today(),
        total_amount=sum((row.total_amount for row in rows), D("0.00")),
        fund_amount=sum((row.fund_amount for row in rows), D("0.00")),
        account_amount=sum((row.account_amount for row in rows), D("0.00")),
        settlement_count=len(rows),
    )


def compared(client: InsuranceClient, *rows: m.StatementRow) -> dict[str, m.ComparedRow]:
    """9101, 3202, 9102."""
    content = m.write_rows(rows, filename="rows.txt")
    upload = m.UploadFile(content=content, filename="rows.zip", institution_code=INSTITUTION)
    number = client.upload_file(new_msgid(), upload).reply.file_number
    total = total_of(*rows)
    request = m.ReconcileDetails(
        clearing_agency=total.clearing_agency,
        file_number=number,
        first_on=total.first_on,
        last_on=total.last_on,
        total_amount=total.total_amount,
        fund_amount=total.fund_amount,
        cash_amount=D("0.00"),
        settlement_count=total.settlement_count,
        clearing_type="11",
        insurance_type="310",
    )
    found = client.reconcile_details(new_msgid(), request).reply
    download = m.DownloadFile(
        file_number=found.file_number, filename=found.filename, institution_code=INSTITUTION
    )
    fetched = client.download_file(new_msgid(), download).reply.content
    return {row.settlement_number: row for row in m.read_rows(fetched)}


@pytest.fixture
def settled(hospital: Hospital, client: InsuranceClient) -> m.SettlementReply:
    """One settlement of today."""
    return client.settle(new_msgid(), hospital.ready_to_settle()).reply


def test_equal_totals_balance_also_after_a_settlement_was_taken_back(
    hospital: Hospital, client: InsuranceClient, settled: m.SettlementReply
) -> None:
    back = client.cancel_settlement(new_msgid(), hospital.cancel_request(settled)).reply
    both = total_of(row_of(settled), row_of(back, is_refund=True))

    assert client.reconcile_total(new_msgid(), both).reply.is_equal
    assert (both.total_amount, both.settlement_count) == (D("0.00"), 2)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"total_amount": D("70.01")}, "医疗费总额"),
        ({"fund_amount": D("44.79")}, "基金支付"),
        ({"account_amount": D("0.00")}, "个人账户支付"),
        ({"settlement_count": 2}, "结算笔数"),
    ],
)
def test_totals_that_differ_are_told_by_name(
    client: InsuranceClient, settled: m.SettlementReply, change: dict[str, Any], named: str
) -> None:
    reply = client.reconcile_total(new_msgid(), replace(total_of(row_of(settled)), **change)).reply
    assert not reply.is_equal
    assert named in (reply.description or "")


@pytest.mark.parametrize(
    "change", [{"insurance_type": "390"}, {"clearing_type": "41"}, {"clearing_agency": "110100"}]
)
def test_a_settlement_counts_in_its_own_group_only(
    client: InsuranceClient, settled: m.SettlementReply, change: dict[str, Any]
) -> None:
    assert client.reconcile_total(new_msgid(), replace(total_of(), **change)).reply.is_equal
    wrong = replace(total_of(row_of(settled)), **change)
    assert not client.reconcile_total(new_msgid(), wrong).reply.is_equal


def test_rows_are_compared_one_by_one(
    insurer: Simulators, client: InsuranceClient, settled: m.SettlementReply
) -> None:
    other = Hospital(insurer, client)
    forgotten = client.settle(new_msgid(), other.ready_to_settle()).reply
    third = Hospital(insurer, client)
    mistaken = row_of(client.settle(new_msgid(), third.ready_to_settle()).reply)
    invented = replace(row_of(settled), settlement_number="330100202601010000000000000000")

    rows = compared(client, row_of(settled), replace(mistaken, fund_amount=D("1.00")), invented)

    assert rows[settled.settlement_number].is_equal
    assert rows[mistaken.settlement_number].memo == "双方数据不一致"
    assert rows[mistaken.settlement_number].fund_amount == mistaken.fund_amount
    assert rows[invented.settlement_number].memo == "医药机构有、中心无"
    missing = rows[forgotten.settlement_number]
    assert missing.memo == "中心有、医药机构无"
    assert (missing.msgid, missing.total_amount) == (forgotten.sender_message_id, forgotten.total_amount)


def test_a_file_that_is_no_zip_is_refused(client: InsuranceClient) -> None:
    upload = m.UploadFile(content=b"not a zip", filename="rows.zip", institution_code=INSTITUTION)
    number = client.upload_file(new_msgid(), upload).reply.file_number
    total = total_of()
    request = m.ReconcileDetails(
        clearing_agency="330100", file_number=number, first_on=total.first_on, last_on=total.last_on,
        total_amount=D(0), fund_amount=D(0), cash_amount=D(0), settlement_count=0,
    )  # fmt: skip
    with pytest.raises(GatewayRefused, match="zip"):
        client.reconcile_details(new_msgid(), request)


def test_a_file_of_another_name_or_number_is_not_handed_out(client: InsuranceClient) -> None:
    upload = m.UploadFile(content=b"content", filename="a.zip", institution_code=INSTITUTION)
    number = client.upload_file(new_msgid(), upload).reply.file_number
    same = m.DownloadFile(file_number=number, filename="a.zip", institution_code=INSTITUTION)

    assert client.download_file(new_msgid(), same).reply.content == b"content"
    for change in ({"filename": "b.zip"}, {"file_number": "1"}):
        with pytest.raises(GatewayRefused):
            client.download_file(new_msgid(), replace(same, **change))


def test_a_file_that_does_not_come_is_unknown_not_refused(client: InsuranceClient, fault) -> None:
    request = m.DownloadFile(file_number="1", filename="a.zip", institution_code=INSTITUTION)
    fault("9102", "http_502")
    with pytest.raises(GatewayUnanswered):
        client.download_file(new_msgid(), request)


def test_a_period_that_ends_before_it_begins_is_never_sent(client: InsuranceClient) -> None:
    backwards = replace(total_of(), first_on=date(2026, 3, 2), last_on=date(2026, 3, 1))
    with pytest.raises(RequestNeverSent, match="stmt_enddate"):
        client.reconcile_total(new_msgid(), backwards)


def test_a_large_file_travels_both_ways_and_is_kept_in_the_message_log_by_its_digest_only(
    client: InsuranceClient,
) -> None:
    content = random.Random(1).randbytes(3_000_000)
    upload = m.UploadFile(content=content, filename="rows.zip", institution_code=INSTITUTION)
    sent = client.upload_file(new_msgid(), upload)
    assert len(sent.request_text) < 2000
    assert hashlib.sha256(base64.b64encode(content)).hexdigest() in sent.request_text
    request = m.DownloadFile(
        file_number=sent.reply.file_number, filename="rows.zip", institution_code=INSTITUTION
    )
    fetched = client.download_file(new_msgid(), request)
    assert fetched.reply.content == content
    assert fetched.reply_text == "(3000000 bytes)"
