"""The overview of the finance office: what waits for a person, and where the money stands."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import role_required
from finance.permissions import READERS


@require_safe
@role_required(*READERS)
def overview(request: HttpRequest) -> HttpResponse:
    """The page."""
    return render(request, "finance/overview.html", {"rail": "finance", "tab": "overview"})
