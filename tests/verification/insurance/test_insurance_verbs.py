"""Every verb of the client against the running insurer."""

from datetime import date
from decimal import Decimal

import httpx
import pytest

from insurance.gateway import messages as m
from insurance.gateway.client import InsuranceClient
from insurance.gateway.port import GatewayMisconfigured, GatewayRefused
from tests.verification.insurance.visiting import INSTITUTION, Hospital, client_for, new_msgid
from tests.verification.simulators import Simulators

D = Decimal


def test_a_person_is_read_with_her_coverage(hospital: Hospital, client: InsuranceClient) -> None:
    person = client.read_person(new_msgid(), hospital.person_request()).reply
    assert (person.name, person.gender, person.born_on) == ("张秀英", "2", date(1956, 3, 8))
    row = person.coverage_for("310")
    assert row is not None
    assert (row.person_type, row.balance, row.insured_region) == ("1201", D("2.00"), "330100")


@pytest.mark.parametrize(("kind", "prefix", "serial"), [("01", "EC", None), ("03", "", "9")])
def test_a_person_is_read_by_e_voucher_and_by_card(
    hospital: Hospital, client: InsuranceClient, kind: str, prefix: str, serial: str | None
) -> None:
    number = prefix + hospital.id_number if prefix else "DA0000001"
    request = m.ReadPerson(certificate_type=kind, certificate_number=number, card_serial=serial)
    assert client.read_person(new_msgid(), request).reply.name == "张秀英"


@pytest.mark.parametrize(("number", "name"), [("330106199001010016", None), ("330106195603089829", "王海燕")])
def test_a_person_who_is_not_insured_here_is_not_found(
    client: InsuranceClient, number: str, name: str | None
) -> None:
    request = m.ReadPerson(certificate_type="02", certificate_number=number, person_name=name)
    with pytest.raises(GatewayRefused, match="未查到参保信息"):
        client.read_person(new_msgid(), request)


def test_suspended_coverage_is_told_and_gets_no_visit(insurer: Simulators, client: InsuranceClient) -> None:
    hospital = Hospital(insurer, client, id_number="330106197011129750")
    with pytest.raises(GatewayRefused, match="暂停参保"):
        hospital.arrive()
    assert hospital.person.coverages[0].status == "2"
    assert hospital.person.coverage_for("310") is None


def test_a_person_insured_in_another_province_is_settled_by_the_benefits_of_her_insured_place(
    insurer: Simulators, client: InsuranceClient
) -> None:
    hospital = Hospital(insurer, client, id_number="330106198810219861")
    request = hospital.ready_to_settle()
    reply = client.settle(new_msgid(), request).reply
    # In scope 10.00 + 54.00; employed at a grade-three hospital by the Beijing sample: 70 % of 64.00.
    assert reply.fund_amount == D("44.80")
    record = client.query_settlement(new_msgid(), hospital.query_request()).reply.records[0]
    assert record.payment_place == "4"


def test_fee_lines_are_divided_one_by_one(hospital: Hospital) -> None:
    hospital.arrive()
    hospital.report()
    limited = hospital.line("XZ99ZADEMO901", "45.00", "2")
    unlisted = hospital.line("X000", "18.80")
    first_share = hospital.line("XZ99ZADEMO903", "4.52")
    refused_indication = hospital.line("XZ99ZADEMO902", "5.00")
    vouched = hospital.line("XZ99ZADEMO902", "5.00", approval="1")
    rows = {
        row.line_number: row
        for row in hospital.upload(limited, unlisted, first_share, refused_indication, vouched).lines
    }
    row = rows[limited.line_number]
    assert (row.over_limit_amount, row.first_self_pay_amount, row.in_scope_amount) == (
        D("30.00"),
        D("6.00"),
        D("54.00"),
    )
    assert row.price_limit == D("30.00")
    assert rows[unlisted.line_number].full_own_pay_amount == D("18.80")
    assert rows[unlisted.line_number].memo
    assert rows[unlisted.line_number].charge_level == "03"
    assert rows[first_share.line_number].first_self_pay_amount == D("0.23")
    assert rows[first_share.line_number].in_scope_amount == D("4.29")
    assert rows[refused_indication.line_number].full_own_pay_amount == D("5.00")
    assert rows[vouched.line_number].in_scope_amount == D("5.00")


def test_pre_settling_tells_the_shares_and_keeps_nothing(hospital: Hospital, client: InsuranceClient) -> None:
    hospital.ready_to_settle()
    reply = client.presettle(new_msgid(), hospital.presettle_request()).reply
    # In scope 64.00, fund 70 % = 44.80; of the other 25.20 the account pays its 2.00, and 23.20 are cash.
    assert (reply.fund_amount, reply.account_amount, reply.cash_amount) == (D("44.80"), D("2.00"), D("23.20"))
    assert reply.account_balance == D("0.00")
    assert (reply.settlement_number, reply.settled_at) == (None, None)
    assert hospital.kept() == []
    assert hospital.balance() == D("2.00")


