"""Lists: all revisions, one of them, who changed what."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import role_required, user_of
from kernel import clock
from pricing.pages.office.presenters import wording
from pricing.pages.office.presenters.revision import revision_shown
from pricing.pages.office.presenters.trail import acts_of
from pricing.pages.office.views.common import found, revision_page
from pricing.permissions import MAY_CHANGE, MAY_SEE
from pricing.queries import revisions as queries
from pricing.states import RevisionState

_TO_A_PAGE = 30


@require_GET
@role_required(*MAY_SEE)
def revisions(request: HttpRequest) -> HttpResponse:
    """Revisions by state, narrowed by item, number or title; the newest first."""
    state = request.GET.get("state", "")
    typed = request.GET.get("q", "").strip()
    listed = queries.revisions_about(typed) if typed else queries.revisions()
    if state in set(RevisionState):
        listed = listed.filter(state=state)
    counts = queries.counts_by_state()
    page = Paginator(listed, _TO_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rail": "prices",
        "page": page,
        "lines": [(each, wording.STATE_WORDS[each.state]) for each in page.object_list],
        "states": [(value.value, wording.STATE_WORDS[value][1], counts[value]) for value in RevisionState],
        "all_count": sum(counts.values()),
        "state": state,
        "q": typed,
        "may_change": user_of(request).is_in_any(MAY_CHANGE),
    }
    return render(request, "pricing/office/list.html", context)


@require_GET
@role_required(*MAY_SEE)
def revision(request: HttpRequest, number: str) -> HttpResponse:
    """One revision: rows, what stands in the way, what may be done."""
    return revision_page(request, found(number))


@require_GET
@role_required(*MAY_SEE)
def trail(request: HttpRequest, number: str) -> HttpResponse:
    """Who changed what, before and after."""
    one = found(number)
    rows = list(queries.rows_of(one))
    shown = revision_shown(one, rows, user_of(request), clock.now())
    context = {"rail": "prices", "view": shown, "tab": "trail", "acts": acts_of(one)}
    return render(request, "pricing/office/trail.html", context)
