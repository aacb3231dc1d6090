"""What bad input gets: clicks and tabs at the same moment, letters too early, forged or old, wrong sums; and what the person reads.

The same in one tab after another stands in ``checkout/test_pay_page.py``, cancelling a visit in the moment of her payment
in ``consultations/test_money_and_people_race.py``, refunds by key and by quantity in ``refunds/``.
"""

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import cast
from urllib.parse import parse_qsl, urlencode

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Role, User
from billing.models import Bill
from billing.states import BillState
from checkout.models import Checkout
from checkout.operations import open_checkout, start_payment
from checkout.states import CheckoutState
from finance.queries.agreement import disagreements, owes_nothing
from kernel import clock
from payments.errors import OrderNotPossible
from payments.gateway import channel as channels
from payments.gateway.trade import OrderRequest
from payments.models import (
    Channel,
    IncidentKind,
    PaymentIncident,
    PaymentNotification,
    PaymentOrder,
    Refund,
    Scene,
)
from payments.operations.closing import close_order
from payments.operations.orders import ask_about, create_order, wire_order
from payments.operations.sweeping import PAUSE, sweep
from payments.states import OrderState
from refunds.models import RefundRequest
from refunds.operations import refund_by_policy, request_refund
from refunds.rules.situations import Situation
from simulators import keys
from tests.factories.accounts import StaffFactory
from tests.integration.checkout.conftest import finish_refund
from tests.integration.money.outside import at_channel, tap_pay
from tests.verification.notified import NotifyAddress
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]
Letter = tuple[dict[str, str], bytes]
PHONE = "Mozilla/5.0 (Linux; Android 14; Mobile)"


@pytest.fixture(autouse=True)
def _told(settings: Settings, notified: NotifyAddress) -> None:
    """The channels write to a listener; letters are handed over by hand."""
    settings.PUBLIC_BASE_URL = notified.url.removesuffix("/notify")


@pytest.fixture
def checkout(bill: Bill, user: User, simulators: Simulators) -> Checkout:
    """10.00 yuan are hers to pay, within fifteen minutes."""
    now = clock.now()
    return open_checkout(
        bill_id=bill.pk, uses_insurance=False, pay_by=now + timedelta(minutes=15), by=user, at=now
    )


@pytest.fixture
def office(transactional_db: None) -> Client:
    """A person of the finance office."""
    return signed_in(StaffFactory(role=Role.FINANCE))


def signed_in(who: User) -> Client:
    """A tab of hers, in English, on a phone."""
    tab = Client(headers={"User-Agent": PHONE})
    tab.force_login(who)
    tab.cookies["django_language"] = "en"
    return tab


def at_once(*acts: Callable[[], HttpResponse]) -> list[HttpResponse]:
    """Begun in the same moment, on connections of their own; what each came back with."""
    start = Barrier(len(acts))

    def act(one: Callable[[], HttpResponse]) -> HttpResponse:
        try:
            start.wait(timeout=30)
            return one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result() for done in [pool.submit(act, one) for one in acts]]


def press(tab: Client, checkout: Checkout, way: str) -> Callable[[], HttpResponse]:
    """She presses Pay in a tab."""
    return lambda: cast("HttpResponse", tab.post(f"/pay/{checkout.bill.number}/", {"way": way}))


def shown(tab: Client, checkout: Checkout) -> str:
    """What she reads."""
    return str(tab.get(f"/pay/{checkout.bill.number}/").text)


def order_of(checkout: Checkout) -> PaymentOrder:
    """The only one."""
    return PaymentOrder.objects.get(bill=checkout.bill_id)


def opened(checkout: Checkout, user: User, work: Work, channel: Channel = Channel.WECHAT) -> PaymentOrder:
    """Her order, known to the channel."""
    scene = Scene.NATIVE if channel == Channel.WECHAT else Scene.PRECREATE
    start_payment(checkout_id=checkout.pk, scene=scene, channel=channel, by=user, at=clock.now())
    work()
    return order_of(checkout)


