"""She shows her e-voucher beside the bill, and the insurance pays through the mobile payment centre."""

import re

import pytest

from tests.journeys.actors import Patient
from tests.journeys.outside import Outside
from tests.live_stack import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

CLAIM = """
    SELECT c.route, c.state, o.status, o.fund_amount, o.account_amount, o.cash_amount, a.state
      FROM insurance_claim c
      JOIN insurance_visitregistration r ON r.id = c.registration_id
      JOIN encounters_encounter e ON e.id = r.encounter_id
      JOIN insurance_mobileorder o ON o.claim_id = c.id
      JOIN insurance_voucherauthorization a ON a.id = o.authorization_id
     WHERE e.number = %s AND c.route = 'mobile'
"""
NOTICES = """
    SELECT count(*)
      FROM insurance_inboundmessage i
      JOIN insurance_claim c ON c.id = i.claim_id
      JOIN insurance_visitregistration r ON r.id = c.registration_id
      JOIN encounters_encounter e ON e.id = r.encounter_id
     WHERE e.number = %s AND i.verdict IN ('accepted', 'repeated')
"""
VISIT = "SELECT visit_number FROM insurance_visitregistration r JOIN encounters_encounter e ON e.id = r.encounter_id WHERE e.number = %s"


def test_a_patient_pays_with_her_e_voucher(patient: Patient, live_stack: LiveStack, outside: Outside) -> None:
    number = patient.book("林致远")
    assert patient.see_shares() == ["¥7.00", "¥2.00", "¥1.00"]

    page = patient.page
    page.locator("details.voucher summary").click()
    page.locator("details.voucher button").click()
    page.locator("details.voucher a.button").click()
    page.locator("button[value=allow]").click()
    page.wait_for_url(re.compile(r"/pay/B[\d-]+/$"))
    route = "SELECT count(*) FROM insurance_claim c JOIN insurance_visitregistration r ON r.id = c.registration_id JOIN encounters_encounter e ON e.id = r.encounter_id WHERE e.number = %s AND c.route = 'mobile' AND c.state = 'presettled'"
    patient.wait_for(lambda: live_stack.query(route, number) == [(1,)], "the mobile centre's estimate")
    page.reload()
    assert patient.see_shares() == ["¥7.00", "¥2.00", "¥1.00"]

    patient.pay()
    patient.wait_until_settled()

    [(way, state, status, fund, account, cash, permission)] = live_stack.query(CLAIM, number)
    assert (way, state, status, permission) == ("mobile", "settled", "4", "used")
    assert (str(fund), str(account), str(cash)) == ("7.00", "2.00", "1.00")
    [(visit,)] = live_stack.query(VISIT, number)
    assert outside.settlements(str(visit)) == [(1, "10.00")]
    patient.wait_for(lambda: live_stack.query(NOTICES, number) == [(1,)], "the centre's notification")
