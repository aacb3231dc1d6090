"""What the views of the price office share."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.permissions import user_of
from kernel import clock
from kernel.errors import DomainError, Violation
from pricing.models import PriceRevision
from pricing.pages.office.forms import NoteForm
from pricing.pages.office.presenters.revision import revision_shown, rows_shown
from pricing.queries.revisions import revisions, rows_of

_TO_A_PAGE = 100


def found(number: str) -> PriceRevision:
    """The revision with this number.

    Raises:
        Http404: there is none.
    """
    revision = revisions().filter(number=number).first()
    if revision is None:
        raise Http404
    return revision


def refusal_words(error: DomainError) -> str:
    """All that was refused, in one line."""
    if not error.violations:
        return str(error.message)
    return " ".join(f"{each.message} {each.way_on}".strip() for each in error.violations)


def revision_page(
    request: HttpRequest,
    revision: PriceRevision,
    *,
    refusals: Sequence[Violation] = (),
    note: NoteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a revision; the number of statements does not depend on its rows."""
    at, rows = clock.now(), list(rows_of(revision))
    shown = revision_shown(revision, rows, user_of(request), at, refusals)
    page = Paginator(rows, _TO_A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "rail": "prices",
        "view": shown,
        "tab": "rows",
        "page": page,
        "rows": rows_shown(revision, page.object_list, shown.problems, at),
        "note_form": note or NoteForm(),
        "simulation": ["repricing/_simulation_link.html", "pricing/office/_no_simulation.html"],
    }
    return render(request, "pricing/office/revision.html", context, status=status)
