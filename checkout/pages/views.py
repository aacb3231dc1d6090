"""Paying a bill: one page that follows the money by itself."""

import re

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.permissions import signed_in_required, user_of
from checkout.models import Checkout
from checkout.operations import choose_insurance, choose_self_pay, note_reading, start_payment
from checkout.pages import fee_list as sheet
from checkout.pages import voucher
from checkout.pages.presenters import page_context
from checkout.queries import checkout_for, earlier_bills, encounter_with_fees, fees_of, reads_as_office
from checkout.states import CheckoutState
from kernel import clock, live
from kernel.errors import DomainError
from payments.gateway.messages import with_return_address
from payments.models import Scene
from payments.operations.orders import place_order
from registry.permissions import patient_required

_PHONE = re.compile(r"Mobile|Android|iPhone|MicroMessenger")


@patient_required
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """The bill, who pays it, and her payment."""
    user = user_of(request)
    checkout = checkout_for(user, number)
    if request.method == "POST":
        return _act(request, checkout)
    context = _context(checkout, user)
    context["live_token"] = live.token_for(f"bill:{checkout.bill_id}", user.pk)
    return render(request, "checkout/pay.html", context)


@patient_required
@require_GET
def pay_fragment(request: HttpRequest, number: str) -> HttpResponse:
    """The part of the page that follows the truth."""
    user = user_of(request)
    return render(request, "checkout/_pay.html", _context(checkout_for(user, number), user))


def _act(request: HttpRequest, checkout: Checkout) -> HttpResponse:
    """One of her choices; a refusal is said on the page, and nothing is half done."""
    user, now = user_of(request), clock.now()
    try:
        if request.POST.get("do") == "self_pay":
            choose_self_pay(checkout_id=checkout.pk, by=user, at=now)
        elif request.POST.get("do") == "insurance":
            choose_insurance(checkout_id=checkout.pk, by=user, at=now)
        elif request.POST.get("do") == "voucher":
            voucher.ask(request, checkout)
        else:
            return _pay(request, checkout)
    except DomainError as refusal:
        messages.warning(request, str(refusal.message))
    return redirect("checkout:pay", number=checkout.bill.number)


def _pay(request: HttpRequest, checkout: Checkout) -> HttpResponse:
    """Open the order and lead her to the cashier; when the channel is silent the page waits for it."""
    scene = Scene.H5 if _PHONE.search(request.headers.get("User-Agent", "")) else Scene.NATIVE
    moved = start_payment(checkout_id=checkout.pk, scene=scene, by=user_of(request), at=clock.now())
    if moved.state == CheckoutState.PAYING and moved.order:
        place_order(order_id=moved.order.pk)
        moved.order.refresh_from_db()
        if moved.order.scene == Scene.H5 and moved.order.cashier_url:
            return redirect(_cashier(moved))
    return redirect("checkout:pay", number=checkout.bill.number)


def _cashier(checkout: Checkout) -> str:
    """The channel's page, which brings her back to ours."""
    back = settings.PUBLIC_BASE_URL + reverse("checkout:pay", kwargs={"number": checkout.bill.number})
    if checkout.order is None:
        return back
    return with_return_address(checkout.order.cashier_url, back)


def _context(checkout: Checkout, user: User) -> dict[str, object]:
    """What the page and its living part show."""
    now = clock.now()
    context = page_context(checkout, at=now)
    context |= {
        "voucher": voucher.voucher_shown(checkout, user, context["against"], at=now),
        "tab": "",
        "has_actionbar": True,
        "earlier": earlier_bills(checkout.bill),
        "back": _back(checkout),
    }
    order = checkout.order
    if checkout.state == CheckoutState.PAYING and order and order.cashier_url:
        if order.scene == Scene.H5:
            context["cashier_url"] = _cashier(checkout)
        else:
            context["qr"] = segno.make(order.cashier_url, error="m").svg_inline(
                scale=5, dark="#14232a", light="#ffffff"
            )
            if settings.SIMULATORS_URL:
                context["scan_url"] = f"{settings.WECHATPAY_BASE_URL}/scan/?code_url={order.cashier_url}"
    return context


def _back(checkout: Checkout) -> str:
    """Where she came from: her visits."""
    return reverse("consultations:visits")


@patient_required
@require_GET
def bill(request: HttpRequest, number: str) -> HttpResponse:
    """The itemised list: every line, its document, and who paid it."""
    checkout = checkout_for(user_of(request), number)
    context = page_context(checkout, at=clock.now())
    context |= {"tab": "visits", "back": reverse("checkout:pay", kwargs={"number": number})}
    return render(request, "checkout/bill.html", context)


@signed_in_required
@require_GET
def fee_list(request: HttpRequest, number: str) -> HttpResponse:
    """The itemised list of a visit, to print; ``?bill=`` for one of its bills."""
    user = user_of(request)
    encounter = encounter_with_fees(user, number)
    fees = fees_of(encounter, request.GET.get("bill", "").replace("\0", "")[:30])
    is_office = reads_as_office(user, encounter)
    if is_office:
        note_reading(encounter_id=encounter.pk, by=user, at=clock.now())
    shown = {
        "shown": sheet.fee_list(encounter, fees),
        "encounter": encounter,
        "printed_at": clock.now(),
        "is_patient": not is_office and encounter.practitioner.user_id != user.pk,
    }
    return render(request, "checkout/fee_list.html", shown)
