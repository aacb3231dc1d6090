"""Set a rule in another way, switch it, and the second person's decision."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import role_required, user_of
from kernel import clock
from kernel.errors import DomainError
from kernel.forms import show_refusal
from screening import operations
from screening.models import RuleChange
from screening.pages import history, presenters
from screening.pages.forms import ChangeForm, SwitchForm
from screening.pages.views.rules import rule_with, shown
from screening.permissions import OFFICE
from screening.queries.versions import shipped_version
from screening.states import ChangeState


@require_http_methods(["GET", "POST"])
@role_required(*OFFICE)
def change(request: HttpRequest, number: str) -> HttpResponse:
    """Thresholds, effect and switch of a rule, beside what was published."""
    rule = rule_with(number)
    shipped = shipped_version(rule)
    form = ChangeForm(rule, shipped, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            wish = operations.propose_change(
                rule_id=rule.pk, by=user_of(request), at=clock.now(), **form.wanted()
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            _tell(request, wish)
            return redirect("screening:rule", number)
    context: dict[str, Any] = {
        "rail": "insurance", "tab": "screening", "part": "rules", "view": presenters.shown_rule(rule), "form": form,
        "shipped": history.shown_setting(shipped), "waits": rule.changes.filter(state=ChangeState.PROPOSED).exists(),
    }  # fmt: skip
    return render(request, "screening/office/change.html", context, status=422 if form.errors else 200)


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
        return shown(request, one, form, status=409)
    _tell(request, wish)
    return redirect("screening:rule", number)


def _tell(request: HttpRequest, wish: RuleChange) -> None:
    if wish.state == ChangeState.PROPOSED:
        messages.success(request, _("A second person is asked. Until then the rule stays as it is."))
    else:
        messages.success(request, _("The rule is changed."))


@require_POST
@role_required(*OFFICE)
def decide(request: HttpRequest, change_id: int) -> HttpResponse:
    """The second person approves or refuses; anybody of the office may take the wish back."""
    wish = RuleChange.objects.select_related("rule").filter(pk=change_id).first()
    if wish is None:
        raise Http404
    decision, by, at = request.POST.get("decision"), user_of(request), clock.now()
    try:
        if decision == "withdraw":
            operations.withdraw_change(change_id=change_id, by=by, at=at)
        else:
            operations.decide_change(change_id=change_id, approves=decision == "approve", by=by, at=at)
    except DomainError as error:
        words = [f"{each.message} {each.way_on}".strip() for each in error.violations]
        messages.error(request, " ".join(words) or str(error.message))
    else:
        messages.success(request, _("Decided."))
    return redirect("screening:rule", wish.rule.number)
