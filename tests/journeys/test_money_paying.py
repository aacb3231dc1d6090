"""WeChat Pay and Alipay in the hands of a patient: both work, she refuses, changes her mind, is late, uses two tabs.

She pays the 1.00 yuan that fund and account leave her; the amounts are those of ``test_online_revisit``.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import books
from tests.journeys.actors import SETTLES_WITHIN, Patient
from tests.journeys.conftest import PatientCalled
from tests.journeys.outside import Outside
from tests.live_stack import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

TO_ALIPAY = ".actionbar button[value=alipay]"
OURS = re.compile(r"/pay/B")


@pytest.fixture
def patient(patient_called: PatientCalled) -> Patient:
    """张秀英 on her phone."""
    return patient_called("13800000001")


def channels(stack: LiveStack, number: str) -> list[tuple[str, str]]:
    """Channel and state of each order of a visit, oldest first."""
    statement = "SELECT o.channel, o.state FROM payments_paymentorder o JOIN billing_bill b ON b.id = o.bill_id JOIN encounters_encounter e ON e.id = b.encounter_id WHERE e.number = %s ORDER BY o.id"
    return [(str(channel), str(state)) for channel, state in stack.query(statement, number)]


def says(page: Page, sentence: str, **values: object) -> None:
    """The page shows a sentence of the product, by itself, in Chinese."""
    expect(page.locator("main")).to_contain_text(books.words(sentence, **values), timeout=SETTLES_WITHIN)


def renewed_by_itself(page: Page) -> None:
    """Wait until the page has fetched its live part anew, as it does when a bell rings or she comes back to it."""
    page.evaluate(
        """() => new Promise((renewed) => {
          document.addEventListener("xinglin:replaced", renewed, { once: true });
          document.dispatchEvent(new Event("visibilitychange"));
        })"""
    )


def closes_while_it_renews(page: Page) -> None:
    """A finger that is down while the live part is fetched anew presses what it was put on."""
    page.evaluate("""delete document.querySelector("[data-live-url]").dataset.shown""")
    page.locator(".giveup summary").hover()
    page.mouse.down()
    with page.expect_response(re.compile("/pay/B[^/]+/now/")):
        page.evaluate("""document.dispatchEvent(new Event("visibilitychange"))""")
    page.wait_for_timeout(200)
    page.mouse.up()
    expect(page.locator(".giveup button")).to_be_hidden()


def test_she_pays_by_alipay_and_finds_it_among_her_bills(patient: Patient, live_stack: LiveStack) -> None:
    number = patient.book("孙悦")
    patient.see_shares()
    page = patient.page
    page.locator(TO_ALIPAY).click()
    page.wait_for_url(re.compile("/alipay/cashier/"))
    page.locator("button[value=pay]").click()
    page.wait_for_url(OURS)
    page.wait_for_selector(".asked__mark--done", timeout=SETTLES_WITHIN)
    assert channels(live_stack, number) == [("alipay", "paid")]

    bill = re.search(r"/pay/(B[^/]+)/", page.url)
    assert bill
    page.goto("/orders/")
    page.locator(f"section[aria-labelledby=group-done] a[href$='{bill[1]}/']").click()
    page.wait_for_url(re.compile("/orders/B"))
    expect(page.locator("dl.facts")).to_contain_text(books.words("Alipay"))


def test_she_refuses_at_alipay_and_pays_by_wechat_instead(
    patient: Patient, live_stack: LiveStack, outside: Outside
) -> None:
    number = patient.book("陈立")
    patient.see_shares()
    page = patient.page
    page.locator(TO_ALIPAY).click()
    page.locator("button[value=refuse]").click()
    page.locator("a.back").click()
    page.wait_for_url(OURS)
    says(page, "Looking for your payment")

    page.locator(".paying__choices button[value=wechat]").click()
    page.wait_for_url(re.compile("/wechatpay/cashier/"))
    page.locator("button[value=pay]").click()
    page.wait_for_url(OURS)
    page.wait_for_selector(".asked__mark--done", timeout=SETTLES_WITHIN)
    assert channels(live_stack, number) == [("alipay", "closed"), ("wechat", "paid")]
    first, _second = books.orders(live_stack, number)
    assert outside.alipay_trades(first[0]) == ["TRADE_CLOSED"]


def test_nobody_pays_in_time_and_what_comes_late_goes_back(
    patient: Patient, live_stack: LiveStack, outside: Outside
) -> None:
    number = patient.book("林致远")
    patient.see_shares()
    page = patient.page
    pay_page = page.url
    page.locator(TO_ALIPAY).click()
    page.wait_for_url(re.compile("/alipay/cashier/"))
    cashier = page.url
    ((order, _state),) = books.orders(live_stack, number)
    live_stack.manage("shell", "-c", CLOSED_HERE_ONLY.format(order=order))
    page.goto(pay_page)
    says(page, "This bill is closed")
    expect(page.locator(".actionbar a.button--primary")).to_have_attribute("href", re.compile("/book/"))

    page.goto(cashier)
    page.locator("button[value=pay]").click()
    page.wait_for_url(OURS)
    says(page, "%(amount)s that came too late is back with you", amount="¥1.00")
    assert channels(live_stack, number) == [("alipay", "late")]
    assert outside.alipay_refunds(order) == ["1.00"]


CLOSED_HERE_ONLY = """
from datetime import timedelta
from checkout.models import Checkout
from kernel import clock
from payments.models import PaymentOrder
from payments.operations.recording import record_closed
order = PaymentOrder.objects.get(number="{order}")
Checkout.objects.filter(bill=order.bill_id).update(pay_by=clock.now() - timedelta(seconds=1))
record_closed(order.pk, at=clock.now(), reason="the channel said so and took the money nevertheless")
"""


def test_she_cancels_in_one_tab_and_pays_in_the_other(
    patient: Patient, live_stack: LiveStack, outside: Outside
) -> None:
    number = patient.book("周敏")
    patient.see_shares()
    page, second = patient.page, patient.context.new_page()
    pay_page = page.url
    page.locator(".actionbar button.button--primary").click()
    page.wait_for_url(re.compile("/wechatpay/cashier/"))

    second.goto(pay_page)
    second.locator(".giveup summary").click()
    renewed_by_itself(second)
    closes_while_it_renews(second)
    second.locator(".giveup summary").click()
    second.locator(".giveup button").click()
    second.wait_for_url(re.compile("/visits/$"))
    page.locator("button[value=pay]").click()

    ((order, _state),) = books.orders(live_stack, number)
    second.goto(pay_page)
    nothing_is_kept(patient, live_stack, outside, number, order)
    assert books.state_of_visit(live_stack, number) == "cancelled"


def nothing_is_kept(patient: Patient, stack: LiveStack, outside: Outside, number: str, order: str) -> None:
    """Either she could not pay any more, or all that she paid is back; whichever tab was first."""

    def is_so() -> bool:
        ((_number, state),) = books.orders(stack, number)
        if state == "closed":
            return outside.orders(order) == ["CLOSED"]
        return [answer for answer, _fen in outside.refunds(order)] == ["SUCCESS"]

    patient.wait_for(is_so, "the order closed, or the money back")
