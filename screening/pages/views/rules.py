"""The rules: list, one rule with its points and hits, and its switch."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import role_required, user_of
from kernel import clock
from kernel.errors import DomainError
from kernel.forms import show_refusal
from screening import operations
from screening.models import KindChoice, RuleSwitch, ScreeningRule
from screening.pages import presenters
from screening.pages.forms import RuleListForm, SwitchForm
from screening.permissions import OFFICE, READERS, can_decide, is_office
from screening.queries import listing
from screening.states import SwitchState

_POINTS, _HITS = 30, 10


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
        "switches": [(wish, can_decide(user, wish)) for wish in listing.open_switches()],
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
    return _shown(request, rule_with(number), SwitchForm())


def _shown(request: HttpRequest, one: ScreeningRule, form: SwitchForm, status: int = 200) -> HttpResponse:
    user = user_of(request)
    words = request.GET.get("q", "").replace("\0", "")[:60].strip()
    points = listing.points_matching(words, one).select_related("rule").prefetch_related("codes")
    page = Paginator(points.order_by("batch", "number", "pk"), _POINTS).get_page(request.GET.get("page"))
    hits = listing.findings_listed(listing.FindingFilter(rule=one.number))
    waiting = one.switches.filter(state=SwitchState.PROPOSED).select_related("proposed_by").first()
    context: dict[str, Any] = {
        "rail": "insurance", "tab": "screening", "part": "rules", "view": presenters.shown_rule(one), "page": page, "q": words,
        "points": presenters.shown_points(page.object_list), "form": form, "waiting": waiting,
        "hits": [presenters.shown_finding(hit) for hit in hits[:_HITS]],
        "imports": one.imports.select_related("taken_by", "uploaded_by").defer("read_points", "faults")[:5],
        "switches": one.switches.select_related("proposed_by", "decided_by")[:10],
        "may_act": is_office(user), "may_decide": waiting is not None and can_decide(user, waiting),
    }  # fmt: skip
    return render(request, "screening/office/rule.html", context, status=status)


@require_POST
@role_required(*OFFICE)
def switch(request: HttpRequest, number: str) -> HttpResponse:
    """Switch a rule, or propose it to a second person."""
    one, form = rule_with(number), SwitchForm(request.POST)
    form.is_valid()
    try:
        wish = operations.propose_switch(
            rule_id=one.pk, turns_on=not one.is_on, reason=form.cleaned_data.get("reason", ""),
            by=user_of(request), at=clock.now(),
        )  # fmt: skip
    except DomainError as error:
        show_refusal(form, error)
        return _shown(request, one, form, status=409)
    said = (
        _("A second person is asked to switch it off. Until then the rule stays on.")
        if wish.state == SwitchState.PROPOSED
        else _("The rule is switched.")
    )
    messages.success(request, said)
    return redirect("screening:rule", number)


@require_POST
@role_required(*OFFICE)
def decide(request: HttpRequest, switch_id: int) -> HttpResponse:
    """The second person approves or refuses; anybody of the office may take the wish back."""
    wish = RuleSwitch.objects.select_related("rule").filter(pk=switch_id).first()
    if wish is None:
        raise Http404
    decision, by, at = request.POST.get("decision"), user_of(request), clock.now()
    try:
        if decision == "withdraw":
            operations.withdraw_switch(switch_id=switch_id, by=by, at=at)
        else:
            operations.decide_switch(switch_id=switch_id, approves=decision == "approve", by=by, at=at)
    except DomainError as error:
        words = [f"{each.message} {each.way_on}".strip() for each in error.violations]
        messages.error(request, " ".join(words) or str(error.message))
    else:
        messages.success(request, _("Decided."))
    return redirect("screening:rule", wish.rule.number)
