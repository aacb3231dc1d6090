"""The charging rules that bind a hospital, for everyone to read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kernel import clock, presentation
from pricing.models import ChargeRule, PriceItem, TariffDocument
from pricing.pages.forms import PriceListForm
from pricing.queries import context_of
from pricing.queries.charge_rules import rules_found
from pricing.rules.kinds import Window
from registry.models import Institution

_ON_A_PAGE = 40
_MOST_NAMES = 6


class RuleListForm(PriceListForm):
    """Search the charging rules by item."""

    category = None  # type: ignore[assignment]  # rules have none


@dataclass(frozen=True, slots=True)
class ShownRule:
    """One rule in the page's language."""

    code: str
    kind: str
    text: str
    window: str
    limit: str
    """Empty for rules without one."""
    items: tuple[str, ...]
    partners: tuple[str, ...]
    """The other side, where the rule has one."""
    source: str
    document: TariffDocument
    period: str
    is_demonstration: bool


@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    """Rules in force at an institution on a day; a wrong day keeps what was typed and shows today."""
    today = clock.day_of(clock.now())
    form = RuleListForm(request.GET or None, initial={"on": today})
    form.is_valid()
    institution = form.valid("institution") or Institution.objects.order_by("pk").first()
    told: dict[str, Any] = {"form": form, "institution": institution, "tab": "home"}
    if institution is not None:
        on = form.valid("on") or today
        found = rules_found(context_of(institution, on), form.valid("q") or "")
        page = Paginator(found.prefetch_related("subjects", "partners"), _ON_A_PAGE).get_page(
            request.GET.get("page")
        )
        told |= {"page": page, "rules": shown_rules(page), "on": on, "is_today": on == today}
    return render(request, "pricing/rules.html", told)


def shown_rules(rules: Iterable[ChargeRule]) -> list[ShownRule]:
    """In words; ``document`` selected, ``subjects`` and ``partners`` prefetched."""
    return [_shown(rule) for rule in rules]


def _shown(rule: ChargeRule) -> ShownRule:
    return ShownRule(
        code=rule.code,
        kind=str(rule.get_kind_display()),
        text=rule.text if presentation.is_chinese() else rule.text_en or rule.text,
        window=_window(rule),
        limit=_limit(rule),
        items=_names(rule.subjects.all()),
        partners=_names(rule.partners.all()),
        source=" ".join(filter(None, (rule.document.number, rule.place))),
        document=rule.document,
        period=_period(rule.effective.lower, rule.effective.upper),
        is_demonstration=rule.document.is_demonstration,
    )


def _window(rule: ChargeRule) -> str:
    length = {"length": rule.window_length}
    words = {
        Window.VISIT: _("in one visit"),
        Window.DAY: _("on one day"),
        Window.DAYS: _("within %(length)s days") % length,
        Window.HOUR: _("in one hour of the clock"),
        Window.HOURS: _("within %(length)s hours") % length,
        Window.COURSE: _("in one course of treatment"),
    }
    return words[Window(rule.window)]


def _limit(rule: ChargeRule) -> str:
    if rule.limit_amount is not None:
        return _("%(limit)s at most") % {"limit": presentation.money(rule.limit_amount)}
    if rule.limit_quantity is not None:
        return _("%(limit)s at most") % {"limit": f"{rule.limit_quantity.normalize():f}"}
    return ""


def _names(items: Iterable[PriceItem]) -> tuple[str, ...]:
    """The first few by code; the last says how many more there are."""
    ordered = sorted(items, key=lambda item: item.code)
    names = [item.name if presentation.is_chinese() else item.name_en or item.name for item in ordered]
    if len(names) <= _MOST_NAMES:
        return tuple(names)
    return (*names[: _MOST_NAMES - 1], _("%(count)s more") % {"count": len(names) - _MOST_NAMES + 1})


def _period(begin: date, end: date | None) -> str:
    begins = date_format(begin, "DATE_FORMAT")
    if end is None:
        return _("from %(begin)s on") % {"begin": begins}
    last = date_format(end - timedelta(days=1), "DATE_FORMAT")
    return _("from %(begin)s to %(last)s") % {"begin": begins, "last": last}
