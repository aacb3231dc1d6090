"""A patient's bills, and the page of one."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.permissions import user_of
from checkout.queries import checkout_for
from kernel import clock, live
from portal.pages.presenters.order import order_context
from portal.pages.presenters.orders import orders_context
from portal.queries.orders import ended_orders, open_orders, order_from
from registry.permissions import patient_required

_PAGE = 20


@never_cache
@require_safe
@patient_required
def orders(request: HttpRequest) -> HttpResponse:
    """What is to pay, what is under way, what comes back, and what is done."""
    context = _list_context(request)
    context |= {
        "tab": "me",
        "back": reverse("registry:me"),
        "token": live.token_for(f"user:{user_of(request).pk}", user_of(request).pk),
    }
    return render(request, "portal/orders.html", context)


@never_cache
@require_safe
@patient_required
def orders_now(request: HttpRequest) -> HttpResponse:
    """The part of the list that follows the truth."""
    return render(request, "portal/_orders.html", _list_context(request))


@never_cache
@require_safe
@patient_required
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One bill: where it stands, every step of money that goes back, and its documents."""
    checkout = checkout_for(user_of(request), number.replace("\0", ""))
    context = order_context(checkout, at=clock.now())
    token = live.token_for(f"bill:{checkout.bill_id}", user_of(request).pk)
    context |= {"tab": "me", "back": reverse("portal:orders"), "token": token}
    return render(request, "portal/order.html", context)


@never_cache
@require_safe
@patient_required
def order_now(request: HttpRequest, number: str) -> HttpResponse:
    """The part of the page that follows the truth."""
    checkout = checkout_for(user_of(request), number.replace("\0", ""))
    return render(request, "portal/_order.html", order_context(checkout, at=clock.now()))


def _list_context(request: HttpRequest) -> dict[str, object]:
    user, now = user_of(request), clock.now()
    page = Paginator(ended_orders(user), _PAGE).get_page(request.GET.get("page"))
    found = open_orders(user) if page.number == 1 else []
    return {**orders_context(found, [order_from(row) for row in page], at=now), "page": page}
