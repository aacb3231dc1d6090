"""The payment page: which ways it offers on which device, and what it says when she comes back, is late, or presses twice.

She pays the 10.00 yuan herself; WeChat Pay and Alipay are the real simulators.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client

from accounts.models import User
from billing.models import Bill
from checkout.models import Checkout
from checkout.operations import open_checkout
from checkout.states import CheckoutState
from kernel import clock
from payments.gateway.channel import gateway_of
from payments.models import ChannelOffer, PaymentOrder, Refund
from payments.operations.recording import record_closed, record_order
from payments.states import OrderState
from tests.integration.checkout.conftest import finish_refund
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]
PHONE = "Mozilla/5.0 (Linux; Android 14; Mobile)"
DESKTOP = "Mozilla/5.0 (X11; Linux x86_64)"
IN_WECHAT = f"{PHONE} MicroMessenger/8.0"
IN_ALIPAY = f"{PHONE} AlipayClient/10.5"


@pytest.fixture
def checkout(bill: Bill, user: User, simulators: Simulators) -> Checkout:
    """Hers to pay, within fifteen minutes."""
    now = clock.now()
    return open_checkout(
        bill_id=bill.pk, uses_insurance=False, pay_by=now + timedelta(minutes=15), by=user, at=now
    )


@pytest.fixture
def browser(user: User) -> Client:
    """Hers, in English."""
    made = Client()
    made.force_login(user)
    made.cookies["django_language"] = "en"
    return made


def page(browser: Client, checkout: Checkout, agent: str = PHONE, query: str = "") -> str:
    return browser.get(f"/pay/{checkout.bill.number}/{query}", headers={"User-Agent": agent}).text


def press(browser: Client, checkout: Checkout, agent: str = PHONE, **fields: str) -> Any:
    answer = browser.post(f"/pay/{checkout.bill.number}/", fields, headers={"User-Agent": agent})
    checkout.refresh_from_db()
    return answer


def orders(checkout: Checkout) -> list[tuple[str, str, str]]:
    """Channel, way and state of each, oldest first."""
    rows = PaymentOrder.objects.filter(bill=checkout.bill_id).order_by("pk")
    return list(rows.values_list("channel", "scene", "state"))


def pay_at_the_channel(checkout: Checkout, simulators: Simulators) -> PaymentOrder:
    """She taps Pay at the cashier of what is open; nobody here is told."""
    order = PaymentOrder.objects.filter(bill=checkout.bill_id).latest("pk")
    simulators.control({"wechat": "wechatpay"}.get(order.channel, "alipay"), "pay", out_trade_no=order.number)
    return order


@pytest.mark.parametrize(
    ("agent", "offered"),
    [
        (PHONE, ["wechat", "alipay"]),
        (DESKTOP, ["wechat", "alipay"]),
        (IN_WECHAT, ["wechat"]),
        (IN_ALIPAY, ["alipay"]),
    ],
)
def test_each_device_is_offered_what_works_on_it(
    checkout: Checkout, browser: Client, agent: str, offered: list[str]
) -> None:
    shown = page(browser, checkout, agent)

    assert [way for way in ("wechat", "alipay") if f'name="way" value="{way}"' in shown] == offered


def test_at_a_desk_alipay_is_a_code_to_scan(checkout: Checkout, browser: Client) -> None:
    press(browser, checkout, DESKTOP, way="alipay")

    shown = page(browser, checkout, DESKTOP)

    assert orders(checkout) == [("alipay", "precreate", "placed")]
    assert "Scan the code with Alipay and pay ¥10.00." in shown
    assert "<svg" in shown.split('aria-label="Code to scan with Alipay"')[1]


@pytest.mark.parametrize(("way", "scene"), [("wechat", "h5"), ("alipay", "wap")])
def test_on_a_phone_she_is_led_to_the_cashier_and_back(
    checkout: Checkout, browser: Client, way: str, scene: str
) -> None:
    answer = press(browser, checkout, way=way)

    back = "redirect_url" if way == "wechat" else "return_url"
    (address,) = parse_qs(urlsplit(answer.headers["Location"]).query)[back]
    assert orders(checkout) == [(way, scene, "placed")]
    assert address.endswith(f"/pay/{checkout.bill.number}/?returned=1")


def test_a_way_that_is_offered_no_more_opens_nothing(checkout: Checkout, browser: Client) -> None:
    institution = checkout.bill.encounter.institution
    ChannelOffer.objects.create(
        institution=institution, channel="alipay", is_offered=False, changed_at=clock.now()
    )

    answer = press(browser, checkout, way="alipay")

    shown = browser.get(answer.headers["Location"]).text
    assert orders(checkout) == []
    assert "not offered any more" in shown
    assert 'value="alipay"' not in shown


def test_another_way_ends_the_first_one_before_it_opens(checkout: Checkout, browser: Client) -> None:
    press(browser, checkout, way="wechat")
    assert "Pay through Alipay instead" in page(browser, checkout)

    answer = press(browser, checkout, way="alipay")

    assert "gateway.do" in answer.headers["Location"]
    assert orders(checkout) == [("wechat", "h5", "closed"), ("alipay", "wap", "placed")]


def test_who_has_paid_and_presses_another_way_pays_once(
    checkout: Checkout, browser: Client, simulators: Simulators, work: Work
) -> None:
    press(browser, checkout, way="wechat")
    pay_at_the_channel(checkout, simulators)

    press(browser, checkout, way="alipay")
    work()

    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.SETTLED
    assert orders(checkout) == [("wechat", "h5", "paid")]


@pytest.mark.parametrize("way", ["wechat", "alipay"])
def test_coming_back_asks_the_channel_at_once(
    checkout: Checkout, browser: Client, simulators: Simulators, way: str
) -> None:
    at_the_cashier = press(browser, checkout, way=way).headers["Location"]
    httpx.get(at_the_cashier)  # Alipay knows nothing of a trade that nobody has seen.
    pay_at_the_channel(checkout, simulators)

    assert "Paid and settled" in page(browser, checkout, query="?returned=1")


def test_coming_back_without_having_paid_says_so_and_does_not_ask_without_end(
    checkout: Checkout, browser: Client
) -> None:
    press(browser, checkout, way="wechat")
    for _look in range(3):
        shown = page(browser, checkout, query="?returned=1")

    assert "WeChat Pay has not told us of a payment yet" in shown
    assert "nothing was charged and you can still pay" in shown
    assert PaymentOrder.objects.get().times_asked == 1


def test_saying_that_she_has_paid_asks_the_channel(
    checkout: Checkout, browser: Client, simulators: Simulators
) -> None:
    press(browser, checkout, DESKTOP, way="wechat")
    answer = press(browser, checkout, DESKTOP, do="look")
    assert "WeChat Pay knows of no payment yet" in browser.get(answer.headers["Location"]).text

    pay_at_the_channel(checkout, simulators)
    PaymentOrder.objects.update(last_asked_at=clock.now() - timedelta(seconds=4))
    press(browser, checkout, DESKTOP, do="look")
    assert checkout.state == CheckoutState.SETTLED


def test_a_tab_that_is_behind_is_told_that_it_is_paid(
    checkout: Checkout, browser: Client, simulators: Simulators
) -> None:
    press(browser, checkout, way="wechat")
    pay_at_the_channel(checkout, simulators)
    page(browser, checkout, query="?returned=1")

    answer = press(browser, checkout, way="alipay")

    assert "This bill is paid already" in browser.get(answer.headers["Location"]).text
    assert orders(checkout) == [("wechat", "h5", "paid")]


def test_after_the_time_to_pay_there_is_a_way_on_and_no_way_to_pay(
    checkout: Checkout, browser: Client
) -> None:
    Checkout.objects.update(pay_by=clock.now() - timedelta(seconds=1))

    shown = page(browser, checkout)
    answer = press(browser, checkout, way="wechat")

    assert "The time to pay is over." in shown
    assert 'name="way"' not in shown
    assert "Book another time" in shown
    assert "the place was given back" in browser.get(answer.headers["Location"]).text
    assert orders(checkout) == []


def test_an_attempt_that_ended_is_told_and_can_be_repeated(checkout: Checkout, browser: Client) -> None:
    press(browser, checkout, way="alipay")
    record_closed(PaymentOrder.objects.get().pk, at=clock.now(), reason="test")

    shown = page(browser, checkout)

    assert "The last attempt through Alipay ended without a payment" in shown
    assert 'name="way" value="alipay"' in shown


def test_money_that_comes_after_closing_is_said_on_its_way_and_when_it_is_back(
    checkout: Checkout, browser: Client, simulators: Simulators, work: Work
) -> None:
    press(browser, checkout, way="wechat")
    record_closed(PaymentOrder.objects.get().pk, at=clock.now(), reason="test")
    order = pay_at_the_channel(checkout, simulators)
    record_order(gateway_of("wechat").query_order(order.number), at=clock.now())

    assert PaymentOrder.objects.get().state == OrderState.LATE
    assert "¥10.00 came too late and goes back to you" in page(browser, checkout)
    work()
    finish_refund(work)
    assert Refund.objects.get().amount == Decimal("10.00")
    assert "¥10.00 that came too late is back with you" in page(browser, checkout)


def test_the_time_left_is_there_without_script(checkout: Checkout, browser: Client) -> None:
    left = page(browser, checkout).split('role="timer"')[1].split(">")[1][:5]
    assert "14:30" <= left <= "15:00"

    Checkout.objects.update(pay_by=clock.now() + timedelta(days=2))
    shown = page(browser, checkout)
    assert 'role="timer"' not in shown
    assert "Please pay until" in shown
