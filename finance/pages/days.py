"""Cashier days: the list of a month, one day with its sums, and the acts on it."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.permissions import role_required, user_of
from audit.models import AuditEntry
from finance.models import CashierDay
from finance.operations import days as operations
from finance.pages.day_words import DAYS, obstacle_words, sum_word
from finance.pages.forms import DayReasonForm, OpenDayForm
from finance.pages.refusals import refusal
from finance.permissions import OFFICE, READERS
from finance.queries.days import counted_sums, day_of, days_between, has_changed_since_closed, obstacles_of
from finance.queries.statements import month_of
from finance.rules.days import Obstacle, explained
from finance.states import CASHIER_DAY, DayEvent, DayState
from kernel import clock
from kernel.errors import DomainError, Text
from kernel.forms import show_refusal

FRAME = {"rail": "finance", "tab": "days"}


@require_safe
@role_required(*READERS)
def days(request: HttpRequest) -> HttpResponse:
    """A month's days of every institution; ``?month=`` stays in the address."""
    return _month_page(request, OpenDayForm(initial={"day": _yesterday()}))


def _yesterday() -> date:
    return clock.day_of(clock.now()) - timedelta(days=1)


def _month_page(request: HttpRequest, form: OpenDayForm, status: int = 200) -> HttpResponse:
    today = clock.day_of(clock.now())
    try:
        month = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        month = today.replace(day=1)
    first, last = month_of(month)
    context = FRAME | {
        "month": month,
        "earlier": first - timedelta(days=1),
        "later": last + timedelta(days=1) if last < today else None,
        "lines": [(row, DAYS[DayState(row.state)]) for row in days_between(first, last)],
        "form": form,
        "may_act": user_of(request).is_in_any(OFFICE),
    }
    return render(request, "finance/days.html", context, status=status)


@require_POST
@role_required(*OFFICE)
def open_day(request: HttpRequest) -> HttpResponse:
    """Count a day that was not opened by itself."""
    form = OpenDayForm(request.POST)
    if not form.is_valid():
        return _month_page(request, form, status=422)
    said = form.cleaned_data
    try:
        row = operations.count_day(
            institution_id=said["institution"].pk, day=said["day"], by=user_of(request), at=clock.now()
        )
    except DomainError as error:
        show_refusal(form, error)
        return _month_page(request, form, status=422)
    return redirect("finance:day", row.institution_id, row.day.isoformat())


def _found(institution_id: int, text: str) -> CashierDay:
    try:
        row = day_of(institution_id, date.fromisoformat(text))
    except ValueError:
        row = None
    if row is None:
        raise Http404
    return row


@require_safe
@role_required(*READERS)
def day(request: HttpRequest, institution_id: int, text: str) -> HttpResponse:
    """One day of one institution."""
    return _day_page(request, _found(institution_id, text))


def _day_page(
    request: HttpRequest, row: CashierDay, bound: Mapping[str, DayReasonForm] | None = None, status: int = 200
) -> HttpResponse:
    acts = user_of(request).is_in_any(OFFICE)
    may = {event.value: acts and CASHIER_DAY.allows(row.state, event) for event in DayEvent}
    said = {one.obstacle: one for one in row.explanations.select_related("by").order_by("pk")}
    obstacles = obstacles_of(row) if row.count_id else []
    context = FRAME | {
        "row": row,
        "badge": DAYS[DayState(row.state)],
        "has_changed": has_changed_since_closed(row),
        "sections": _sections(row),
        "obstacles": [_told(one, said, (bound or {}) if may["close"] else None) for one in obstacles],
        "story": _story(row),
        "may": may,
        "reopen_form": (bound or {}).get("reopen") or DayReasonForm(auto_id="reopen-%s"),
        "form": next(iter((bound or {}).values()), None),
        "by_itself": _("by itself"),
    }
    return render(request, "finance/day.html", context, status=status)


