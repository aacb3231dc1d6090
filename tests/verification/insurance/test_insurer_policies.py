"""What the insurer pays whom, over the wire: coverages, counters given back, accounts, agreements, doctors."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import httpx
import pytest

from insurance.gateway import messages as m
from insurance.gateway.client import InsuranceClient
from insurance.gateway.port import GatewayRefused
from tests.verification.insurance.visiting import Hospital, client_for, new_msgid
from tests.verification.simulators import Simulators

D = Decimal
TWO_INSURANCES, CIVIL_SERVANT, AIDED = "330106195808129716", "330106196104179824", "330106197902289846"
CHILD, MOTHER, FROM_WUHAN = "330106201906139860", "330106197905209848", "420106198507199732"
CHRONIC = "14"


class Clinic(Hospital):
    """A hospital that may choose another insurance of the person and another kind of treatment."""

    insurance_type = ""
    treatment_type = m.ORDINARY_OUTPATIENT
    disease: str | None = None

    def arrive(self) -> m.PersonReply:
        self.person = self.client.read_person(new_msgid(), self.person_request()).reply
        rows = [
            row
            for row in self.person.coverages
            if not self.insurance_type or row.insurance_type == self.insurance_type
        ]
        self.coverage = rows[0]
        reply = self.client.register_visit(new_msgid(), self.register_request()).reply
        self.visit_number = reply.visit_number
        return self.person

    def report_request(self, code: str = "I10.x00x002") -> m.ReportVisit:
        plain = super().report_request(code)
        return m.ReportVisit(
            **vars(plain) | {"treatment_type": self.treatment_type, "disease_code": self.disease}
        )

    def settle_drug(self, amount: str) -> m.SettlementReply:
        """Settle one class-A drug of this price in a batch of its own."""
        if not self.visit_number:
            self.arrive()
            self.report()
        self.batch = new_msgid()[-20:]
        self.upload(self.line("XC08CADEMO001", amount))
        return self.client.settle(new_msgid(), self.settle_request(treatment_type=self.treatment_type)).reply


def clinic(insurer: Simulators, client: InsuranceClient, id_number: str, **chosen: Any) -> Clinic:
    made = Clinic(insurer, client, id_number)
    for name, value in chosen.items():
        setattr(made, name, value)
    return made


@contextmanager
def refused(said: str) -> Iterator[None]:
    with pytest.raises(GatewayRefused, match=said):
        yield


def test_of_two_insurances_the_one_in_order_pays(insurer: Simulators, client: InsuranceClient) -> None:
    ended = clinic(insurer, client, TWO_INSURANCES, insurance_type="310")
    with refused("暂停参保"):
        ended.arrive()
    statuses = [(row.insurance_type, row.status, row.suspended_on) for row in ended.person.coverages]
    assert [row[:2] for row in statuses] == [("310", "2"), ("390", "1")]
    assert statuses[0][2] is not None
    # A resident at a grade-three hospital: 50 % of 100.00.
    assert clinic(insurer, client, TWO_INSURANCES, insurance_type="390").settle_drug(
        "100.00"
    ).fund_amount == D("50.00")


def test_later_funds_are_told_by_name_and_the_sums_hold(insurer: Simulators, client: InsuranceClient) -> None:
    # 70 % of 100.00, then half of 30.00 for a civil servant; her account pays the rest.
    reply = clinic(insurer, client, CIVIL_SERVANT).settle_drug("100.00")
    assert (reply.pooled_amount, reply.civil_servant_amount, reply.account_amount) == (
        D("70.00"),
        D("15.00"),
        D("15.00"),
    )
    shares = {row.fund_type: row.amount for row in reply.fund_shares}
    assert shares == {"310100": D("70.00"), "320100": D("15.00"), "310200": D("15.00")}
    # 50 % of 100.00, then 70 % of 50.00 for a poor person.
    poor = clinic(insurer, client, AIDED)
    aided = poor.settle_drug("100.00")
    assert (aided.medical_aid_amount, aided.fund_amount, aided.cash_amount) == (
        D("35.00"),
        D("85.00"),
        D("15.00"),
    )
    assert poor.person.special_statuses[0].memo == "低保对象"


@pytest.mark.parametrize(("manner", "account"), [("beside", "0.00"), ("inside", "30.00")])
def test_a_relatives_account_helps_and_gets_its_money_back(
    insurer: Simulators, client: InsuranceClient, manner: str, account: str
) -> None:
    insurer.control("insurer", "manners", mutual_aid=manner)
    insurer.control("insurer", "person", id_number=MOTHER, balance="30.00")
    child, mother = clinic(insurer, client, CHILD), Hospital(insurer, client, MOTHER)
    reply = child.settle_drug("100.00")
    assert (reply.fund_amount, reply.mutual_aid_amount, reply.account_amount, reply.cash_amount) == (
        D("50.00"), D("30.00"), D(account), D("20.00"),
    )  # fmt: skip
    assert mother.balance() == D("0.00")
    client.cancel_settlement(new_msgid(), child.cancel_request(reply))
    assert mother.balance() == D("30.00")


def test_a_chronic_disease_must_be_acknowledged_and_its_limit_is_given_back(
    insurer: Simulators, client: InsuranceClient
) -> None:
    stranger = clinic(insurer, client, MOTHER, treatment_type=CHRONIC, disease="M03900")
    with refused("未办理门诊慢特病备案"):
        stranger.settle_drug("100.00")
    insurer.control("insurer", "chronic", id_number=MOTHER, dise_codg="M03900")
    patient = clinic(insurer, client, MOTHER, treatment_type=CHRONIC, disease="M03900")
    first, second = patient.settle_drug("500.00"), patient.settle_drug("500.00")
    # 80 % of 500.00 is 400.00; of the quarter's 600.00 then 200.00 are left.
    assert (first.pooled_amount, second.pooled_amount) == (D("400.00"), D("200.00"))
    client.cancel_settlement(new_msgid(), patient.cancel_request(first))
    assert patient.settle_drug("500.00").pooled_amount == D("400.00")


def test_a_person_from_another_province_has_the_catalogue_here_and_the_benefits_of_home(
    insurer: Simulators,
) -> None:
    beijing = client_for(
        insurer, institution_code="H11010000004", institution_name="演示异地医院", region="110100"
    )
    visitor = Hospital(insurer, beijing)
    with refused("未办理异地就医备案"):
        visitor.arrive()
    insurer.control(
        "insurer", "person", id_number=visitor.id_number, remote_filed=True, remote_kind="transfer"
    )
    reply = beijing.settle(new_msgid(), visitor.ready_to_settle()).reply
    # In Beijing 20 % first share of 60.00: in scope 10.00 + 48.00; at home 70 %, by transfer 90 % of it: 63 %.
    assert (reply.first_self_pay_amount, reply.fund_amount) == (D("12.00"), D("36.54"))
    assert (
        beijing.query_settlement(new_msgid(), visitor.query_request()).reply.records[0].payment_place == "4"
    )
    beijing.close()


def test_an_insured_place_may_pay_less_to_those_who_have_not_filed(
    insurer: Simulators, client: InsuranceClient
) -> None:
    # Wuhan: 55 % at a grade-three hospital, without filing 70 % of it.
    assert clinic(insurer, client, FROM_WUHAN).settle_drug("100.00").fund_amount == D("38.50")


def test_while_the_agreement_rests_nothing_new_is_taken_but_everything_can_be_taken_back(
    insurer: Simulators, client: InsuranceClient, hospital: Hospital
) -> None:
    settled = client.settle(new_msgid(), hospital.ready_to_settle()).reply
    insurer.control("insurer", "agreement", institution="H33010000001", suspended=True, reason="飞行检查")
    with refused("协议已中止：飞行检查"):
        hospital.upload()
    with refused("协议已中止"):
        client.register_visit(new_msgid(), hospital.register_request())
    assert client.cancel_settlement(new_msgid(), hospital.cancel_request(settled)).reply.total_amount == D(
        "-70.00"
    )
    insurer.control("insurer", "agreement", institution="H33010000001", suspended=False)
    client.settle(new_msgid(), hospital.settle_request())


@pytest.mark.parametrize("code", ["匿名", "D33010000000", "X330100000001"])
def test_a_doctor_whom_nobody_knows_may_not_bill(
    hospital: Hospital, client: InsuranceClient, code: str
) -> None:
    hospital.arrive()
    strange = vars(hospital.register_request()) | {"doctor_code": code, "hospital_visit_number": new_msgid()}
    with refused(f"医师代码{code}不存在"):
        client.register_visit(new_msgid(), m.RegisterVisit(**strange))
    hospital.report()
    with refused(f"医师代码{code}不存在"):
        hospital.upload(hospital.line("XC08CADEMO001", "10.00", doctor_code=code))


def test_a_doctor_without_the_right_to_bill_and_a_closed_register(
    insurer: Simulators, hospital: Hospital
) -> None:
    insurer.control("insurer", "doctor", code="D330100000001", name="李明", is_insured=False)
    with refused("没有医保支付资格"):
        hospital.arrive()
    insurer.control("insurer", "doctor", code="D330100000001", name="李明", is_insured=True)
    insurer.control("insurer", "manners", doctors="listed")
    hospital.arrive()
    hospital.report()
    with refused("D330100000002不存在"):
        hospital.upload(hospital.line("XC08CADEMO001", "10.00", doctor_code="D330100000002"))


def test_a_tester_can_insure_somebody_and_link_an_account(
    insurer: Simulators, client: InsuranceClient
) -> None:
    number = "330106199001010016"
    insurer.control(
        "insurer", "insure", name="试用", id_number=number, insutype="390", psn_type="1501", deducted="100.00"
    )
    insurer.control("insurer", "family", id_number=number, payer=MOTHER)
    assert clinic(insurer, client, number).settle_drug("100.00").mutual_aid_amount == D("50.00")
    insurer.control("insurer", "family", id_number=number, payer="")
    assert clinic(insurer, client, number).settle_drug("100.00").mutual_aid_amount == D("0.00")


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("insure", {"name": "甲", "id_number": "1"}),
        ("insure", {"name": "张秀英", "id_number": "330106195603089829"}),
        ("family", {"id_number": MOTHER, "payer": MOTHER}),
        ("family", {"id_number": MOTHER, "payer": CHILD}),
        ("chronic", {"id_number": MOTHER}),
        ("agreement", {"institution": "H1"}),
        ("doctor", {"code": ""}),
        ("manners", {"doctors": "some"}),
        ("person", {"id_number": MOTHER, "remote_filed": "perhaps"}),
    ],
)
def test_an_order_about_people_that_makes_no_sense_changes_nothing(
    insurer: Simulators, verb: str, fields: dict[str, str]
) -> None:
    before = insurer.holdings("insurer")
    answer = httpx.post(f"{insurer.url}/insurer/control/{verb}/", json=fields)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])
    assert insurer.holdings("insurer") == before


def test_the_page_of_policies_shows_each_row_with_its_source_and_grade(insurer: Simulators) -> None:
    address = f"{insurer.url}/insurer/control/policies/"
    page = httpx.get(address, headers={"Accept": "text/html"}).text
    for text in (
        "模拟环境",
        "不是任何地方的正式政策",
        "北京市",
        "京医保发〔2022〕28号",
        "费用至20000：70%；60%",
    ):
        assert text in page
    areas = {row["name"]: row for row in httpx.get(address).json()["areas"]}
    assert areas["郑州市"]["schemes"][0]["grade"] == "S"


def test_a_settlement_of_last_year_goes_back_to_last_years_sums(
    insurer: Simulators, client: InsuranceClient
) -> None:
    insurer.control("insurer", "person", id_number=MOTHER, deducted="0.00", balance="100.00")
    patient = clinic(insurer, client, MOTHER)
    last = patient.settle_drug("700.00")  # 600.00 deductible, 60 % of 100.00, the account's 100.00
    assert (last.deductible_amount, last.fund_amount, last.account_amount) == (
        D("600.00"),
        D("60.00"),
        D("100.00"),
    )
    insurer.control("insurer", "calendar", days_ahead=400)
    this = patient.settle_drug("650.00")  # a new year, a new deductible; nothing left on the account
    assert (this.deductible_amount, this.fund_amount) == (D("600.00"), D("30.00"))
    back = client.cancel_settlement(new_msgid(), patient.cancel_request(last)).reply
    assert (back.fund_amount, back.account_balance) == (D("-60.00"), D("100.00"))
    # This year's sums are untouched: the deductible stays met, 60 % of 100.00, and the account pays the rest.
    again = patient.settle_drug("100.00")
    assert (again.deductible_amount, again.fund_amount, again.account_amount) == (
        D("0.00"),
        D("60.00"),
        D("40.00"),
    )
    insurer.control("insurer", "calendar", days_ahead=0)
    # And last year's are as before: the whole deductible counts again.
    assert patient.settle_drug("700.00").deductible_amount == D("600.00")
