"""The finance office gives lines of a bill back, in quantities."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import role_required, user_of
from billing.models import Bill, FeeDetail
from billing.queries import charged_lines
from billing.rules.returns import Charged
from kernel import clock
from kernel.errors import DomainError
from kernel.forms import show_refusal
from refunds.operations import request_refund, why_two_persons
from refunds.pages.forms import GiveBackForm
from refunds.permissions import OFFICE
from refunds.queries.lists import requests_of
from refunds.queries.policies import policies
from refunds.queries.steps import shown_amount
from refunds.states import RefundRequestState


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*OFFICE)
def give_back(request: HttpRequest, bill_number: str) -> HttpResponse:
    """Name the lines and quantities, and what happened (``?situation=``); the policy says who decides."""
    bill = Bill.objects.select_related("encounter__patient").filter(number=bill_number).first()
    if bill is None:
        raise Http404
    if request.method != "POST":
        happened = {"situation": request.GET.get("situation", "")}
        return _page(request, bill, GiveBackForm(lines=_left(bill), policies=policies(), initial=happened))
    form = GiveBackForm(request.POST, lines=_left(bill), policies=policies())
    if form.is_valid():
        try:
            return _asked(request, bill, form)
        except DomainError as refused:
            show_refusal(form, refused)
    return _page(request, bill, form, status=422)


def _asked(request: HttpRequest, bill: Bill, form: GiveBackForm) -> HttpResponse:
    made = request_refund(
        bill_id=bill.pk, situation=form.cleaned_data["situation"], reason=form.cleaned_data["reason"],
        quantities=form.quantities, key=f"form:{bill.pk}:{form.cleaned_data['key']}", by=user_of(request), at=clock.now(),
    )  # fmt: skip
    if made.state == RefundRequestState.REQUESTED:
        why = [str(each.message) for each in why_two_persons(made)]
        messages.success(request, " ".join([_("Asked for. A second person has to agree."), *why]))
    else:
        messages.success(request, _("The money is on its way."))
    return redirect("refunds:request", made.number)


def _left(bill: Bill) -> list[tuple[FeeDetail, Charged]]:
    charged = charged_lines(bill)
    return [(line, charged[line.number]) for line in bill.lines.all()]


def _page(request: HttpRequest, bill: Bill, form: GiveBackForm, status: int = 200) -> HttpResponse:
    context = {
        "rail": "finance",
        "tab": "refunds",
        "bill": bill,
        "form": form,
        "earlier": [(each, shown_amount(each)) for each in requests_of(bill.pk)],
    }
    return render(request, "refunds/give_back.html", context, status=status)
