"""Her e-voucher beside the bill: asked for, answered on its own page, and the insurer asked anew."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.permissions import user_of
from checkout.models import Checkout
from checkout.operations import choose_insurance
from checkout.queries import checkout_for
from checkout.states import CHECKOUT, CheckoutEvent, CheckoutState
from insurance.models import AuthorizationWay, VoucherAuthorization
from insurance.operations.mobile.promising import can_promise
from insurance.operations.vouchers import ask_authorization, collect_authorization, send_authorization
from insurance.queries.vouchers import authorization_for, latest_authorization, payers_for
from insurance.states import AuthorizationState
from kernel import clock
from kernel.errors import DomainError, Violation
from registry.models import Patient
from registry.permissions import patient_required

_WAYS = {AuthorizationWay.FACE.value, AuthorizationWay.PASSWORD.value}
NEEDED = "IN-20"


@dataclass(frozen=True)
class VoucherShown:
    """The part of the page about the e-voucher."""

    latest: VoucherAuthorization | None
    is_waiting: bool
    """She was asked and has not answered."""
    is_given: bool
    is_over: bool
    """She has shown it, and what it allowed has run out or served another bill: the insurance is not asked with it."""
    is_refused: bool
    is_needed: bool
    """The insurance is not asked without it."""
    payers: list[Patient]


def voucher_shown(
    checkout: Checkout, user: User, against: Violation | None, *, at: datetime
) -> VoucherShown | None:
    """What is shown; None where an e-voucher is of no use."""
    encounter, is_needed = checkout.bill.encounter, against is not None and against.rule == NEEDED
    is_asking = checkout.state == CheckoutState.ESTIMATING
    is_open = is_asking or checkout.state in (CheckoutState.READY, CheckoutState.DECLINED)
    if not (is_open and checkout.uses_insurance) or encounter.coverage_id is None or at >= checkout.pay_by:
        return None
    if against is not None and not is_needed:
        return None
    latest = latest_authorization(encounter)
    state, is_late = (latest.state, (latest.expires_at or at) <= at) if latest else ("", False)
    is_over = _is_over(checkout, state, at=at)
    is_given = not is_over and (
        state == AuthorizationState.USED or (state == AuthorizationState.GIVEN and not is_late)
    )
    if is_asking and not is_given:
        return None
    return VoucherShown(
        latest=latest,
        is_waiting=state == AuthorizationState.REQUESTED and not is_late,
        is_given=is_given,
        is_over=is_over,
        is_refused=state == AuthorizationState.REFUSED,
        is_needed=is_needed,
        payers=payers_for(user, encounter.patient),
    )


def _is_over(checkout: Checkout, state: str, *, at: datetime) -> bool:
    """Whether she must show it again for this bill."""
    has_shown = state in (AuthorizationState.GIVEN, AuthorizationState.USED)
    if not has_shown or checkout.state != CheckoutState.DECLINED:
        return False
    return not can_promise(checkout.bill.encounter_id, at=at)


def ask(request: HttpRequest, checkout: Checkout) -> None:
    """She wants to show it: by her face or her password, her own or a family member's."""
    user, now = user_of(request), clock.now()
    way, payer = request.POST.get("way", ""), request.POST.get("payer", "")
    asked = ask_authorization(
        encounter_id=checkout.bill.encounter_id,
        payer_id=int(payer) if payer.isdecimal() else checkout.bill.encounter.patient_id,
        way=way if way in _WAYS else AuthorizationWay.FACE.value,
        by=user,
        at=now,
    )
    back = reverse("checkout:voucher", args=[checkout.bill.number, asked.business_number])
    sent = send_authorization(authorization_id=asked.pk, return_to=settings.PUBLIC_BASE_URL + back)
    if sent.state != AuthorizationState.REQUESTED:
        messages.warning(request, _("The e-voucher could not be reached. Please try again in a moment."))


@patient_required
@require_GET
def voucher(request: HttpRequest, number: str, business_number: str) -> HttpResponse:
    """Back from the e-voucher, or looking whether she has answered: take the answer and ask the insurer anew."""
    user = user_of(request)
    checkout = checkout_for(user, number)
    asked = authorization_for(user, checkout.bill.encounter, business_number)
    was_open = asked.state == AuthorizationState.REQUESTED
    answered = collect_authorization(authorization_id=asked.pk)
    if answered.state == AuthorizationState.REQUESTED:
        messages.info(request, _("The e-voucher has no answer yet."))
    elif was_open and answered.state == AuthorizationState.GIVEN:
        _ask_insurer(request, checkout)
    return redirect("checkout:pay", number=number)


def _ask_insurer(request: HttpRequest, checkout: Checkout) -> None:
    """What the insurer has said so far, it said without the e-voucher."""
    if not CHECKOUT.allows(checkout.state, CheckoutEvent.ASK):
        return
    try:
        choose_insurance(checkout_id=checkout.pk, by=user_of(request), at=clock.now())
    except DomainError as refusal:
        messages.warning(request, str(refusal.message))
