"""One bill: its parts, its course from quote to receipt, and what a person can do."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import role_required, user_of
from billing.models import Bill
from checkout.queries import MONEY_OFFICES
from checkout.rules import STOPPABLE, UNDER_WAY
from checkout.states import CheckoutState
from finance.operations.reading import note_reading
from finance.pages.forms import StopForm
from finance.pages.words import SORTS, STEPS
from finance.permissions import OFFICE, READERS
from finance.queries.bills import bill_numbered
from finance.queries.checkouts import checkout_of
from finance.queries.timeline import timeline_of
from finance.queries.timeline.step import Sort
from insurance.permissions import READERS as CLAIM_READERS
from kernel import clock


def found(number: str) -> Bill:
    """The bill of an address.

    Raises:
        Http404: there is none.
    """
    one = bill_numbered(number)
    if one is None:
        raise Http404
    return one


@require_safe
@role_required(*READERS)
def bill(request: HttpRequest, number: str) -> HttpResponse:
    """The page of one bill; ``?show=`` narrows its course to one sort of steps. Reading it leaves a trace."""
    one = found(number)
    note_reading(bill_id=one.pk, by=user_of(request), at=clock.now())
    return bill_page(request, one)


def bill_page(
    request: HttpRequest, one: Bill, form: StopForm | None = None, status: int = 200
) -> HttpResponse:
    """The page, with a refused form when there is one."""
    show = request.GET.get("show", "")
    if show and show not in list(Sort):
        raise Http404
    user, checkout = user_of(request), checkout_of(one.pk)
    steps = timeline_of(one)
    state = CheckoutState(checkout.state) if checkout else None
    acts = user.is_in_any(OFFICE)
    context = {
        "rail": "finance",
        "tab": "search",
        "bill": one,
        "parts": one.parts,
        "checkout": checkout,
        "words": STEPS[state] if state else None,
        "steps": [step for step in steps if not show or step.sort == show],
        "sorts": [(sort, SORTS[sort], sum(1 for step in steps if step.sort == sort)) for sort in Sort],
        "show": show,
        "step_count": len(steps),
        "opens_claims": user.is_in_any(CLAIM_READERS),
        "reads_fees": user.is_in_any(MONEY_OFFICES),
        "by_itself": _("by itself"),
        "may_push": acts and state in UNDER_WAY,
        "form": (form or StopForm()) if acts and state in STOPPABLE else None,
    }
    return render(request, "finance/bill.html", context, status=status)
