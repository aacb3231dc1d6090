"""The ways to the cashier: which she is offered, how she gets there, and how she comes back."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.permissions import user_of
from checkout.models import Checkout
from checkout.operations import pay_through
from checkout.pages import wechat_sign_in
from checkout.states import CheckoutState
from kernel import clock
from kernel.money import ZERO
from payments.models import Channel, PaymentOrder, Scene
from payments.operations.orders import ask_about, cashier_of
from payments.queries import Device, Way, is_given_back, ways_to_pay
from payments.states import OrderState

_PHONE = re.compile(r"Mobile|Android|iPhone")
_INSIDE: dict[str, Device] = {"MicroMessenger": "wechat", "AlipayClient": "alipay"}
_SIMULATED_PHONES = {Channel.WECHAT: ("wechatpay", "code_url"), Channel.ALIPAY: ("alipay", "qr_code")}
_PAID = (CheckoutState.SETTLING, CheckoutState.SETTLED)
RETURNED = "returned"
"""In the address when she comes back from a cashier: whether she paid there is asked at once."""
OPENS = "opens"
"""In the address when she has just pressed: inside WeChat its cashier opens over the page by itself."""
ASK_AGAIN_AFTER = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class LatePayment:
    """Money that came after its order was closed."""

    order: PaymentOrder
    is_back: bool


def device_of(request: HttpRequest) -> Device:
    """What she holds in her hands, as its browser says."""
    agent = request.headers.get("User-Agent", "")
    for mark, device in _INSIDE.items():
        if mark in agent:
            return device
    return "phone" if _PHONE.search(agent) else "desktop"


def ways_for(request: HttpRequest, checkout: Checkout) -> list[Way]:
    """What she is offered here, in order; empty when the hospital offers nothing that works on this device."""
    return ways_to_pay(checkout.bill.encounter.institution_id, device=device_of(request))


def pay(request: HttpRequest, checkout: Checkout) -> HttpResponse:
    """Open the order the way she chose and lead her to its cashier; when the channel is silent the page waits for it.

    Calls out, never inside a transaction.

    Raises:
        DomainError: she may not pay now, or not this way.
    """
    here = redirect("checkout:pay", number=checkout.bill.number)
    if checkout.state in _PAID:
        messages.info(request, _("This bill is paid already. Nothing was charged a second time."))
        return here
    way = _chosen(request, ways_for(request, checkout))
    if way is None and checkout.bill.cash_amount != ZERO:
        said = _("This way to pay is not offered any more, or not on this device. Please choose another one.")
        messages.warning(request, said)
        return here
    scene, channel = (way.scene, way.channel) if way else (Scene.NATIVE, Channel.WECHAT)
    if scene == Scene.JSAPI and wechat_sign_in.is_needed(request, checkout):
        return wechat_sign_in.begin(request, checkout)
    moved = pay_through(
        checkout_id=checkout.pk, scene=scene, channel=channel, by=user_of(request), at=clock.now(),
        payer_id=wechat_sign_in.payer_of(request) if scene == Scene.JSAPI else "",
    )  # fmt: skip
    return _led_on(request, moved, way) or here


def _chosen(request: HttpRequest, ways: list[Way]) -> Way | None:
    """The way she pressed, the first one where she did not say; None where it is not offered here."""
    asked = request.POST.get("way", ways[0].channel if ways else "")
    return next((way for way in ways if way.channel == asked), None)


def _led_on(request: HttpRequest, checkout: Checkout, way: Way | None) -> HttpResponse | None:
    """To the channel's own page; None where our page goes on: a code to scan, or nothing to lead to yet."""
    order = checkout.order
    if checkout.state != CheckoutState.PAYING or order is None or way is None:
        return None
    if (order.channel, order.scene) != (way.channel, way.scene):
        said = _(
            "%(channel)s is still open for this bill and does not answer. Pay there, or try again in a moment."
        )
        messages.warning(request, said % {"channel": order.get_channel_display()})
        return None
    cashier = cashier_of(order, return_url=return_address(checkout))
    if cashier and cashier.kind == "jsapi":
        here = reverse("checkout:pay", kwargs={"number": checkout.bill.number})
        return redirect(f"{here}?{urlencode({OPENS: 1})}")
    return redirect(cashier.address) if cashier and cashier.kind == "redirect" else None


