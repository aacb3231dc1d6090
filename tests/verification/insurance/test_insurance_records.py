"""4301 the clinical record, 3505 and 3506 drugs by traceability code, 5201 and 5206 what the insurer holds."""

import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from insurance.gateway import messages as m
from insurance.gateway.client import InsuranceClient
from insurance.gateway.messages.sales import INSURED, SELF_PAID
from insurance.gateway.messages.wire import SHANGHAI
from insurance.gateway.port import GatewayRefused, RequestNeverSent
from tests.verification.insurance.visiting import Hospital, new_msgid

D = Decimal


def now() -> datetime:
    return datetime.now(SHANGHAI)


def sale(*codes: str, **changes: Any) -> m.ReportSale:
    values: dict[str, Any] = {
        "catalogue_code": "XC08CADEMO001",
        "hospital_code": "D001",
        "hospital_name": "苯磺酸氨氯地平片",
        "stock_batch": "B20260101",
        "doctor_name": "李明",
        "pharmacist_name": "王芳",
        "pharmacist_licence": "HY330100000001",
        "hospital_visit_number": "OP1",
        "lot_number": "20260101",
        "made_on": date(2026, 1, 1),
        "is_prescription_drug": True,
        "document_number": uuid.uuid4().hex[:20],
        "quantity": D(len(codes)),
        "moved_at": now(),
        "operator_name": "王芳",
        "payer": SELF_PAID,
        "packages": tuple(m.TracedPackage(trace_code=code) for code in codes),
    }
    return m.ReportSale(**(values | changes))


def back(*codes: str, **changes: Any) -> m.ReportReturn:
    sold = sale(*codes, **changes)
    return m.ReportReturn(**{name: getattr(sold, name) for name in sold.__dataclass_fields__})


def care(hospital: Hospital, request: m.RegisterVisit, **changes: Any) -> m.ReportCare:
    values: dict[str, Any] = {
        "visit_number": hospital.visit_number,
        "person_number": hospital.person.person_number,
        "hospital_visit_number": request.hospital_visit_number,
        "treatment_type": "11",
        "registered_at": now(),
        "seen_at": now(),
        "department_code": "0301",
        "department_name": "心血管内科",
        "doctor_code": "D330100000001",
        "doctor_name": "李明",
    }
    return m.ReportCare(
        insured_region="330100",
        registration=m.CareRegistration(**(values | changes)),
        case=m.CareCase(complaint="高血压复诊", advice="继续用药"),
        diagnoses=hospital.report_request().diagnoses,
    )


def test_a_package_goes_out_once_and_again_only_after_it_came_back(client: InsuranceClient) -> None:
    client.report_sale(new_msgid(), sale("8112340000000000001", "8112340000000000002"))
    with pytest.raises(GatewayRefused, match="8112340000000000002已销售"):
        client.report_sale(new_msgid(), sale("8112340000000000002"))
    client.report_return(new_msgid(), back("8112340000000000002"))
    client.report_sale(new_msgid(), sale("8112340000000000002"))


@pytest.mark.parametrize(
    ("codes", "change", "said"),
    [
        (("9",), {}, "没有销售记录"),
        (("81",), {"catalogue_code": "XC08CADEMO002"}, "不是该药品的"),
    ],
)
def test_what_did_not_go_out_like_this_does_not_come_back(
    client: InsuranceClient, codes: tuple[str, ...], change: dict[str, str], said: str
) -> None:
    client.report_sale(new_msgid(), sale("81"))
    with pytest.raises(GatewayRefused, match=said):
        client.report_return(new_msgid(), back(*codes, **change))


def test_a_document_is_taken_once_even_under_another_message(client: InsuranceClient) -> None:
    client.report_sale(new_msgid(), sale("81", document_number="D1"))
    with pytest.raises(GatewayRefused, match="D1已上传"):
        client.report_sale(new_msgid(), sale("82", document_number="D1"))


def test_an_insured_sale_needs_a_settlement_in_force(hospital: Hospital, client: InsuranceClient) -> None:
    settled = client.settle(new_msgid(), hospital.ready_to_settle()).reply
    insured = {
        "payer": INSURED,
        "insured_region": "330100",
        "person_number": settled.person_number,
        "settlement_number": settled.settlement_number,
    }
    client.report_sale(new_msgid(), sale("81", **insured))
    client.cancel_settlement(new_msgid(), hospital.cancel_request(settled))
    with pytest.raises(GatewayRefused, match="有效结算"):
        client.report_sale(new_msgid(), sale("82", **insured))


def test_a_code_typed_twice_and_an_insured_sale_without_its_settlement_are_never_sent(
    client: InsuranceClient,
) -> None:
    with pytest.raises(RequestNeverSent) as unsent:
        client.report_sale(new_msgid(), sale("81", "81", payer=INSURED))
    assert unsent.value.faults == (
        "drug_trac_codg: 81 given twice",
        "psn_no: missing",
        "setl_id: missing",
        "insuplc_admdvs: missing",
    )


def test_the_record_of_a_visit_is_taken_and_replaced(hospital: Hospital, client: InsuranceClient) -> None:
    hospital.arrive()
    request = hospital.register_request()
    hospital.visit_number = client.register_visit(new_msgid(), request).reply.visit_number
    report = care(hospital, request)
    client.report_care(new_msgid(), report)
    client.report_care(new_msgid(), replace(report, case=m.CareCase(complaint="血压控制不佳")))
    with pytest.raises(GatewayRefused, match="不得为初诊"):
        client.report_care(new_msgid(), care(hospital, request, is_first_visit=True))
    with pytest.raises(GatewayRefused, match="mdtrt_sn"):
        client.report_care(new_msgid(), care(hospital, request, hospital_visit_number="another"))


def test_visits_of_a_time_are_told_and_cancelled_ones_are_not(
    hospital: Hospital, client: InsuranceClient
) -> None:
    hospital.arrive()
    hospital.report()
    gone = hospital.register_request()
    cancelled = client.register_visit(new_msgid(), gone).reply
    client.cancel_visit(
        new_msgid(),
        m.CancelVisit(
            insured_region="330100",
            person_number=cancelled.person_number,
            visit_number=cancelled.visit_number,
            hospital_visit_number=gone.hospital_visit_number,
        ),
    )
    asked = m.QueryVisits(
        insured_region="330100",
        person_number=hospital.person.person_number,
        from_at=now() - timedelta(days=1),
        until_at=now() + timedelta(minutes=1),
    )
    (visit,) = client.query_visits(new_msgid(), asked).reply.visits
    assert (visit.visit_number, visit.disease_code) == (hospital.visit_number, "I10.x00x002")
    earlier = replace(asked, until_at=now() - timedelta(hours=1))
    assert client.query_visits(new_msgid(), earlier).reply.visits == ()
    with pytest.raises(RequestNeverSent, match="endtime"):
        client.query_visits(new_msgid(), replace(asked, until_at=asked.from_at - timedelta(days=1)))


def test_what_a_settlement_adds_is_told_by_5206(hospital: Hospital, client: InsuranceClient) -> None:
    client.settle(new_msgid(), hospital.ready_to_settle())
    asked = m.QueryAccumulated(
        insured_region="330100", person_number=hospital.person.person_number, in_month=now().date()
    )
    rows = client.query_accumulated(new_msgid(), asked).reply.rows
    told = {row.kind: row.amount for row in rows}
    # In scope 10.00 + 54.00, of which the fund pays 70 %.
    assert (told["outpatient:eligible"], told["outpatient:fund_paid"]) == (D("64.00"), D("44.80"))
    assert {row.year for row in rows} == {str(now().year)}
