"""Refunds in a list, one with its course, and the policies they follow."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import role_required, user_of
from kernel.presentation import money
from payments.states import held_back
from refunds.models import RefundRequest
from refunds.operations import why_two_persons
from refunds.pages.forms import ReasonForm
from refunds.pages.words import STATES
from refunds.permissions import OFFICE, READERS
from refunds.queries.lists import counts, request_numbered, requests_in
from refunds.queries.policies import policies
from refunds.queries.steps import hospital_bears, shown_amount, steps_of
from refunds.states import RefundRequestState

TO_A_PAGE = 50


@require_safe
@role_required(*READERS)
def requests(request: HttpRequest) -> HttpResponse:
    """The list; ``?state=`` and ``?page=`` stay in the address."""
    state = request.GET.get("state", "")
    if state and state not in list(RefundRequestState):
        raise Http404
    page = Paginator(requests_in([state] if state else ()), TO_A_PAGE).get_page(request.GET.get("page"))
    counted = counts()
    context = {
        "rail": "finance",
        "tab": "refunds",
        "page": page,
        "lines": [
            (row, STATES[RefundRequestState(row.state)], shown_amount(row)) for row in page.object_list
        ],
        "states": [(value, STATES[value], counted.get(value, 0)) for value in RefundRequestState],
        "all": sum(counted.values()),
        "state": state,
    }
    return render(request, "refunds/requests.html", context)


@require_safe
@role_required(*READERS)
def request_page(request: HttpRequest, number: str) -> HttpResponse:
    """One refund: who asked, who agreed, what went where."""
    return shown(request, request_numbered(number), ReasonForm())


def shown(request: HttpRequest, one: RefundRequest, form: ReasonForm, status: int = 200) -> HttpResponse:
    """The page of one refund."""
    return render(request, "refunds/request.html", _context(request, one, form), status=status)


def _context(request: HttpRequest, one: RefundRequest, form: ReasonForm) -> dict[str, Any]:
    user, lines = user_of(request), list(one.lines.select_related("line"))
    return {
        "rail": "finance",
        "tab": "refunds",
        "refund": one,
        "words": STATES[RefundRequestState(one.state)],
        "items": steps_of(one),
        "amount": shown_amount(one),
        "borne": hospital_bears(one),
        "parts": one.parts,
        "lines": lines,
        "along": money(along)
        if lines and (along := one.asked_amount - sum(each.amount for each in lines))
        else "",
        "form": form,
        "why_two": why_two_persons(one) if one.state == RefundRequestState.REQUESTED else [],
        "may_act": user.is_in_any(OFFICE),
        "lies_at_channel": held_back(one.failure) is not None,
        "is_own": one.requested_by_id == user.pk,
    }


@require_safe
@role_required(*READERS)
def policy_table(request: HttpRequest) -> HttpResponse:
    """What goes back when, on which source."""
    context = {"rail": "finance", "tab": "refunds", "policies": policies()}
    return render(request, "refunds/policies.html", context)
