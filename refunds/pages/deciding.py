"""A second person agrees or declines; what failed is sent again."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import role_required, user_of
from kernel import clock
from kernel.errors import DomainError
from kernel.forms import show_refusal, words_of
from refunds import operations
from refunds.pages.forms import ReasonForm
from refunds.pages.lists import shown
from refunds.permissions import OFFICE
from refunds.queries.lists import request_numbered


@require_POST
@role_required(*OFFICE)
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """Agree, and send it."""
    return _act(request, number, operations.approve, _("Agreed. The money is on its way."))


@require_POST
@role_required(*OFFICE)
def send_again(request: HttpRequest, number: str) -> HttpResponse:
    """Try again what did not work."""
    return _act(request, number, operations.send_again, _("Sent again. What becomes of it appears here."))


def _act(request: HttpRequest, number: str, act: Callable[..., Any], done: str) -> HttpResponse:
    one = request_numbered(number)
    try:
        act(request_id=one.pk, by=user_of(request), at=clock.now())
    except DomainError as refused:
        said = [words_of(each) for each in refused.violations] or [str(refused.message)]
        messages.error(request, " ".join(map(str, said)))
    else:
        messages.success(request, done)
    return redirect("refunds:request", number)


@require_POST
@role_required(*OFFICE)
def decline(request: HttpRequest, number: str) -> HttpResponse:
    """Give nothing back; what was typed is kept when it is refused."""
    one, form = request_numbered(number), ReasonForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            operations.decline(request_id=one.pk, reason=reason, by=user_of(request), at=clock.now())
        except DomainError as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Declined. The patient sees the reason."))
            return redirect("refunds:request", number)
    return shown(request, one, form, status=422)