def test_settling_keeps_one_settlement_under_our_message_number(
    hospital: Hospital, client: InsuranceClient
) -> None:
    request = hospital.ready_to_settle()
    expected = client.presettle(new_msgid(), hospital.presettle_request()).reply
    msgid = new_msgid()
    reply = client.settle(msgid, request).reply
    assert reply.sender_message_id == msgid
    assert (reply.fund_amount, reply.account_amount) == (expected.fund_amount, expected.account_amount)
    assert [(row["setl_id"], row["msgid"]) for row in hospital.kept()] == [(reply.settlement_number, msgid)]
    assert hospital.balance() == D("0.00")


def test_the_same_message_settles_once_and_repeats_its_answer(
    hospital: Hospital, client: InsuranceClient
) -> None:
    request, msgid = hospital.ready_to_settle(), new_msgid()
    assert client.settle(msgid, request).reply == client.settle(msgid, request).reply
    assert len(hospital.kept()) == 1


def test_a_second_message_for_the_same_batch_is_refused(hospital: Hospital, client: InsuranceClient) -> None:
    request = hospital.ready_to_settle()
    client.settle(new_msgid(), request)
    with pytest.raises(GatewayRefused, match="已结算"):
        client.settle(new_msgid(), request)
    assert len(hospital.kept()) == 1


def test_a_message_number_is_not_used_for_another_matter(hospital: Hospital, client: InsuranceClient) -> None:
    hospital.arrive()
    msgid = new_msgid()
    client.read_person(msgid, hospital.person_request())
    other = m.ReadPerson(certificate_type="02", certificate_number="330106197905209848")
    with pytest.raises(Exception, match="报文ID重复"):
        client.read_person(msgid, other)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"total_amount": D("70.01")}, "总额"),
        ({"in_scope_amount": D("63.99"), "first_self_pay_amount": D("6.01")}, "合计不一致"),
        ({"certificate_number": "330106197905209848"}, "凭证"),
        ({"insurance_type": "390"}, "险种"),
        ({"treatment_type": "13"}, "医疗类别"),
        ({"batch_number": "another"}, "没有费用明细"),
        ({"insured_region": "110100"}, "参保地"),
        ({"visit_number": "0"}, "不存在"),
    ],
)
def test_a_settlement_that_does_not_fit_what_was_uploaded_is_refused(
    hospital: Hospital, client: InsuranceClient, changes: dict[str, object], said: str
) -> None:
    hospital.ready_to_settle()
    with pytest.raises(GatewayRefused, match=said):
        client.settle(new_msgid(), hospital.settle_request(**changes))
    assert hospital.kept() == []


def test_a_settlement_is_taken_back_once_with_a_negative_record(
    hospital: Hospital, client: InsuranceClient
) -> None:
    settled = client.settle(new_msgid(), hospital.ready_to_settle()).reply
    msgid = new_msgid()
    taken_back = client.cancel_settlement(msgid, hospital.cancel_request(settled)).reply
    assert taken_back.settlement_number != settled.settlement_number
    assert taken_back.total_amount == -settled.total_amount
    assert (taken_back.fund_amount, taken_back.account_amount) == (D("-44.80"), D("-2.00"))
    assert taken_back.account_balance == hospital.balance() == D("2.00")
    assert client.cancel_settlement(msgid, hospital.cancel_request(settled)).reply == taken_back
    with pytest.raises(GatewayRefused, match="已撤销，不能重复撤销"):
        client.cancel_settlement(new_msgid(), hospital.cancel_request(settled))
    assert [row["sign"] for row in hospital.kept()] == [1, -1]
    assert not any(row["in_force"] for row in hospital.kept())


def test_what_was_taken_back_counts_no_more_towards_the_deductible(
    hospital: Hospital, client: InsuranceClient, insurer: Simulators
) -> None:
    insurer.control("insurer", "person", id_number=hospital.id_number, deducted="250.00")
    request = hospital.ready_to_settle()
    first = client.settle(new_msgid(), request).reply
    # 50.00 of the retired person's 300.00 were left: 70 % of the other 14.00 is 9.80.
    assert (first.deductible_amount, first.fund_amount) == (D("50.00"), D("9.80"))
    client.cancel_settlement(new_msgid(), hospital.cancel_request(first))
    again = client.settle(new_msgid(), request).reply
    assert (again.deductible_amount, again.fund_amount) == (D("50.00"), D("9.80"))
    assert [row["in_force"] for row in hospital.kept()] == [False, False, True]


def test_settlements_can_be_asked_for_by_number_and_by_visit(
    hospital: Hospital, client: InsuranceClient
) -> None:
    request, msgid = hospital.ready_to_settle(), new_msgid()
    assert client.query_settlement(new_msgid(), hospital.query_request()).reply.records == ()
    settled = client.settle(msgid, request).reply
    one = client.query_settlement(new_msgid(), hospital.query_request(settled.settlement_number)).reply
    found = client.query_settlement(new_msgid(), hospital.query_request()).reply.made_by(msgid)
    assert found is not None
    assert found == one.records[0]
    assert (found.fund_amount, found.is_in_force, found.batch_number) == (D("44.80"), True, hospital.batch)
    with pytest.raises(GatewayRefused, match="不存在"):
        client.query_settlement(new_msgid(), hospital.query_request("0"))


