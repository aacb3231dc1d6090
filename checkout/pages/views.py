"""Paying a bill: one page that follows the money by itself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import signed_in_required, user_of
from checkout.models import Checkout
from checkout.operations import choose_insurance, choose_self_pay, note_reading
from checkout.pages import cashier, voucher, wechat_sign_in
from checkout.pages import fee_list as sheet
from checkout.pages.presenters import page_context
from checkout.queries import checkout_for, earlier_bills, encounter_with_fees, fees_of, reads_as_office
from checkout.states import CheckoutState
from kernel import clock, live
from kernel.errors import DomainError
from registry.permissions import patient_required


@never_cache
@patient_required
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """The bill, who pays it, and her payment."""
    user = user_of(request)
    checkout = checkout_for(user, number)
    if request.method == "POST":
        return _act(request, checkout)
    if cashier.RETURNED in request.GET:
        cashier.look_whether_paid(checkout, at=clock.now())
    context = _context(request, checkout)
    context["live_token"] = live.token_for(f"bill:{checkout.bill_id}", user.pk)
    return render(request, "checkout/pay.html", context)


@never_cache
@patient_required
@require_GET
def from_wechat(request: HttpRequest, number: str) -> HttpResponse:
    """Back from WeChat, which says who she is: the payment that she had pressed goes on."""
    checkout = checkout_for(user_of(request), number)
    if wechat_sign_in.is_recognised(request, checkout):
        return _act(request, checkout)
    return redirect("checkout:pay", number=number)


@patient_required
@require_GET
def pay_fragment(request: HttpRequest, number: str) -> HttpResponse:
    """The part of the page that follows the truth."""
    checkout = checkout_for(user_of(request), number)
    return render(request, "checkout/_pay.html", _context(request, checkout))


def _act(request: HttpRequest, checkout: Checkout) -> HttpResponse:
    """One of her choices, to pay where she says no other; a refusal is said on the page, and nothing is half done."""
    user, now = user_of(request), clock.now()
    try:
        if request.POST.get("do") == "self_pay":
            choose_self_pay(checkout_id=checkout.pk, by=user, at=now)
        elif request.POST.get("do") == "insurance":
            choose_insurance(checkout_id=checkout.pk, by=user, at=now)
        elif request.POST.get("do") == "voucher":
            voucher.ask(request, checkout)
        elif request.POST.get("do") == "look":
            _look(request, checkout)
        else:
            return cashier.pay(request, checkout)
    except DomainError as refusal:
        messages.warning(request, str(refusal.message))
    return redirect("checkout:pay", number=checkout.bill.number)


def _look(request: HttpRequest, checkout: Checkout) -> None:
    """She says that she has paid: the channel is asked."""
    cashier.look_whether_paid(checkout, at=clock.now())
    if checkout.state == CheckoutState.PAYING and checkout.order:
        said = _("%(channel)s knows of no payment yet. This page goes on by itself when it does.")
        messages.info(request, said % {"channel": checkout.order.get_channel_display()})


def _context(request: HttpRequest, checkout: Checkout) -> dict[str, object]:
    """What the page and its living part show."""
    user, now = user_of(request), clock.now()
    context = page_context(checkout, at=now)
    context |= {
        "voucher": voucher.voucher_shown(checkout, user, context["against"], at=now),
        "tab": "",
        "has_actionbar": True,
        "earlier": earlier_bills(checkout.bill),
        "back": _back(checkout),
    }
    return context | cashier.cashier_context(request, checkout)


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
