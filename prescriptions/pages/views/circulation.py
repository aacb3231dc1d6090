"""The insurance office looks at prescriptions in circulation, and at what the insurer is told afterwards."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.permissions import role_required, user_of
from audit import operations as audit
from insurance.permissions import OFFICE, READERS
from kernel import clock
from kernel.errors import DomainError, Text
from kernel.forms import show_refusal
from prescriptions.models import Circulation, InsurerReport
from prescriptions.operations.circulation import commands
from prescriptions.pages.forms import ReasonForm
from prescriptions.pages.presenters.circulation import VERBS, circulation_words, course_of, report_words
from prescriptions.queries import circulation as desk
from prescriptions.states import CLOSED, ReportState

TO_A_PAGE = 50
SHOWN = {
    "": gettext_lazy("All"),
    desk.PERSON: gettext_lazy("Wait for a person"),
    desk.OPEN_ONLY: gettext_lazy("Under way"),
    desk.IN_FORCE: gettext_lazy("Can be taken"),
    desk.CLOSED_ONLY: gettext_lazy("Closed"),
}
REPORTS_SHOWN = {
    "": gettext_lazy("All"),
    desk.PERSON: gettext_lazy("Wait for a person"),
    desk.REFUSED_ONLY: gettext_lazy("Refused by the insurer"),
    desk.OPEN_ONLY: gettext_lazy("Under way"),
}
_HERE = {"rail": "insurance", "tab": "circulation"}


@require_safe
@role_required(*READERS)
def circulations(request: HttpRequest) -> HttpResponse:
    """The list; ``?show=``, ``?q=`` and ``?page=`` stay in the address."""
    show = request.GET.get("show", "")
    if show not in SHOWN:
        raise Http404
    words = request.GET.get("q", "").replace("\0", "").strip()[:40]
    page = Paginator(desk.circulations(show=show, words=words), TO_A_PAGE).get_page(request.GET.get("page"))
    counted = desk.circulation_counts()
    context = _HERE | {
        "page": page,
        "lines": [(one, circulation_words(one.state)) for one in page.object_list],
        "shown": [(value, word, counted[value]) for value, word in SHOWN.items()],
        "show": show,
        "q": words,
    }
    return render(request, "prescriptions/office/circulations.html", context)


@require_safe
@role_required(*READERS)
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One circulation with its course."""
    return _page(request, _found(number))


def _found(number: str) -> Circulation:
    circulation = desk.circulation_of(number)
    if circulation is None:
        raise Http404
    return circulation


def _page(
    request: HttpRequest, circulation: Circulation, form: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    acts = user_of(request).is_in_any(OFFICE)
    is_open = circulation.state not in CLOSED
    waits = circulation.needs_person_since is not None
    context: dict[str, Any] = _HERE | {
        "circulation": circulation,
        "words": circulation_words(circulation.state),
        "course": course_of(circulation),
        "taken": list(circulation.taken.all()),
        "lines": list(circulation.prescription.lines.select_related("drug")),
        "acts": acts,
        "may_ask": acts and is_open,
        "may_withdraw": acts and is_open and not circulation.withdraw_reason,
        "may_conclude": acts and waits and circulation.state in commands.CONCLUDABLE,
        "form": form or ReasonForm(),
    }
    return render(request, "prescriptions/office/circulation.html", context, status=status)


Order = Callable[[int, str, User], object]
_ORDERS: Mapping[str, tuple[Order, Text]] = {
    "ask": (
        lambda pk, _reason, by: commands.ask_now(circulation_id=pk, by=by, at=clock.now()),
        gettext_lazy("The centre is being asked. The answer appears here."),
    ),
    "withdraw": (
        lambda pk, reason, by: commands.withdraw(circulation_id=pk, reason=reason, by=by, at=clock.now()),
        gettext_lazy("It is being taken out of circulation."),
    ),
    "conclude": (
        lambda pk, reason, by: commands.conclude_withdrawn(
            circulation_id=pk, reason=reason, by=by, at=clock.now()
        ),
        gettext_lazy("Recorded as out of circulation. Your name and reason stay with it."),
    ),
}


@require_POST
@role_required(*OFFICE)
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One order of a person; what the rules refuse is said with its number."""
    circulation = _found(number)
    if request.POST.get("order") not in _ORDERS:
        raise Http404
    act, said = _ORDERS[request.POST["order"]]
    form = ReasonForm(request.POST)
    form.is_valid()
    try:
        act(circulation.pk, request.POST.get("reason", ""), user_of(request))
    except DomainError as error:
        show_refusal(form, error)
        return _page(request, _found(number), form, status=409)
    messages.success(request, str(said))
    return redirect("prescriptions:circulation_one", number)


@require_safe
@role_required(*OFFICE)
def message(request: HttpRequest, number: str, message_id: int) -> HttpResponse:
    """One message in the clear; it holds personal data, so that reading it is recorded."""
    circulation = _found(number)
    told = circulation.messages.filter(pk=message_id).first()
    if told is None:
        raise Http404
    audit.record("prescriptions.message.read", on=told, by=user_of(request), at=clock.now())
    context = _HERE | {"circulation": circulation, "message": told, "what": VERBS.get(told.verb, "")}
    return render(request, "prescriptions/office/message.html", context)


@require_safe
@role_required(*READERS)
def reports(request: HttpRequest) -> HttpResponse:
    """What the insurer is told of visits and packs; ``?show=`` and ``?page=`` stay in the address."""
    show = request.GET.get("show", "")
    if show not in REPORTS_SHOWN:
        raise Http404
    page = Paginator(desk.reports(show=show), TO_A_PAGE).get_page(request.GET.get("page"))
    counted = desk.report_counts()
    acts = user_of(request).is_in_any(OFFICE)
    context = _HERE | {
        "page": page,
        "lines": [_report(report, acts=acts) for report in page.object_list],
        "shown": [(value, word, counted[value]) for value, word in REPORTS_SHOWN.items()],
        "show": show,
    }
    return render(request, "prescriptions/office/reports.html", context)


def _report(report: InsurerReport, *, acts: bool) -> dict[str, Any]:
    waits = report.needs_person_since is not None
    return {
        "report": report,
        "words": report_words(report.state),
        "may_tell_again": acts and (waits or report.state == ReportState.REFUSED),
        "may_conclude": acts and waits,
    }


@require_POST
@role_required(*OFFICE)
def tell_again(request: HttpRequest, report_id: int) -> HttpResponse:
    """Tell the insurer again what it refused, or did not answer for days."""
    by = user_of(request)
    return _ordered(
        request, report_id, lambda: commands.tell_again(report_id=report_id, by=by, at=clock.now()),
        said=_("It is being told again. The answer appears here."),
    )  # fmt: skip


@require_POST
@role_required(*OFFICE)
def conclude_report(request: HttpRequest, report_id: int) -> HttpResponse:
    """Record that the insurer has it, as its screen shows."""
    reason, by = request.POST.get("reason", "")[:200], user_of(request)
    return _ordered(
        request, report_id,
        lambda: commands.conclude_report(report_id=report_id, reason=reason, by=by, at=clock.now()),
        said=_("Recorded as told. Your name and reason stay with it."),
    )  # fmt: skip


def _ordered(request: HttpRequest, report_id: int, act: Callable[[], object], *, said: str) -> HttpResponse:
    if not InsurerReport.objects.filter(pk=report_id).exists():
        raise Http404
    try:
        act()
    except DomainError as error:
        messages.error(request, " ".join(f"{one.message} {one.way_on}".strip() for one in error.violations))
    else:
        messages.success(request, said)
    return redirect("prescriptions:reports")
