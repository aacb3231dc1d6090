"""The desk of the insurance office: claims to look at, and one claim with everything that was said about it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.permissions import role_required
from insurance.models import Claim
from insurance.pages.words import state_words
from insurance.permissions import READERS
from insurance.queries import desk
from insurance.queries.dashboard import OPEN
from insurance.states import ClaimState

TO_A_PAGE = 50
SHOWN = {
    "": _("All"),
    desk.PERSON: _("Wait for a person"),
    desk.UNKNOWN_ONLY: _("Outcome not known"),
    desk.OPEN_ONLY: _("Under way"),
}


@require_safe
@role_required(*READERS)
def claims(request: HttpRequest) -> HttpResponse:
    """The list; ``?show=``, ``?state=``, ``?q=`` and ``?page=`` stay in the address."""
    show, state = request.GET.get("show", ""), request.GET.get("state", "")
    if show not in SHOWN or (state and state not in list(ClaimState)):
        raise Http404
    words = request.GET.get("q", "").replace("\0", "")[:60]
    page = Paginator(desk.claims(show=show, state=state, words=words), TO_A_PAGE).get_page(
        request.GET.get("page")
    )
    counted = desk.counts()
    context: dict[str, Any] = {
        "rail": "insurance",
        "tab": "claims",
        "page": page,
        "lines": [
            (one, state_words(one.state), one.next_ask_at if one.state in OPEN else None)
            for one in page.object_list
        ],
        "shown": [(value, word, counted[value]) for value, word in SHOWN.items()],
        "show": show,
        "state": state,
        "state_word": state_words(state).word if state else "",
        "q": words,
    }
    return render(request, "insurance/office/claims.html", context)


def found(batch_number: str) -> Claim:
    """The claim of this batch.

    Raises:
        Http404: there is none.
    """
    claim = desk.claim_with(batch_number)
    if claim is None:
        raise Http404
    return claim
