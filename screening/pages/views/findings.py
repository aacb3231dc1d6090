"""What the rules found: list, one look at one order, and a table to take away."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import role_required
from kernel import clock
from screening.models import Analysis
from screening.pages import presenters
from screening.pages.forms import FindingListForm
from screening.pages.views.files import table
from screening.permissions import READERS
from screening.queries import listing

_TO_A_PAGE = 50
_MOST_EXPORTED = 20_000


@require_safe
@role_required(*READERS)
def findings(request: HttpRequest) -> HttpResponse:
    """Findings, the newest first; the filters stay in the address."""
    form = FindingListForm(request.GET)
    wanted = form.wanted()
    page = Paginator(listing.findings_listed(wanted), _TO_A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "rail": "insurance", "tab": "screening", "part": "findings", "form": form, "page": page,
        "lines": [presenters.shown_finding(one) for one in page.object_list], "wanted": wanted,
        "query": request.GET.urlencode(), "is_narrowed": any(request.GET.get(name) for name in form.fields),
    }  # fmt: skip
    return render(request, "screening/office/findings.html", context)


@require_safe
@role_required(*READERS)
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The findings of the same filters as a table; names stay masked."""
    heading = [
        _("At"), _("Order"), _("Visit"), _("When"), _("How it ended"), _("Rule"), _("Effect"), _("Lines"),
        _("Finding"), _("Reason to go on"), _("Doctor"), _("Patient"), _("Source"),
    ]  # fmt: skip
    name = f"findings-{clock.day_of(clock.now()).isoformat()}"
    return table(heading, _rows(FindingListForm(request.GET)), form, name)


def _rows(form: FindingListForm) -> Iterator[list[str]]:
    found = listing.findings_listed(form.wanted())[:_MOST_EXPORTED]
    for one in map(presenters.shown_finding, found):
        row, screening = one.finding, one.finding.screening
        yield [
            f"{timezone.localtime(screening.at):%Y-%m-%d %H:%M:%S}", screening.order_key,
            screening.encounter.number, screening.get_moment_display(), screening.get_outcome_display(), row.rule,
            row.get_effect_display(), " ".join(map(str, row.line_numbers)), one.message, row.reason,
            screening.encounter.practitioner.name, str(screening.encounter.patient), one.source,
        ]  # fmt: skip


@require_safe
@role_required(*READERS)
def screening(request: HttpRequest, screening_id: int) -> HttpResponse:
    """One look at one order: everything found, how it was answered, what the insurer said."""
    one = listing.screening_shown(screening_id)
    if one is None:
        raise Http404
    asked = Analysis.objects.filter(order_key=one.order_key, moment=one.moment).select_related("report")
    context = {
        "rail": "insurance", "tab": "screening", "part": "findings", "one": one,
        "badge": presenters.outcome_badge(one), "asked": asked,
        "lines": [presenters.shown_finding(finding) for finding in one.findings.all()],
    }  # fmt: skip
    return render(request, "screening/office/screening.html", context)
