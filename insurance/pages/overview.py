"""The overview of the insurance office: what is open, what was settled, and what ends."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from accounts.permissions import role_required
from insurance.models import Agreement, Route
from insurance.pages.charts import Columns, columns
from insurance.pages.words import state_words
from insurance.permissions import READERS
from insurance.queries.dashboard import Dashboard, Day, dashboard
from kernel import clock
from kernel.money import ZERO

SPANS = (7, 30, 90)
USUAL_SPAN = 30
AGE_HEADS = (
    gettext_lazy("1 min"),
    gettext_lazy("15 min"),
    gettext_lazy("1 h"),
    gettext_lazy("1 day"),
    gettext_lazy("longer"),
)


@dataclass(frozen=True, slots=True)
class Totals:
    """All days together, in yuan and claims."""

    fund: Decimal
    account: Decimal
    cash: Decimal
    sent: int
    settled: int
    refused: int
    undone: int
    unknown: int
    by_mobile: int

    @property
    def total(self) -> Decimal:
        """What was settled, in yuan."""
        return self.fund + self.account + self.cash


@require_safe
@role_required(*READERS)
def overview(request: HttpRequest) -> HttpResponse:
    """The page; ``?days=7|30|90``."""
    span = _span(request)
    found, totals = _found(span)
    context: dict[str, Any] = {
        "rail": "insurance",
        "tab": "overview",
        "found": found,
        "totals": totals,
        "span": span,
        "spans": SPANS,
        "success": _share(totals.settled, totals.sent - totals.unknown),
        "median": _duration(found.median_seconds),
        "slow": _duration(found.slow_seconds),
        "mobile": _mobile(found),
        "ages": [(state_words(row.state), row) for row in found.ages],
        "age_heads": AGE_HEADS,
        "money": _money_drawn(found.days),
        "outcomes": _outcomes_drawn(found.days),
        "money_title": _money_title(totals),
        "agreements": [_agreement(row) for row in found.agreements],
        "days_back": list(reversed(found.days)),
    }
    return render(request, "insurance/office/overview.html", context)


@require_safe
@role_required(*READERS)
def export(request: HttpRequest) -> HttpResponse:
    """The table of the days as CSV; opens in a spreadsheet as it is."""
    found, _totals = _found(_span(request))
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    first, last = found.days[0].on, found.days[-1].on
    answer["Content-Disposition"] = f'attachment; filename="insurance-{first:%Y%m%d}-{last:%Y%m%d}.csv"'
    table = csv.writer(answer)
    heads = ("on", "fund", "account", "cash", "sent", "settled", "refused", "undone", "unknown", "by_mobile")
    table.writerow(heads)
    table.writerows([getattr(day, head) for head in heads] for day in found.days)
    return answer


def _span(request: HttpRequest) -> int:
    """How many days.

    Raises:
        Http404: a number that is not offered.
    """
    asked = request.GET.get("days", str(USUAL_SPAN))
    if asked not in map(str, SPANS):
        raise Http404
    return int(asked)


def _found(span: int) -> tuple[Dashboard, Totals]:
    now = clock.now()
    today = clock.day_of(now)
    found = dashboard(first_on=today - timedelta(days=span - 1), last_on=today, at=now)
    return found, _totals(found.days)


def _totals(days: tuple[Day, ...]) -> Totals:
    return Totals(
        fund=sum((day.fund for day in days), ZERO),
        account=sum((day.account for day in days), ZERO),
        cash=sum((day.cash for day in days), ZERO),
        sent=sum(day.sent for day in days),
        settled=sum(day.settled for day in days),
        refused=sum(day.refused for day in days),
        undone=sum(day.undone for day in days),
        unknown=sum(day.unknown for day in days),
        by_mobile=sum(day.by_mobile for day in days),
    )


def _share(part: int, whole: int) -> str:
    """``98.6 %``; a dash where there is nothing to divide."""
    return f"{Decimal(100 * part) / whole:.1f} %" if whole else "–"


def _duration(seconds: float | None) -> str:
    """In the unit that fits; a dash for nothing."""
    if seconds is None:
        return "–"
    if seconds < 60:
        return _("%(seconds)s s") % {"seconds": f"{seconds:.1f}"}
    if seconds < 3600:
        return _("%(minutes)s min") % {"minutes": f"{seconds / 60:.1f}"}
    return _("%(hours)s h") % {"hours": f"{seconds / 3600:.1f}"}


def _mobile(found: Dashboard) -> dict[str, Any]:
    """Share of mobile payment in what was settled, and how much of it succeeds."""
    routes = {row.route: row for row in found.routes}
    mobile = routes.get(Route.MOBILE)
    settled = sum(row.settled for row in found.routes)
    return {
        "share": _share(mobile.settled, settled) if mobile else _share(0, settled),
        "success": _share(mobile.settled, mobile.sent) if mobile else "–",
        "settled": mobile.settled if mobile else 0,
        "sent": mobile.sent if mobile else 0,
    }


def _money_title(totals: Totals) -> str:
    if not totals.total:
        return _("Nothing was settled in these days")
    share = Decimal(100) * totals.fund / totals.total
    return _("The fund paid %(share)s %% of what was settled") % {"share": f"{share:.0f}"}


def _money_drawn(days: tuple[Day, ...]) -> Columns:
    values = [(day.fund, day.account, day.cash) for day in days]
    return columns([day.on for day in days], ("fund", "account", "self"), values)


def _outcomes_drawn(days: tuple[Day, ...]) -> Columns:
    values = [tuple(map(Decimal, (day.settled, day.refused, day.undone, day.unknown))) for day in days]
    return columns([day.on for day in days], ("settled", "refused", "undone", "unknown"), values)


def _agreement(row: Agreement) -> dict[str, Any]:
    """An agreement and how long it still lasts."""
    left = _days_left(row.valid_until)
    words = "" if left is None else ngettext("%(left)s day left", "%(left)s days left", left) % {"left": left}
    return {"row": row, "left": left, "words": words, "is_over": left is not None and left <= 0}


def _days_left(until: date | None) -> int | None:
    return None if until is None else (until - clock.day_of(clock.now())).days
