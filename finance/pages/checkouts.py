"""The desk of checkouts: where each stands and for how long, pushed on or stopped by a person."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import role_required, user_of
from checkout import operations as checkout
from checkout.models import Checkout
from checkout.states import CheckoutState
from finance.pages.bill import bill_page, found
from finance.pages.forms import StopForm
from finance.pages.refusals import refusal
from finance.pages.words import AGES, STEPS
from finance.permissions import OFFICE, READERS
from finance.queries.checkouts import checkout_of, checkouts, counts_by_step
from kernel import clock
from kernel.errors import DomainError
from kernel.forms import show_refusal

TO_A_PAGE = 50


@require_safe
@role_required(*READERS)
def desk(request: HttpRequest) -> HttpResponse:
    """The list; ``?step=``, ``?age=`` and ``?page=`` stay in the address."""
    step, age = request.GET.get("step", ""), request.GET.get("age", "")
    if age not in AGES or (step and step not in list(CheckoutState)):
        raise Http404
    now = clock.now()
    rows = checkouts(at=now, steps=[step] if step else (), age=age)
    page = Paginator(rows, TO_A_PAGE).get_page(request.GET.get("page"))
    counted = counts_by_step()
    context = {
        "rail": "finance",
        "tab": "checkouts",
        "page": page,
        "lines": [(row, STEPS[CheckoutState(row.state)]) for row in page.object_list],
        "steps": [(state, STEPS[state], count) for state, count in counted.items()],
        "all": sum(counted.values()),
        "step": step,
        "ages": AGES.items(),
        "age": age,
    }
    return render(request, "finance/checkouts.html", context)


def _of_bill(number: str) -> Checkout:
    one = checkout_of(found(number).pk)
    if one is None:
        raise Http404
    return one


@require_POST
@role_required(*OFFICE)
def push(request: HttpRequest, number: str) -> HttpResponse:
    """Ask at once whoever owes the answer."""
    one = _of_bill(number)
    try:
        checkout.push(checkout_id=one.pk, by=user_of(request), at=clock.now())
    except DomainError as error:
        messages.error(request, refusal(error))
    else:
        messages.success(request, _("Asked. The answer appears in the course of the bill."))
    return redirect("finance:bill", number)


@require_POST
@role_required(*OFFICE)
def stop(request: HttpRequest, number: str) -> HttpResponse:
    """Stop it with a reason; what was typed is kept when it is refused."""
    one, form = _of_bill(number), StopForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            checkout.stop(checkout_id=one.pk, reason=reason, by=user_of(request), at=clock.now())
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Stopped. What came in goes back."))
            return redirect("finance:bill", number)
    return bill_page(request, found(number), form, status=422)
