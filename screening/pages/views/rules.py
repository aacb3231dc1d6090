"""The rules: list, as they stood on a day, and one rule with its points, hits and versions."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import role_required, user_of
from kernel import clock
from screening.models import Grade, KindChoice, RuleVersion, ScreeningRule
from screening.pages import history, presenters
from screening.pages.forms import DayForm, RuleListForm, SwitchForm
from screening.permissions import READERS, can_decide, is_office
from screening.queries import listing
from screening.queries.versions import history_of, versions_on
from screening.rules.kinds import Effect
from screening.states import ChangeState

_POINTS, _HITS = 30, 10
_DROPPED = (ChangeState.REFUSED, ChangeState.WITHDRAWN)


@require_safe
@role_required(*READERS)
def rules(request: HttpRequest) -> HttpResponse:
    """Rules with their effect, source and hits, narrowed by words, kind and switch."""
    form = RuleListForm(request.GET)
    form.is_valid()
    words, kind, state = (form.cleaned_data.get(name, "") for name in ("q", "kind", "state"))
    user, at = user_of(request), clock.now()
    found = listing.rules_listed(words, kind, state, at=at)
    context: dict[str, Any] = {
        "rail": "insurance", "tab": "screening", "part": "rules", "form": form, "kinds": KindChoice.choices,
        "rules": [presenters.shown_rule(rule) for rule in found], "q": words, "kind": kind, "state": state,
        "wishes": [
            (history.shown_change(wish), can_decide(user, wish)) for wish in listing.open_changes()
        ],
        "today": clock.day_of(at),
    }  # fmt: skip
    return render(request, "screening/office/rules.html", context)


def rule_with(number: str) -> ScreeningRule:
    """The rule with this number.

    Raises:
        Http404: there is none.
    """
    found = ScreeningRule.objects.filter(number=number).first()
    if found is None:
        raise Http404
    return found


@require_safe
@role_required(*READERS)
def rule(request: HttpRequest, number: str) -> HttpResponse:
    """One rule: what it rests on, its points, its latest hits, its files and its switch."""
    return shown(request, rule_with(number), SwitchForm())


def shown(request: HttpRequest, one: ScreeningRule, form: SwitchForm, status: int = 200) -> HttpResponse:
    """The page of one rule, with a form to switch it."""
    user = user_of(request)
    words = request.GET.get("q", "").replace("\0", "")[:60].strip()
    points = listing.points_matching(words, one).select_related("rule").prefetch_related("codes")
    page = Paginator(points.order_by("batch", "number", "pk"), _POINTS).get_page(request.GET.get("page"))
    hits = listing.findings_listed(listing.FindingFilter(rule=one.number))
    waiting = one.changes.filter(state=ChangeState.PROPOSED).select_related("rule", "proposed_by").first()
    spans = history_of(one)
    context: dict[str, Any] = {
        "rail": "insurance", "tab": "screening", "part": "rules", "view": presenters.shown_rule(one), "page": page, "q": words,
        "points": presenters.shown_points(page.object_list), "form": form,
        "waiting": history.shown_change(waiting) if waiting else None,
        "hits": [presenters.shown_finding(hit) for hit in hits[:_HITS]],
        "imports": one.imports.select_related("taken_by", "uploaded_by").defer("read_points", "faults")[:5],
        "versions": [history.shown_version(span) for span in spans],
        "dropped": one.changes.filter(state__in=_DROPPED).select_related("proposed_by", "decided_by")[:10],
        "off_needs_two": one.is_on and _is_guarded(one, spans[-1].version),
        "may_act": is_office(user), "may_decide": waiting is not None and can_decide(user, waiting),
    }  # fmt: skip
    return render(request, "screening/office/rule.html", context, status=status)


def _is_guarded(one: ScreeningRule, shipped: RuleVersion) -> bool:
    """Whether switching it off takes two persons."""
    return one.effect == Effect.DENY or (one.grade == Grade.SOURCED and shipped.is_on)


@require_safe
@role_required(*READERS)
def on_day(request: HttpRequest) -> HttpResponse:
    """How every rule stood at the end of a day."""
    form = DayForm(request.GET or {"day": clock.day_of(clock.now())})
    day = form.cleaned_data["day"] if form.is_valid() else None
    context: dict[str, Any] = {
        "rail": "insurance", "tab": "screening", "part": "rules", "form": form, "day": day,
        "rows": [history.shown_on(version, day) for version in versions_on(day)] if day else [],
    }  # fmt: skip
    return render(request, "screening/office/on_day.html", context, status=422 if form.errors else 200)
