"""A revision beside the prices in force, or beside another version."""

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import role_required, user_of
from kernel import clock
from pricing.models import PriceRevision, ProposedPrice
from pricing.pages.office.presenters.comparison import lines_of, sums_of
from pricing.pages.office.presenters.revision import revision_shown
from pricing.pages.office.views.common import found
from pricing.permissions import MAY_SEE
from pricing.queries.revisions import known_prices, prices_by_key, rows_of
from pricing.queries.versions import Difference, differences_between, differences_to_force

_TO_A_PAGE = 100


@require_GET
@role_required(*MAY_SEE)
def compare(request: HttpRequest, number: str) -> HttpResponse:
    """Old amount, new amount, change; ``with`` names another version, ``only=changed`` hides what stays."""
    one, at = found(number), clock.now()
    rows = list(rows_of(one).select_related("replaces__item", "replaces__document", "replaces__institution", "replaces__base_item", "revision__document"))  # fmt: skip
    other = PriceRevision.objects.filter(number=request.GET.get("with", "")).exclude(pk=one.pk).first()
    differences = _differences(one, rows, other)
    shown = (
        [each for each in differences if each.change != "same"] if "changed" in request.GET else differences
    )
    page = Paginator(shown, _TO_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rail": "prices",
        "view": revision_shown(one, rows, user_of(request), at),
        "tab": "compare",
        "other": other,
        "others": PriceRevision.objects.exclude(pk=one.pk).order_by("-pk")[:100],
        "page": page,
        "lines": lines_of(list(page.object_list), at),
        "sums": sums_of(differences),
        "only_changed": "changed" in request.GET,
    }
    return render(request, "pricing/office/compare.html", context)


def _differences(
    one: PriceRevision, rows: Sequence[ProposedPrice], other: PriceRevision | None
) -> list[Difference]:
    if other is not None:
        return differences_between(rows_of(other).select_related("revision__document"), rows)
    known = prices_by_key(known_prices(row.item_id for row in rows))
    return differences_to_force(one, rows, known)
