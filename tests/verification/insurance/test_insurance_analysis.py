"""3101, 3102 and 3103: orders and charges looked at before they are given or charged."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from insurance.gateway import messages as m
from insurance.gateway.client import InsuranceClient
from insurance.gateway.messages.analysis import AT_CHARGING, BEFORE, CHANGE, DURING, GO_ON
from insurance.gateway.messages.wire import SHANGHAI
from insurance.gateway.port import GatewayRefused, GatewayUnanswered, RequestNeverSent
from tests.verification.insurance.visiting import INSTITUTION, Hospital, new_msgid

D = Decimal
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)


def order(name: str = "苯磺酸氨氯地平片", **changes: Any) -> m.AnalysedOrder:
    values: dict[str, Any] = {
        "order_id": f"RX-{name}",
        "catalogue_code": f"X-{name}",
        "catalogue_name": name,
        "hospital_code": "D001",
        "hospital_name": name,
        "quantity": D(2),
        "price": D("15.00"),
        "amount": D("30.00"),
        "begins_at": NOW,
        "department_code": "0301",
        "department_name": "心血管内科",
        "doctor_code": "D330100000001",
        "doctor_name": "李明",
    }
    return m.AnalysedOrder(**(values | changes))


def request_for(hospital: Hospital, *orders: m.AnalysedOrder, **changes: Any) -> m.AnalyseDetails:
    diagnosis = m.AnalysedDiagnosis(
        diagnosis_id="1", is_main=True, order="1", code="I10.x00x002", name="高血压病", diagnosed_at=NOW
    )
    visit = m.AnalysedVisit(
        visit_number="V1",
        institution_code=INSTITUTION,
        institution_name="演示市第一人民医院",
        institution_region="330100",
        began_at=NOW,
        main_diagnosis_code="I10.x00x002",
        main_diagnosis_name="高血压病",
        doctor_code=changes.get("doctor_code", "D330100000001"),
        department_code="0301",
        department_name="心血管内科",
        treatment_type="11",
        total_amount=sum((row.amount for row in orders), D("0.00")),
        insurance_type="310",
        diagnoses=(diagnosis,),
        orders=orders,
    )
    person = m.AnalysedPerson(
        person_number=hospital.person.person_number,
        name=hospital.person.name,
        gender=hospital.person.gender,
        born_on=date(1956, 3, 8),
        pooling_area="330100",
        visit_number="V1",
        visits=(visit,),
    )
    return m.AnalyseDetails(
        insured_region="330100", system_code="XINGLIN", scene=AT_CHARGING, persons=(person,)
    )


@pytest.fixture
def arrived(hospital: Hospital) -> Hospital:
    """A woman of 70 who is known to the insurer."""
    hospital.arrive()
    return hospital


def test_unobjectionable_orders_give_no_finding(arrived: Hospital, client: InsuranceClient) -> None:
    assert client.analyse_before(new_msgid(), request_for(arrived, order())).reply.findings == ()


def test_a_narcotic_drug_online_is_found_with_the_order_its_amount_and_its_ground(
    arrived: Hospital, client: InsuranceClient
) -> None:
    reply = client.analyse_before(new_msgid(), request_for(arrived, order(), order("芬太尼透皮贴剂"))).reply

    (finding,) = reply.findings
    assert finding.rule_name == "超互联网医院药品支付范围"
    assert "国卫医发〔2018〕25号" in (finding.evidence or "")
    assert [detail.order_id for detail in finding.details] == ["RX-芬太尼透皮贴剂"]
    assert finding.amount == D("30.00")


def test_what_she_was_given_before_is_not_found_again(arrived: Hospital, client: InsuranceClient) -> None:
    earlier = order("芬太尼透皮贴剂", is_current=False)
    assert client.analyse_during(new_msgid(), request_for(arrived, earlier, order())).reply.findings == ()


def test_a_finding_is_answered_once_with_a_reason_and_only_under_its_own_kind(
    arrived: Hospital, client: InsuranceClient
) -> None:
    twice = request_for(arrived, order(), order(order_id="RX-2"))
    (finding,) = client.analyse_during(new_msgid(), twice).reply.findings
    go_on = m.HandledFinding(finding_id=finding.finding_id, way=GO_ON, reason="剂量递增")

    client.report_handling(new_msgid(), m.ReportHandling(kind=DURING, handled=(go_on,)))
    with pytest.raises(GatewayRefused, match="不存在"):
        client.report_handling(new_msgid(), m.ReportHandling(kind=BEFORE, handled=(go_on,)))
    with pytest.raises(GatewayRefused, match="不存在"):
        unknown = replace(go_on, finding_id="X", way=CHANGE)
        client.report_handling(new_msgid(), m.ReportHandling(kind=DURING, handled=(unknown,)))


def test_going_on_without_a_reason_is_never_sent(client: InsuranceClient) -> None:
    unreasoned = m.HandledFinding(finding_id="1", way=GO_ON)
    with pytest.raises(RequestNeverSent, match="dspo_way_rea"):
        client.report_handling(new_msgid(), m.ReportHandling(kind=BEFORE, handled=(unreasoned,)))


def test_an_unknown_doctor_is_refused(arrived: Hospital, client: InsuranceClient) -> None:
    with pytest.raises(GatewayRefused, match="匿名"):
        client.analyse_before(new_msgid(), request_for(arrived, order(doctor_code="匿名")))


def test_every_fault_of_a_nested_request_is_named_by_its_place(
    arrived: Hospital, client: InsuranceClient
) -> None:
    faulty = request_for(arrived, order(), order(quantity=D("0.001"), doctor_code=""))
    with pytest.raises(RequestNeverSent) as unsent:
        client.analyse_before(new_msgid(), replace(faulty, scene="too long"))
    place = "patient_dtos[1].fsi_encounter_dtos[1].fsi_order_dtos[2]"
    assert [fault.partition(":")[0] for fault in unsent.value.faults] == [
        "trig_scen",
        f"{place}.cnt",
        f"{place}.drord_dr_codg",
    ]


def test_silence_on_an_analysis_is_unknown_and_may_be_asked_again(
    arrived: Hospital, client: InsuranceClient, fault: Any
) -> None:
    fault("3101", "http_502")
    with pytest.raises(GatewayUnanswered):
        client.analyse_before(new_msgid(), request_for(arrived, order()))
    assert client.analyse_before(new_msgid(), request_for(arrived, order())).reply.findings == ()
