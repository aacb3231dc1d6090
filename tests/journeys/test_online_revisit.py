"""The main job: from booking to a settled bill, by patient, doctor, pharmacist, insurer and WeChat Pay.

Amounts follow from the demonstration tariff and the insurer's demonstration policy: the fee is 10.00, class A; the
fund pays 70 % for a retired employee; her account holds 2.00 at first, and the rest is hers.
"""

import pytest

from tests.journeys.actors import Doctor, Patient, Pharmacist
from tests.live_stack import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


def test_a_chronic_patient_renews_her_tablets(
    patient: Patient, doctor: Doctor, pharmacist: Pharmacist, live_stack: LiveStack
) -> None:
    patient.choose_place("林致远")
    number = patient.hold()
    patient.describe()
    patient.prove_by_own_record()
    patient.consent()
    assert patient.see_shares() == ["¥7.00", "¥2.00", "¥1.00"]
    patient.pay()
    patient.wait_until_settled()
    patient.enter_room(number)

    doctor.open(number)
    doctor.begin()
    patient.say("早上 130/82，没有头晕。")
    doctor.hears("早上 130/82，没有头晕。")
    doctor.say("控制得不错，继续吃。")
    patient.hears("控制得不错，继续吃。")
    doctor.confirm_revisit()
    doctor.write_record()
    doctor.prescribe(search="aldp", days="28")
    doctor.sign_prescription()

    bills = "SELECT count(*) FROM billing_bill b JOIN encounters_encounter e ON e.id = b.encounter_id WHERE e.number = %s AND b.purpose = 'drugs'"
    assert live_stack.query(bills, number) == [(0,)], "nothing may be charged before the review"
    pharmacist.open_of(number)
    pharmacist.decide_to_pass()
    assert live_stack.query(bills, number) == [(1,)]

    doctor.open(number)
    doctor.finish()
    patient.sees_the_end()

    patient.page.goto("/prescriptions/")
    patient.page.locator("a[href*='/prescriptions/']", has_text="氨氯地平").first.click()
    patient.page.locator(".actionbar a.button--primary").click()
    shares = patient.see_shares()
    patient.pay()
    patient.wait_until_settled()

    settled = "SELECT count(*) FROM insurance_settlement s JOIN insurance_claim c ON c.id = s.claim_id JOIN billing_bill b ON b.id = c.bill_id JOIN encounters_encounter e ON e.id = b.encounter_id WHERE e.number = %s"
    assert live_stack.query(settled, number) == [(2,)], "one settlement for the fee and one for the medicines"
    patient.page.goto(patient.page.url.replace("/pay/", "/bills/"))
    totals = patient.page.locator("tfoot td").all_inner_texts()
    assert totals[1:] == shares, "the bill shows fund, account and cash as they were agreed"