def hand_over(letter: Letter, channel: Channel = Channel.WECHAT) -> int:
    """A letter reaches our address; the status that its sender sees."""
    headers, body = letter
    signed = {name: value for name, value in headers.items() if name.lower().startswith("wechatpay-")}
    kind = "application/json" if channel == Channel.WECHAT else "application/x-www-form-urlencoded"
    address = reverse(f"payments:{channel}_notification")
    return Client().post(address, data=body, content_type=kind, headers=signed).status_code


def agrees(checkout: Checkout) -> bool:
    """Ledger, bill and channel say the same, and she owes nothing."""
    bill = Bill.objects.get(pk=checkout.bill_id)
    return disagreements(bill) == [] and owes_nothing(bill)


# Double click, two tabs, back button


def test_two_clicks_in_the_same_moment_lead_to_one_order(
    checkout: Checkout, user: User, simulators: Simulators
) -> None:
    answers = at_once(*[press(signed_in(user), checkout, "wechat") for _click in range(2)])
    order = order_of(checkout)
    assert order.state == OrderState.PLACED
    assert len(simulators.holdings("wechatpay", out_trade_no=order.number)["orders"]) == 1
    # Whoever came second may be shown our page instead, where the same cashier is one press away.
    ours = f"/pay/{checkout.bill.number}/"
    assert {answer.headers["Location"].split("?")[0] for answer in answers} <= {
        ours,
        order.cashier_url.split("?")[0],
    }
    assert "To WeChat Pay" in shown(signed_in(user), checkout)


