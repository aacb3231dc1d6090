"""Visits without an answer: whoever has asked the doctor gives the fee back."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import role_required, user_of
from finance.permissions import OFFICE, READERS
from finance.queries.silent_visits import silent_visits as found_visits
from kernel import clock
from refunds.queries.policies import policy_for
from refunds.rules.situations import Situation

TO_A_PAGE = 50


@require_safe
@role_required(*READERS)
def silent_visits(request: HttpRequest) -> HttpResponse:
    """The list, with what the policy says and where the fee is given back."""
    page = Paginator(found_visits(at=clock.now()), TO_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rail": "finance",
        "tab": "refunds",
        "page": page,
        "policy": policy_for(Situation.SILENT_VISIT),
        "may_act": user_of(request).is_in_any(OFFICE),
    }
    return render(request, "finance/silent_visits.html", context)