def test_fee_lines_can_be_withdrawn_until_they_are_settled(
    hospital: Hospital, client: InsuranceClient
) -> None:
    request = hospital.ready_to_settle()
    withdraw = m.WithdrawFees(
        insured_region="330100",
        visit_number=hospital.visit_number,
        batch_number=m.EVERY_BATCH,
        person_number=hospital.person.person_number,
    )
    client.withdraw_fees(new_msgid(), withdraw)
    with pytest.raises(GatewayRefused, match="没有费用明细"):
        client.settle(new_msgid(), request)
    hospital.upload()
    client.settle(new_msgid(), hospital.settle_request())
    of_the_batch = m.WithdrawFees(
        insured_region="330100",
        visit_number=hospital.visit_number,
        batch_number=hospital.batch,
        person_number=hospital.person.person_number,
    )
    with pytest.raises(GatewayRefused, match="已结算"):
        client.withdraw_fees(new_msgid(), of_the_batch)


def test_a_visit_is_cancelled_only_without_a_settlement_in_force(
    hospital: Hospital, client: InsuranceClient
) -> None:
    hospital.arrive()
    registered = hospital.register_request()
    reply = client.register_visit(new_msgid(), registered).reply
    hospital.visit_number = reply.visit_number
    hospital.report()
    hospital.upload()
    settled = client.settle(new_msgid(), hospital.settle_request()).reply
    cancel = m.CancelVisit(
        insured_region="330100",
        person_number=hospital.person.person_number,
        visit_number=reply.visit_number,
        hospital_visit_number=registered.hospital_visit_number,
    )
    with pytest.raises(GatewayRefused, match="请先撤销结算"):
        client.cancel_visit(new_msgid(), cancel)
    client.cancel_settlement(new_msgid(), hospital.cancel_request(settled))
    client.cancel_visit(new_msgid(), cancel)
    with pytest.raises(GatewayRefused, match="已撤销"):
        client.report_visit(new_msgid(), hospital.report_request())


def test_the_order_of_a_visit_is_kept(hospital: Hospital, client: InsuranceClient) -> None:
    hospital.arrive()
    with pytest.raises(GatewayRefused, match="2203A"):
        client.upload_fees(new_msgid(), hospital.upload_request())
    with pytest.raises(GatewayRefused, match="ICD-10"):
        client.report_visit(new_msgid(), hospital.report_request(code="高血压"))
    hospital.report()
    wrong = hospital.line("001102000010000", "10.00", amount=D("10.01"))
    with pytest.raises(GatewayRefused, match="单价乘数量"):
        client.upload_fees(new_msgid(), hospital.upload_request(wrong))
    twice = hospital.line("001102000010000", "10.00")
    with pytest.raises(GatewayRefused, match="重复"):
        client.upload_fees(new_msgid(), hospital.upload_request(twice, twice))
    # Nothing of a refused upload was kept: the same line number is free.
    assert client.upload_fees(new_msgid(), hospital.upload_request(twice)).reply.totals.total_amount == D(
        "10.00"
    )


def test_the_insurer_names_every_field_that_breaks_the_rules(
    hospital: Hospital, client: InsuranceClient
) -> None:
    hospital.arrive()
    request = hospital.register_request()
    strange = m.RegisterVisit(**(vars(request) | {"insurance_type": "999", "certificate_type": "77"}))
    with pytest.raises(GatewayRefused, match=r"insutype字典值999不存在；mdtrt_cert_type字典值77不存在"):
        client.register_visit(new_msgid(), strange)


def test_a_signed_out_operator_is_signed_in_again_by_the_client(
    client: InsuranceClient, hospital: Hospital
) -> None:
    client.read_person(new_msgid(), hospital.person_request())
    exchange = client.read_person(new_msgid(), hospital.person_request())
    number = exchange.request_text.split('"sign_no": "')[1].split('"')[0]
    client.sign_out(new_msgid(), m.SignOut(sign_number=number))
    again = client.read_person(new_msgid(), hospital.person_request())
    assert again.reply.name == "张秀英"
    assert number not in again.request_text


@pytest.mark.parametrize("change", [{"tif_token": "wrong"}, {"tif_paasid": "somebody"}])
def test_a_wrong_gateway_signature_is_our_configuration_not_a_refusal(
    insurer: Simulators, hospital: Hospital, change: dict[str, str]
) -> None:
    stranger = client_for(insurer, **change)
    with pytest.raises(GatewayMisconfigured, match="鉴权失败"):
        stranger.read_person(new_msgid(), hospital.person_request())
    stranger.close()


def test_a_call_without_gateway_headers_is_turned_away(insurer: Simulators) -> None:
    answer = httpx.post(f"{insurer.url}/insurer/fsi/api/1101", json={})
    assert (answer.status_code, answer.json()) == (500, {"code": 400001, "msg": "鉴权参数不完整"})


def test_a_configuration_that_cannot_work_is_refused_at_start(insurer: Simulators) -> None:
    with pytest.raises(GatewayMisconfigured, match="institution_code"):
        client_for(insurer, institution_code=INSTITUTION[:-1])
