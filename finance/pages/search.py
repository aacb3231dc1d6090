"""Find a bill by anything."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import role_required
from checkout.states import CheckoutState
from finance.pages.words import STEPS
from finance.permissions import READERS
from finance.queries.search import AT_MOST, Hit, find


@require_safe
@role_required(*READERS)
def search(request: HttpRequest) -> HttpResponse:
    """The page; ``?q=`` holds the words."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:80]
    hits = find(words)
    context = {
        "rail": "finance",
        "tab": "search",
        "q": words,
        "lines": [(hit, _step_of(hit)) for hit in hits],
        "is_full": len(hits) >= AT_MOST,
    }
    return render(request, "finance/search.html", context)


def _step_of(hit: Hit) -> object:
    """Words of where its money stands; None for a bill without a checkout."""
    checkout = getattr(hit.bill, "checkout", None)
    return STEPS[CheckoutState(checkout.state)] if checkout else None
