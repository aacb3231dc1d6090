"""Comparison of an item, and proof of the tariffs."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from kernel import clock
from pricing.models import PriceItem
from pricing.pages import comparing, proving
from pricing.pages.views import case_of
from pricing.queries import context_of, listed_items
from pricing.queries.across import comparison
from pricing.rules.proof import Severity

_ON_A_PAGE = 60  # rows


@require_safe
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """One item in every province and hospital where a number is known; the item may stand on any list."""
    _institution, on, _today = case_of(request)
    item = get_object_or_404(PriceItem, code=code.replace("\0", ""))
    found = comparison(item, on)
    page = Paginator(comparing.lines(found), _ON_A_PAGE).get_page(request.GET.get("page"))
    shown = {"item": item, "on": on, "charts": comparing.charts(found), "page": page, "tab": "home"}
    return render(request, "pricing/compare.html", shown)


@require_safe
def proof(request: HttpRequest) -> HttpResponse:
    """What is not in order in the tariffs of the institution's region."""
    institution, _on, today = case_of(request)
    form = proving.ProofForm(request.GET)
    form.is_valid()
    findings, checked_at = proving.findings_for(institution.region_code, clock.now(), today)
    page = Paginator(proving.chosen(findings, form), _ON_A_PAGE).get_page(request.GET.get("page"))
    found = list(page.object_list)
    codes = {each.item_code for each in found if each.item_code}
    listed = listed_items(context_of(institution, today)).filter(code__in=codes)
    shown = {
        "institution": institution,
        "checked_at": checked_at,
        "serious": sum(each.severity is Severity.WRONG for each in findings),
        "counts": proving.counted(findings),
        "form": form,
        "page": page,
        "found": proving.shown(found),
        "linked": set(listed.values_list("code", flat=True)),
        "tab": "home",
    }
    return render(request, "pricing/proof.html", shown)