def _sections(row: CashierDay) -> list[dict[str, Any]]:
    """The sums of the count that holds, section by section."""
    found: dict[str, list[tuple[Text, Any]]] = {"channel": [], "payer": [], "category": []}
    for one in counted_sums(row):
        found[one.section].append((sum_word(one.section, one.key), one))
    return [
        {
            "name": name,
            "lines": lines,
            "records": sum((one.record_amount for _word, one in lines), 0),
            "books": sum((one.book_amount for _word, one in lines), 0),
        }
        for name, lines in found.items()
    ]


def _told(
    one: Obstacle, said: Mapping[str, Any], bound: Mapping[str, DayReasonForm] | None
) -> dict[str, Any]:
    """An obstacle with its explanation, or the form for one; no forms (``bound`` None) for who cannot explain."""
    is_explained = explained(one, {key: row.amount for key, row in said.items()})
    form = (bound or {}).get(one.key) or DayReasonForm(auto_id=f"{one.key.replace(':', '-')}-%s")
    return {
        "key": one.key,
        "amount": one.amount,
        "words": obstacle_words(one.key),
        "explanation": said[one.key] if is_explained else None,
        "form": None if bound is None or is_explained else form,
    }


def _story(row: CashierDay) -> list[tuple[AuditEntry, Text]]:
    """Who did what to the day."""
    words = {
        "finance.day.counted": _("Counted"),
        "finance.day.explained": _("Explained"),
        "finance.day.closed": _("Closed"),
        "finance.day.reopened": _("Opened again"),
    }
    acts = AuditEntry.objects.filter(subject_type=CashierDay._meta.label_lower, subject_id=str(row.pk))
    return [(act, words.get(act.action, act.action)) for act in acts.select_related("by").order_by("pk")]


Act = Callable[[CashierDay, str, User], object]
_ACTS: dict[str, tuple[Act, Text]] = {
    "count": (
        lambda row, _reason, by: operations.count_day(
            institution_id=row.institution_id, day=row.day, by=by, at=clock.now()
        ),
        gettext_lazy("Counted."),
    ),
    "close": (
        lambda row, _reason, by: operations.close_day(day_id=row.pk, by=by, at=clock.now()),
        gettext_lazy("Closed."),
    ),
    "reopen": (
        lambda row, reason, by: operations.reopen_day(day_id=row.pk, reason=reason, by=by, at=clock.now()),
        gettext_lazy("Open again. Please count it anew."),
    ),
}


@require_POST
@role_required(*OFFICE)
def act(request: HttpRequest, institution_id: int, text: str) -> HttpResponse:
    """Count, close or open it again; a refusal is told with its number, what was typed is kept."""
    row, wanted = _found(institution_id, text), request.POST.get("act", "")
    if wanted not in _ACTS:
        raise Http404
    do, said = _ACTS[wanted]
    form = DayReasonForm(request.POST, auto_id="reopen-%s") if wanted == "reopen" else None
    if form is not None and not form.is_valid():
        return _day_page(request, row, {"reopen": form}, status=422)
    try:
        do(row, form.cleaned_data["reason"] if form else "", user_of(request))
    except DomainError as error:
        if form is not None:
            show_refusal(form, error)
            return _day_page(request, _found(institution_id, text), {"reopen": form}, status=422)
        messages.error(request, refusal(error))
    else:
        messages.success(request, str(said))
    return redirect("finance:day", institution_id, text)


@require_POST
@role_required(*OFFICE)
def explain(request: HttpRequest, institution_id: int, text: str) -> HttpResponse:
    """Say why something may stand."""
    row, key = _found(institution_id, text), request.POST.get("obstacle", "")[:100]
    form = DayReasonForm(request.POST, auto_id=f"{key.replace(':', '-')}-%s")
    if form.is_valid():
        try:
            operations.explain(
                day_id=row.pk,
                obstacle=key,
                reason=form.cleaned_data["reason"],
                by=user_of(request),
                at=clock.now(),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Explained. It counts while the amount stays the same."))
            return redirect("finance:day", institution_id, text)
    return _day_page(request, row, {key: form}, status=422)