def test_two_tabs_that_choose_two_channels_in_the_same_moment_leave_one_that_can_be_paid(
    checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    tab = signed_in(user)
    at_once(press(tab, checkout, "wechat"), press(signed_in(user), checkout, "alipay"))
    work()
    live = PaymentOrder.objects.filter(state__in=[OrderState.CREATED, OrderState.PLACED])
    assert live.count() <= 1
    wechat = PaymentOrder.objects.filter(channel=Channel.WECHAT, state=OrderState.CLOSED)
    assert [at_channel(simulators, order).is_payable for order in wechat] == [False] * wechat.count()
    page = shown(tab, checkout)
    assert "To Alipay" in page or "To WeChat Pay" in page or "ended without a payment" in page


@pytest.mark.parametrize("channel", [Channel.WECHAT, Channel.ALIPAY])
def test_an_order_closed_while_the_channel_is_being_told_of_it_cannot_be_paid_there(
    channel: Channel,
    checkout: Checkout,
    user: User,
    simulators: Simulators,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The channel has not heard of it when the other tab closes it, and says that this is done."""
    gateway = channels.gateway_of(channel)
    place = gateway.place

    def closed_meanwhile(order: OrderRequest, scene: str) -> str:
        close_order(order_id=order_of(checkout).pk)
        return place(order, scene)

    monkeypatch.setattr(gateway, "place", closed_meanwhile)
    order = opened(checkout, user, work, channel)
    assert order.state == OrderState.CLOSED
    assert not tap_pay(simulators, order)
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.READY


def test_the_back_button_after_paying_says_that_it_is_paid_and_charges_nothing(
    checkout: Checkout, user: User, simulators: Simulators
) -> None:
    tab = signed_in(user)
    press(tab, checkout, "wechat")()
    order = order_of(checkout)
    assert tap_pay(simulators, order)
    ask_about(order_id=order.pk)
    answer = press(tab, checkout, "wechat")()
    assert (
        "This bill is paid already. Nothing was charged a second time."
        in tab.get(answer.headers["Location"]).text
    )
    assert not tap_pay(simulators, order), "the channel takes nothing twice either"
    assert agrees(checkout)


# Payment in one tab while cancelling in the other


@pytest.mark.parametrize("round_", range(3))
def test_paying_in_one_tab_while_cancelling_in_the_other_keeps_nothing_of_hers(
    checkout: Checkout,
    user: User,
    simulators: Simulators,
    notified: NotifyAddress,
    work: Work,
    round_: int,
) -> None:
    order = opened(checkout, user, work)
    assert tap_pay(simulators, order)
    letter = notified.wait_for(1)[0]

    def told() -> HttpResponse:
        assert hand_over(letter) == 204
        return HttpResponse()

    def cancelled() -> HttpResponse:
        situation = Situation.CANCELLED_BEFORE
        refund_by_policy(bill_id=checkout.bill_id, situation=situation, by=user, at=clock.now())
        return HttpResponse()

    at_once(told, cancelled)
    work()
    finish_refund(work)
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.REFUNDED
    assert at_channel(simulators, order).held == 0
    assert agrees(checkout)
    page = shown(signed_in(user), checkout)
    assert "The money is back" in page
    assert "¥10.00 went back to WeChat Pay, the way it came." in page


def test_who_pays_after_cancelling_cannot_or_has_it_back(
    checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    order = opened(checkout, user, work)
    refund_by_policy(bill_id=checkout.bill_id, situation=Situation.CANCELLED_BEFORE, by=user, at=clock.now())
    work()
    assert not tap_pay(simulators, order)
    assert Bill.objects.get().state == BillState.VOID
    page = shown(signed_in(user), checkout)
    assert "This bill is closed" in page
    assert "Nothing was charged." in page


# A notification before the order was committed


def test_what_is_told_before_the_order_is_committed_pays_it_afterwards(
    checkout: Checkout, user: User, simulators: Simulators, notified: NotifyAddress, work: Work
) -> None:
    def told() -> HttpResponse:
        return HttpResponse(status=hand_over(notified.wait_for(1)[0]))

    with transaction.atomic():
        start_payment(checkout_id=checkout.pk, scene=Scene.NATIVE, by=user, at=clock.now())
        order = order_of(checkout)
        channels.gateway_of(order.channel).place(wire_order(order), order.scene)
        assert tap_pay(simulators, order)
        [answer] = at_once(told)  # On another connection: our order is not there yet.
        assert answer.status_code == 204
        assert PaymentNotification.objects.get().waiting is not None
    work()
    sweep(at=clock.now())
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.SETTLED
    assert agrees(checkout)
    assert "Paid and settled" in shown(signed_in(user), checkout)


# Forged and replayed notifications


def test_a_letter_of_ten_minutes_ago_is_not_believed_and_the_office_reads_why(
    checkout: Checkout,
    user: User,
    simulators: Simulators,
    notified: NotifyAddress,
    work: Work,
    office: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order = opened(checkout, user, work)
    assert tap_pay(simulators, order)
    letter = notified.wait_for(1)[0]
    later = (clock.now() + timedelta(minutes=10)).timestamp()
    monkeypatch.setattr(channels.wechat_pay(), "_now", lambda: later)
    assert [hand_over(letter), hand_over(letter)] == [401, 401]
    order.refresh_from_db()
    assert order.state == OrderState.PLACED
    seen = PaymentIncident.objects.get()
    assert (seen.kind, seen.times) == (IncidentKind.REJECTED, 2)
    page = office.get(reverse("payments:incidents")).text
    assert "Message that is not the channel&#x27;s, or is too old" in page


def test_a_letter_handed_over_again_after_the_refund_changes_nothing(
    checkout: Checkout, user: User, simulators: Simulators, notified: NotifyAddress, work: Work
) -> None:
    order = opened(checkout, user, work)
    assert tap_pay(simulators, order)
    letter = notified.wait_for(1)[0]
    assert hand_over(letter) == 204
    refund_by_policy(bill_id=checkout.bill_id, situation=Situation.DOCTOR_REFUSES, by=None, at=clock.now())
    work()
    finish_refund(work)
    assert hand_over(letter) == 204
    PaymentNotification.objects.all().delete()
    assert hand_over(letter) == 204, "also when nobody remembers it"
    work()
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.REFUNDED
    assert Refund.objects.count() == 1
    assert agrees(checkout)


# Amounts with three decimals, currency other than CNY


def test_an_order_of_three_decimals_is_refused_with_a_sentence(checkout: Checkout, user: User) -> None:
    with pytest.raises(OrderNotPossible) as refused:
        create_order(
            bill_id=checkout.bill_id, amount=Decimal("10.005"), scene=Scene.H5, description="诊费",
            expires_at=checkout.pay_by, by=user, at=clock.now(),
        )  # fmt: skip
    assert [each.rule for each in refused.value.violations] == ["PY-01"]
    assert "10.005" in str(refused.value.message)
    assert not PaymentOrder.objects.exists()


@pytest.mark.parametrize(
    ("changed", "status", "kind", "said"),
    [
        ({"trans_currency": "USD"}, 200, IncidentKind.CONTRADICTED, "USD"),
        ({"total_amount": "10.01"}, 200, IncidentKind.CONTRADICTED, "10.01"),
        ({"total_amount": "10.005"}, 401, IncidentKind.REJECTED, "not an amount"),
    ],
    ids=["another currency", "another amount", "three decimals"],
)
def test_what_alipay_signs_but_we_never_asked_for_pays_nothing_and_is_shown(
    checkout: Checkout,
    user: User,
    simulators: Simulators,
    notified: NotifyAddress,
    work: Work,
    office: Client,
    changed: dict[str, str],
    status: int,
    kind: IncidentKind,
    said: str,
) -> None:
    order = opened(checkout, user, work, Channel.ALIPAY)
    assert tap_pay(simulators, order)
    letter = signed_by_alipay(simulators, notified.wait_for(1)[0], changed)
    assert hand_over(letter, Channel.ALIPAY) == status
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.PAYING
    seen = PaymentIncident.objects.get()
    assert seen.kind == kind
    page = office.get(reverse("payments:incidents")).text
    assert str(IncidentKind(kind).label).replace("'", "&#x27;") in page
    assert said in page
    sweep(at=clock.now() + 2 * PAUSE)
    work()
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.SETTLED, "what Alipay really holds counts"


def signed_by_alipay(simulators: Simulators, letter: Letter, changed: dict[str, str]) -> Letter:
    """The same letter with other words, rightly signed."""
    headers, body = letter
    fields = {**dict(parse_qsl(body.decode(), keep_blank_values=True)), **changed}
    signed = {name: text for name, text in fields.items() if name not in ("sign", "sign_type") and text}
    words = "&".join(f"{name}={text}" for name, text in sorted(signed.items()))
    key = load_pem_private_key(simulators.keys.pem(keys.ALIPAY_PLATFORM_KEY), password=None)
    assert isinstance(key, RSAPrivateKey)
    fields["sign"] = base64.b64encode(key.sign(words.encode(), PKCS1v15(), hashes.SHA256())).decode()
    return headers, urlencode(fields).encode()


# A refund of a refund


def test_a_refund_of_a_refund_is_refused_on_the_page(
    checkout: Checkout, user: User, simulators: Simulators, work: Work, office: Client
) -> None:
    order = opened(checkout, user, work)
    assert tap_pay(simulators, order)
    ask_about(order_id=order.pk)
    clerk = StaffFactory(role=Role.FINANCE)
    request_refund(
        bill_id=checkout.bill_id,
        situation=Situation.DOCTOR_REFUSES,
        reason="医生终止就诊",
        by=clerk,
        at=clock.now(),
    )
    work()
    finish_refund(work)
    assert at_channel(simulators, order).held == 0
    address = reverse("refunds:give_back", args=[checkout.bill.number])
    key = office.get(address).context["form"]["key"].value()
    asked = {"key": key, "situation": "doctor_refuses", "reason": "once more, please", "extent": "whole"}
    answer = office.post(address, asked)
    assert answer.status_code == 422
    assert "This has gone back already; a refund is not refunded." in answer.text
    assert RefundRequest.objects.count() == 1
    assert agrees(checkout)