def return_address(checkout: Checkout) -> str:
    """Our page as the channel brings her back to it."""
    here = reverse("checkout:pay", kwargs={"number": checkout.bill.number})
    return f"{settings.PUBLIC_BASE_URL}{here}?{urlencode({RETURNED: 1})}"


def look_whether_paid(checkout: Checkout, *, at: datetime) -> None:
    """Ask the channel about the open order, at most every few seconds; calls out. Nothing happens where none is open."""
    order = checkout.order
    if checkout.state != CheckoutState.PAYING or order is None:
        return
    if order.last_asked_at and at - order.last_asked_at < ASK_AGAIN_AFTER:
        return
    ask_about(order_id=order.pk)
    checkout.refresh_from_db()


def cashier_context(request: HttpRequest, checkout: Checkout) -> dict[str, Any]:
    """How she reaches the cashier of what is open, and the other ways she may choose."""
    ways, order = ways_for(request, checkout), checkout.order
    late = [LatePayment(one, is_given_back(one)) for one in late_payments(checkout.bill_id)]
    if checkout.state != CheckoutState.PAYING or order is None:
        return {"ways": ways, "late": late, "last_attempt": _last_attempt(checkout)}
    context: dict[str, Any] = {
        "late": late,
        "other_ways": [way for way in ways if (way.channel, way.scene) != (order.channel, order.scene)],
        "open_order": order,
        "has_returned": RETURNED in request.GET,
    }
    cashier = cashier_of(order, return_url=return_address(checkout))
    if cashier is None:
        return context
    if cashier.kind == "code":
        return context | _code(order, cashier.address)
    if cashier.kind == "redirect":
        return context | {"cashier_url": cashier.address}
    if device_of(request) != "wechat":
        return context | {"is_elsewhere": True}
    return context | {
        "bridge": dict(cashier.parameters),
        "bridge_url": _simulated_bridge(checkout, cashier.parameters),
        "bridge_opens": OPENS in request.GET,
    }


def late_payments(bill_id: int) -> list[PaymentOrder]:
    """Payments that came when their order was closed already, the oldest first; mostly none."""
    return list(PaymentOrder.objects.filter(bill=bill_id, state=OrderState.LATE).order_by("pk"))


def _last_attempt(checkout: Checkout) -> PaymentOrder | None:
    """The payment that ended without money, when she may try again."""
    if checkout.state != CheckoutState.READY:
        return None
    return PaymentOrder.objects.filter(bill=checkout.bill_id, state=OrderState.CLOSED).order_by("-pk").first()


def _code(order: PaymentOrder, address: str) -> dict[str, Any]:
    """The code to scan, dark on white in every scheme; in the demonstration also a phone that scans it."""
    drawn = segno.make(address, error="m").svg_inline(scale=5, dark="#14232a", light="#ffffff")
    if not settings.SIMULATORS_URL:
        return {"qr": drawn}
    place, name = _SIMULATED_PHONES[Channel(order.channel)]
    return {"qr": drawn, "scan_url": f"{settings.SIMULATORS_URL}/{place}/scan/?{urlencode({name: address})}"}


def _simulated_bridge(checkout: Checkout, parameters: Any) -> str:
    """In the demonstration no browser is WeChat's: a page stands in for its bridge; empty for the real one."""
    if not settings.SIMULATORS_URL:
        return ""
    asked = urlencode({**parameters, "redirect_url": return_address(checkout)})
    return f"{settings.SIMULATORS_URL}/wechatpay/bridge/?{asked}"
