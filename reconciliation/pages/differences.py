"""The list of differences, one of them, and the acts on it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.permissions import role_required, user_of
from kernel import clock
from kernel.errors import DomainError, Text
from kernel.forms import show_refusal, words_of
from kernel.workflow import IllegalTransition
from reconciliation.models import Difference
from reconciliation.operations import working
from reconciliation.pages import export
from reconciliation.pages.days import FRAME
from reconciliation.pages.forms import CorrectionForm, ReasonForm, WantedForm
from reconciliation.pages.presenters import badge_of, line_of, pairs_of, statuses_of, told
from reconciliation.pages.words import TITLES
from reconciliation.permissions import OFFICE, READERS
from reconciliation.queries.booked import booked_for
from reconciliation.queries.differences import Wanted, difference_numbered, differences, entries_of
from reconciliation.rules.hints import HINTS
from reconciliation.rules.kinds import Kind, Source
from reconciliation.states import DIFFERENCE, DifferenceEvent

_TO_A_PAGE = 50
_CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_GET
@role_required(*READERS)
def difference_list(request: HttpRequest) -> HttpResponse:
    """Differences of all days, those that wait first seen; the address keeps the filters."""
    form = WantedForm(request.GET or None, initial={"state": "active"})
    rows = differences(_wanted(request), user_id=user_of(request).pk)
    page = Paginator(rows, _TO_A_PAGE).get_page(request.GET.get("page"))
    today = clock.day_of(clock.now())
    context = FRAME | {
        "form": form,
        "page": page,
        "lines": [line_of(row, today) for row in page.object_list],
        "query": request.GET.urlencode(),
    }
    return render(request, "reconciliation/differences.html", context)


def _wanted(request: HttpRequest) -> Wanted:
    return WantedForm(request.GET).wanted()


@require_GET
@role_required(*READERS)
def export_list(request: HttpRequest, form: str) -> HttpResponseBase:
    """The list as it is narrowed, as CSV or XLSX.

    Raises:
        Http404: another form.
    """
    rows = differences(_wanted(request), user_id=user_of(request).pk)
    if form == "csv":
        pieces = export.csv_lines(rows.iterator(2000))
        reply: HttpResponseBase = StreamingHttpResponse(pieces, content_type=_CONTENT_TYPES[form])
    elif form == "xlsx":
        reply = HttpResponse(export.xlsx(rows.iterator(2000)), content_type=_CONTENT_TYPES[form])
    else:
        raise Http404
    reply["Content-Disposition"] = f'attachment; filename="differences.{form}"'
    return reply


@require_GET
@role_required(*READERS)
def difference(request: HttpRequest, difference_id: int) -> HttpResponse:
    """Both sides, what was done, and what can be done."""
    return _page(request, _found(difference_id), {})


def _found(difference_id: int) -> Difference:
    row = difference_numbered(difference_id)
    if row is None:
        raise Http404
    return row


Act = Callable[[int, Mapping[str, str], User], object]


def _take(pk: int, typed: Mapping[str, str], by: User) -> object:
    return working.take(difference_id=pk, by=by, at=clock.now())


def _release(pk: int, typed: Mapping[str, str], by: User) -> object:
    return working.release(difference_id=pk, reason=typed["reason"], by=by, at=clock.now())


def _explain(pk: int, typed: Mapping[str, str], by: User) -> object:
    return working.explain(difference_id=pk, reason=typed["reason"], by=by, at=clock.now())


def _correct(pk: int, typed: Mapping[str, str], by: User) -> object:
    return working.correct(
        difference_id=pk,
        way=typed["way"],
        reason=typed["reason"],
        reference=typed["reference"],
        by=by,
        at=clock.now(),
    )


def _close(pk: int, typed: Mapping[str, str], by: User) -> object:
    return working.close(difference_id=pk, by=by, at=clock.now())


def _reopen(pk: int, typed: Mapping[str, str], by: User) -> object:
    return working.reopen(difference_id=pk, reason=typed["reason"], by=by, at=clock.now())


_ACTS: dict[str, tuple[Act, type[ReasonForm] | None, Text]] = {
    "take": (_take, None, _("It is yours now.")),
    "release": (_release, ReasonForm, _("Given back.")),
    "explain": (_explain, ReasonForm, _("Explained.")),
    "correct": (_correct, CorrectionForm, _("Corrected.")),
    "close": (_close, None, _("Closed.")),
    "reopen": (_reopen, ReasonForm, _("Open again.")),
}


def _form(act: str, typed: Any = None) -> ReasonForm | None:
    kind = _ACTS[act][1]
    return kind(typed, auto_id=f"{act}-%s") if kind else None


@require_POST
@role_required(*OFFICE)
def act(request: HttpRequest, difference_id: int) -> HttpResponse:
    """One of the acts; a refusal shows the page with every reason, and what was typed."""
    row, wanted = _found(difference_id), request.POST.get("act", "")
    if wanted not in _ACTS:
        raise Http404
    form = _form(wanted, request.POST)
    if form is not None and not form.is_valid():
        return _page(request, row, {wanted: form}, status=422)
    try:
        _ACTS[wanted][0](row.pk, form.cleaned_data if form else {}, user_of(request))
    except IllegalTransition as error:
        messages.error(request, str(error.message))
    except DomainError as refusal:
        if form is None:
            messages.error(request, " ".join(str(words_of(each)) for each in refusal.violations))
            return redirect("reconciliation:difference", difference_id)
        show_refusal(form, refusal)
        return _page(request, row, {wanted: form}, status=422)
    else:
        messages.success(request, str(_ACTS[wanted][2]))
    return redirect("reconciliation:difference", difference_id)


def _page(
    request: HttpRequest, row: Difference, bound: Mapping[str, ReasonForm], status: int = 200
) -> HttpResponse:
    user, booked = user_of(request), booked_for(row)
    ours, theirs = statuses_of(row)
    may = {event.value: DIFFERENCE.allows(row.state, event) for event in DifferenceEvent}
    may["take"] = may["take"] and row.taken_by_id != user.pk
    is_second = row.waits_for_second_person and row.answered_by_id != user.pk
    may["close"] = may["close"] and (is_second or not row.waits_for_second_person)
    context = FRAME | {
        "row": row,
        "title": TITLES[Kind(row.kind)],
        "badge": badge_of(row),
        "hint": HINTS[Source(row.comparison.source), Kind(row.kind)],
        "pairs": pairs_of(row, booked),
        "has_booked": any(entry.way for entry in row.entries.all()),
        "our_status": ours,
        "their_status": theirs,
        "their_name": row.comparison.get_source_display(),
        "entries": told(entries_of(row)),
        "may_act": user.is_in_any(OFFICE),
        "may": may,
        "is_mine": row.taken_by_id == user.pk,
        "is_second": is_second,
        "limit": settings.RECONCILIATION_SECOND_PERSON_ABOVE,
        "forms": {name: bound.get(name) or _form(name) for name in _ACTS},
        "form": next(iter(bound.values()), None),
        "rest": row.gap.total - booked.total,
    }
    return render(request, "reconciliation/difference.html", context, status=status)
