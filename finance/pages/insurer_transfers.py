"""What the insurance owes for each month, what it has transferred, and the acts of two persons."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.permissions import role_required, user_of
from finance.models import InsurerTransfer
from finance.operations.insurer_transfers import (
    book_insurer_transfer,
    enter_insurer_transfer,
    withdraw_insurer_transfer,
)
from finance.pages.forms import InsurerTransferForm, WithdrawForm
from finance.pages.refusals import refusal
from finance.permissions import OFFICE, READERS
from finance.queries.insurer_transfers import ended_transfers, everything_owed, waiting_transfers
from finance.states import InsurerTransferState
from kernel import clock
from kernel.errors import DomainError, Text
from kernel.forms import show_refusal

TO_A_PAGE = 50
_ENDS: dict[str, tuple[str, Text]] = {
    InsurerTransferState.BOOKED: ("done", gettext_lazy("booked")),
    InsurerTransferState.WITHDRAWN: ("stopped", gettext_lazy("withdrawn")),
}
PAYERS: dict[str, Text] = {
    "fund": gettext_lazy("the fund"),
    "account": gettext_lazy("personal accounts"),
    "family": gettext_lazy("family's accounts"),
}


@require_safe
@role_required(*READERS)
def insurer_transfers(request: HttpRequest) -> HttpResponse:
    """What is owed, what waits for a second person, and everything before; a row of the first fills the form."""
    asked = {name: request.GET[name] for name in ("institution", "agency", "month") if name in request.GET}
    return _page(request, InsurerTransferForm(initial={"on": clock.day_of(clock.now())} | asked))


def _page(
    request: HttpRequest,
    form: InsurerTransferForm,
    withdrawing: tuple[str, WithdrawForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    page = Paginator(ended_transfers(), TO_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rail": "finance",
        "tab": "transfers",
        "owed": everything_owed(today=clock.day_of(clock.now())),
        "waiting": [_waiting(row, withdrawing, user_of(request)) for row in waiting_transfers()],
        "page": page,
        "ended": [(row, *_ENDS[row.state]) for row in page.object_list],
        "form": form,
        "may_act": user_of(request).is_in_any(OFFICE),
    }
    return render(request, "finance/insurer_transfers.html", context, status=status)


def _waiting(
    row: InsurerTransfer, withdrawing: tuple[str, WithdrawForm] | None, user: User
) -> dict[str, Any]:
    bound = withdrawing[1] if withdrawing and withdrawing[0] == row.number else None
    lines = sorted(
        row.lines.all(),
        key=lambda line: (line.month or row.month, line.region, list(PAYERS).index(line.payer)),
    )
    return {
        "row": row,
        "may_book": row.entered_by_id != user.pk,
        "parts": [(line.month, line.region, PAYERS[line.payer], line.amount) for line in lines],
        "gap": row.amount - row.owed_amount,
        "withdraw_form": bound or WithdrawForm(auto_id=f"withdraw-{row.pk}-%s"),
    }


@require_POST
@role_required(*OFFICE)
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a transfer; what was typed is kept when it is refused."""
    form = InsurerTransferForm(request.POST)
    if form.is_valid():
        said = dict(form.cleaned_data)
        institution = said.pop("institution")
        try:
            enter_insurer_transfer(institution_id=institution.pk, **said, by=user_of(request), at=clock.now())
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Entered. A second person books it."))
            return redirect("finance:insurer_transfers")
    return _page(request, form, status=422)


@require_POST
@role_required(*OFFICE)
def act(request: HttpRequest, number: str) -> HttpResponse:
    """Book it, or withdraw it."""
    row = get_object_or_404(InsurerTransfer, number=number)
    match request.POST.get("act"):
        case "book":
            return _book(request, row)
        case "withdraw":
            return _withdraw(request, row)
    raise Http404


def _book(request: HttpRequest, row: InsurerTransfer) -> HttpResponse:
    try:
        book_insurer_transfer(transfer_id=row.pk, by=user_of(request), at=clock.now())
    except DomainError as error:
        messages.error(request, refusal(error))
    else:
        messages.success(request, _("Booked."))
    return redirect("finance:insurer_transfers")


def _withdraw(request: HttpRequest, row: InsurerTransfer) -> HttpResponse:
    form = WithdrawForm(request.POST, auto_id=f"withdraw-{row.pk}-%s")
    if form.is_valid():
        try:
            withdraw_insurer_transfer(
                transfer_id=row.pk, reason=form.cleaned_data["reason"], by=user_of(request), at=clock.now()
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Withdrawn. Nothing was booked."))
            return redirect("finance:insurer_transfers")
    return _page(request, InsurerTransferForm(), (row.number, form), status=422)
