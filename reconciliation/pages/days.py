"""The month at a glance, one day, and comparing it again."""

from calendar import monthrange
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import role_required, user_of
from kernel import clock, live
from kernel.errors import DomainError
from kernel.forms import show_refusal
from reconciliation.models import Comparison
from reconciliation.operations import opening
from reconciliation.pages.forms import DayForm
from reconciliation.pages.presenters import day_rows, in_order, kind_lines, line_of, month_strip
from reconciliation.pages.words import COMPARISONS
from reconciliation.permissions import OFFICE, READERS
from reconciliation.queries.days import comparisons_between, unreached_count, waiting_by_kind, waiting_sums
from reconciliation.queries.differences import Wanted, differences, second_person_count
from reconciliation.rules.kinds import Source
from reconciliation.states import ComparisonState

_SHOWN = 50
FRAME = {"rail": "insurance", "tab": "reconciliation"}


@require_GET
@role_required(*READERS)
def days(request: HttpRequest) -> HttpResponse:
    """A month: its strip, its days, and what waits over all days."""
    return _month_page(request, DayForm(initial={"day": _yesterday()}))


def _month_page(request: HttpRequest, form: DayForm, status: int = 200) -> HttpResponse:
    today = clock.day_of(clock.now())
    month = _month(request.GET.get("month", ""), today)
    last = month.replace(day=monthrange(month.year, month.month)[1])
    found = list(comparisons_between(month, last))
    context = FRAME | {
        "month": month,
        "earlier": month - timedelta(days=1),
        "later": last + timedelta(days=1) if last < today else None,
        "strip": month_strip(month, found, today),
        "rows": day_rows(found),
        "sources": [source.label for source in Source],
        "sums": waiting_sums(),
        "kinds": kind_lines(waiting_by_kind(), today),
        "unreached": unreached_count(),
        "for_second": second_person_count(user_of(request).pk),
        "today": today,
        "form": form,
        "may_act": user_of(request).is_in_any(OFFICE),
    }
    return render(request, "reconciliation/days.html", context, status=status)


def _yesterday() -> date:
    return clock.day_of(clock.now()) - timedelta(days=1)


def _month(text: str, today: date) -> date:
    """The first day of a month written as year-month; this month's when it cannot be read."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)


def day_in(text: str) -> date:
    """The day of an address.

    Raises:
        Http404: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


@require_GET
@role_required(*READERS)
def day(request: HttpRequest, text: str) -> HttpResponse:
    """Every source of a day, and its differences."""
    return render(request, "reconciliation/day.html", _day_context(request, day_in(text)))


@require_GET
@role_required(*READERS)
def day_fragment(request: HttpRequest, text: str) -> HttpResponse:
    """The part that changes while a day is being compared."""
    return render(request, "reconciliation/_day.html", _day_context(request, day_in(text)))


def _day_context(request: HttpRequest, on: date) -> dict[str, object]:
    found = in_order(comparisons_between(on, on).prefetch_related("groups", "runs__by"))
    user, today = user_of(request), clock.day_of(clock.now())
    lines = differences(Wanted(first=on, last=on), user_id=user.pk).order_by("state", "pk")
    shown = [line_of(row, today) for row in lines[: _SHOWN + 1]]
    return FRAME | {
        "day": on,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1) if on < today else None,
        "is_today": on == today,
        "comparisons": [(each, COMPARISONS[ComparisonState(each.state)]) for each in found],
        "is_running": any(each.state == ComparisonState.RUNNING for each in found),
        "lines": shown[:_SHOWN],
        "has_more": len(shown) > _SHOWN,
        "may_act": user.is_in_any(OFFICE),
        "live_token": live.token_for(f"reconciliation:{on.isoformat()}", user.pk),
    }


@require_POST
@role_required(*OFFICE)
def compare(request: HttpRequest, text: str) -> HttpResponse:
    """Compare one source of a day again, or all of them."""
    on, wanted = day_in(text), request.POST.get("comparison", "")
    rows = (
        Comparison.objects.filter(day=on, pk=int(wanted))
        if wanted.isdigit()
        else Comparison.objects.filter(day=on)
    )
    found = list(rows)
    if not found:
        raise Http404
    _order(request, found)
    return redirect("reconciliation:day", text)


@require_POST
@role_required(*OFFICE)
def compare_day(request: HttpRequest) -> HttpResponse:
    """Open a day by hand and compare all of it."""
    form = DayForm(request.POST)
    if not form.is_valid():
        return _month_page(request, form, status=422)
    on = form.cleaned_data["day"]
    try:
        opening.order_day(day=on, by=user_of(request), at=clock.now())
    except DomainError as refusal:
        show_refusal(form, refusal)
        return _month_page(request, form, status=422)
    messages.success(request, _("The day is being compared."))
    return redirect("reconciliation:day", on.isoformat())


def _order(request: HttpRequest, found: list[Comparison]) -> None:
    refused: dict[str, None] = {}
    for each in found:
        try:
            opening.order_run(comparison_id=each.pk, by=user_of(request), at=clock.now())
        except DomainError as refusal:
            refused[str(refusal.message)] = None
    for words in refused:
        messages.error(request, words)
    if not refused:
        messages.success(request, _("It is being compared."))
