"""Payouts to invited institutions: what is owed, what is under way, and the acts of two persons."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.permissions import role_required, user_of
from finance.models import Payout
from finance.operations import payouts as operations
from finance.pages.forms import CancelForm, DraftForm, PaidForm
from finance.pages.refusals import refusal
from finance.pages.words import PAYOUTS
from finance.permissions import OFFICE, READERS
from finance.queries.payouts import debts, payout_numbered
from finance.queries.payouts import payouts as all_payouts
from finance.states import PAYOUT, PayoutEvent, PayoutState
from kernel import clock
from kernel.errors import DomainError, Text
from kernel.forms import show_refusal

FRAME = {"rail": "finance", "tab": "payouts"}
TO_A_PAGE = 50


@require_safe
@role_required(*READERS)
def payouts(request: HttpRequest) -> HttpResponse:
    """What is owed through yesterday, and every payout."""
    return _list_page(request, DraftForm(initial={"through": _yesterday()}))


def _yesterday() -> Any:
    return clock.day_of(clock.now()) - timedelta(days=1)


def _list_page(request: HttpRequest, form: DraftForm, status: int = 200) -> HttpResponse:
    page = Paginator(all_payouts(), TO_A_PAGE).get_page(request.GET.get("page"))
    context = FRAME | {
        "debts": debts(through=_yesterday()),
        "through": _yesterday(),
        "page": page,
        "lines": [(row, PAYOUTS[PayoutState(row.state)]) for row in page.object_list],
        "form": form,
        "may_act": user_of(request).is_in_any(OFFICE),
    }
    return render(request, "finance/payouts.html", context, status=status)


@require_POST
@role_required(*OFFICE)
def draft(request: HttpRequest) -> HttpResponse:
    """Draft what is owed."""
    form = DraftForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            row = operations.draft_payout(
                payer_id=said["payer"].pk, payee_id=said["payee"].pk, through=said["through"],
                by=user_of(request), at=clock.now(),
            )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Drafted. A second person approves it."))
            return redirect("finance:payout", row.number)
    return _list_page(request, form, status=422)


def _found(number: str) -> Payout:
    row = payout_numbered(number)
    if row is None:
        raise Http404
    return row


@require_safe
@role_required(*READERS)
def payout(request: HttpRequest, number: str) -> HttpResponse:
    """One payout."""
    return _page(request, _found(number))


def _page(
    request: HttpRequest, row: Payout, bound: tuple[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    acts = user_of(request).is_in_any(OFFICE)
    context = FRAME | {
        "row": row,
        "words": PAYOUTS[PayoutState(row.state)],
        "may": {event.value: acts and PAYOUT.allows(row.state, event) for event in PayoutEvent},
        "paid_form": PaidForm(initial={"paid_on": clock.day_of(clock.now())}, auto_id="paid-%s"),
        "cancel_form": CancelForm(auto_id="cancel-%s"),
        "form": bound[1] if bound else None,
    }
    if bound:
        context[bound[0]] = bound[1]
    return render(request, "finance/payout.html", context, status=status)


Act = Callable[[Payout, dict[str, Any], User], object]
_ACTS: dict[str, tuple[Act, type[forms.Form] | None, str, Text]] = {
    "approve": (
        lambda row, _said, by: operations.approve_payout(payout_id=row.pk, by=by, at=clock.now()),
        None,
        "",
        gettext_lazy("Approved. The bank may be told."),
    ),
    "pay": (
        lambda row, said, by: operations.pay_payout(payout_id=row.pk, **said, by=by, at=clock.now()),
        PaidForm,
        "paid_form",
        gettext_lazy("Paid, and booked."),
    ),
    "cancel": (
        lambda row, said, by: operations.cancel_payout(payout_id=row.pk, **said, by=by, at=clock.now()),
        CancelForm,
        "cancel_form",
        gettext_lazy("Cancelled."),
    ),
}


@require_POST
@role_required(*OFFICE)
def act(request: HttpRequest, number: str) -> HttpResponse:
    """One of the acts; what was typed is kept when it is refused."""
    row, wanted = _found(number), request.POST.get("act", "")
    if wanted not in _ACTS:
        raise Http404
    do, kind, name, said = _ACTS[wanted]
    form = kind(request.POST, auto_id=f"{name.removesuffix('_form')}-%s") if kind else None
    if form is not None and not form.is_valid():
        return _page(request, row, (name, form), status=422)
    try:
        do(row, form.cleaned_data if form else {}, user_of(request))
    except DomainError as error:
        if form is not None:
            show_refusal(form, error)
            return _page(request, _found(number), (name, form), status=422)
        messages.error(request, refusal(error))
    else:
        messages.success(request, str(said))
    return redirect("finance:payout", number)
