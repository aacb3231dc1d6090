"""Submit, approve, return, give up, publish."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import role_required, user_of
from kernel import clock
from kernel.errors import DomainError, Text
from kernel.workflow import IllegalTransition
from pricing.models import PriceRevision
from pricing.operations import revising
from pricing.pages.office.forms import NoteForm
from pricing.pages.office.presenters.revision import revision_shown, starts_of
from pricing.pages.office.views.common import found, refusal_words, revision_page
from pricing.permissions import MAY_CHANGE
from pricing.queries.revisions import known_prices, prices_by_key, rows_of
from pricing.queries.versions import Change, differences_to_force

Act = Callable[[PriceRevision, str, str, User], object]


def _submit(one: PriceRevision, _note: str, _seen: str, by: User) -> object:
    return revising.submit(revision_id=one.pk, by=by, at=clock.now())


def _approve(one: PriceRevision, note: str, seen: str, by: User) -> object:
    return revising.approve(revision_id=one.pk, note=note, seen=seen, by=by, at=clock.now())


def _return(one: PriceRevision, note: str, _seen: str, by: User) -> object:
    return revising.return_to_draft(revision_id=one.pk, note=note, by=by, at=clock.now())


def _abandon(one: PriceRevision, note: str, _seen: str, by: User) -> object:
    return revising.abandon(revision_id=one.pk, note=note, by=by, at=clock.now())


_ACTS: Mapping[str, tuple[Act, Text]] = {
    "submit": (_submit, gettext_lazy("Submitted. A second person can look at it now.")),
    "approve": (_approve, gettext_lazy("Approved. It becomes law when it is published.")),
    "return": (_return, gettext_lazy("It is a draft again.")),
    "abandon": (_abandon, gettext_lazy("Given up. Its rows can still be copied.")),
}


@require_POST
@role_required(*MAY_CHANGE)
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """One of the acts; a refusal shows the page with every reason."""
    one, form = found(number), NoteForm(request.POST)
    if request.POST.get("decision") not in _ACTS:
        raise Http404
    act, said = _ACTS[request.POST["decision"]]
    if request.POST["decision"] == "return" and not request.POST.get("note", "").strip():
        form.fields["note"].required = True
    if not form.is_valid():
        return revision_page(request, one, note=form, status=422)
    try:
        act(one, form.cleaned_data["note"], request.POST.get("seen", ""), user_of(request))
    except IllegalTransition as error:
        messages.error(request, str(error.message))
        return redirect("pricing:office_revision", number)
    except DomainError as error:
        messages.error(request, _("Nothing was changed. What stands in the way is listed."))
        return revision_page(request, found(number), refusals=error.violations, note=form, status=409)
    messages.success(request, str(said))
    return redirect("pricing:office_revision", number)


@require_http_methods(["GET", "POST"])
@role_required(*MAY_CHANGE)
def publish(request: HttpRequest, number: str) -> HttpResponse:
    """Say what starts when, then publish."""
    one = found(number)
    if request.method == "GET":
        return _confirmation(request, one)
    try:
        revising.publish(
            revision_id=one.pk, seen=request.POST.get("seen", ""), by=user_of(request), at=clock.now()
        )
    except IllegalTransition as error:
        messages.error(request, str(error.message))
    except DomainError as error:
        messages.error(request, refusal_words(error) if not error.violations else _("Nothing was published."))
        return revision_page(request, found(number), refusals=error.violations, status=409)
    else:
        messages.success(request, _("Published. Each price holds from its first day."))
    return redirect("pricing:office_revision", number)


def _confirmation(request: HttpRequest, one: PriceRevision) -> HttpResponse:
    at, rows = clock.now(), list(rows_of(one))
    shown = revision_shown(one, rows, user_of(request), at)
    if not shown.actions.publish:
        return redirect("pricing:office_revision", one.number)
    known = prices_by_key(known_prices(row.item_id for row in rows))
    changes = [each.change for each in differences_to_force(one, rows, known)]
    context: dict[str, Any] = {
        "rail": "prices",
        "view": shown,
        "starts": starts_of(rows, at),
        "new_count": changes.count(Change.NEW),
        "replaced_count": len(changes) - changes.count(Change.NEW),
        "reaches_past": any(start.is_past for start in starts_of(rows, at)),
        "simulation": ["repricing/_simulation_link.html", "pricing/office/_no_simulation.html"],
    }
    return render(request, "pricing/office/publish.html", context)
