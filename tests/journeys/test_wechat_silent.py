"""WeChat Pay does not answer, says nothing of a payment, is refused, or is asked twice."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import books
from tests.journeys.actors import SETTLES_WITHIN
from tests.journeys.conftest import PatientCalled
from tests.journeys.outside import Outside
from tests.live_stack import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


def test_wechat_is_silent_when_asked_for_an_order_and_tells_nothing_of_the_payment(
    patient_called: PatientCalled, live_stack: LiveStack, outside: Outside
) -> None:
    patient = patient_called("13800000001")
    number = patient.book("陈立")
    patient.see_shares()
    # The page's own question and the job's: one order is made there, and nobody here hears of it.
    outside.wechat_goes_wrong("silent_after", "place", times=2, seconds=10)
    outside.wechat_goes_wrong("no_notification")
    patient.page.locator(".actionbar button.button--primary").click()
    waits = books.words("%(channel)s has not answered yet; it is asked again by itself.", channel="微信支付")
    expect(patient.page.locator("main")).to_contain_text(waits, timeout=SETTLES_WITHIN)
    to_cashier = patient.page.locator(".actionbar a[href*='/cashier/']")
    expect(to_cashier).to_be_visible(timeout=SETTLES_WITHIN)
    to_cashier.click()
    patient.page.locator("button[value=pay]").click()
    patient.page.wait_for_url(re.compile("/pay/B"))
    patient.wait_until_settled()
    ((order, state),) = books.orders(live_stack, number)
    assert (state, outside.orders(order)) == ("paid", ["SUCCESS"])
    assert outside.notifications_taken(order) == 0, "the payment was found by asking"


def test_she_presses_pay_twice_and_refuses_and_can_still_pay_the_one_order(
    patient_called: PatientCalled, live_stack: LiveStack, outside: Outside
) -> None:
    patient = patient_called("13800000001")
    number = patient.book("孙悦")
    patient.see_shares()
    patient.page.locator(".actionbar button.button--primary").dblclick()
    patient.page.wait_for_url(re.compile("/cashier/"))
    assert len(books.orders(live_stack, number)) == 1

    patient.page.locator("button[value=refuse]").click()
    patient.page.wait_for_url(re.compile("/pay/B"))
    second_tab = patient.context.request.get(patient.page.url)
    assert second_tab.ok
    patient.page.locator(".actionbar a[href*='/cashier/']").click()
    patient.page.locator("button[value=pay]").click()
    patient.page.wait_for_url(re.compile("/pay/B"))
    patient.wait_until_settled()
    ((order, state),) = books.orders(live_stack, number)
    assert (state, outside.orders(order)) == ("paid", ["SUCCESS"])
