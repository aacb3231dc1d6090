"""Look: all agreements, one of them, what is payable."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import role_required, user_of
from insurance.models import Agreement
from insurance.pages.agreements.forms import (
    AreaForm,
    EndForm,
    PaperForm,
    RefuseForm,
    ResumeForm,
    SignForm,
    SuspendForm,
)
from insurance.pages.agreements.presenters import STATE_WORDS, possible, shown, timeline
from insurance.permissions import OFFICE, READERS
from insurance.queries import agreement_lists as queries
from insurance.queries.agreements import payable_facts
from insurance.states import AgreementState
from kernel import clock
from registry.queries import institution

_TO_A_PAGE = 30
FORMS: dict[str, type[forms.Form]] = {
    "sign": SignForm,
    "refuse": RefuseForm,
    "suspend": SuspendForm,
    "resume": ResumeForm,
    "end": EndForm,
    "paper": PaperForm,
}


@require_GET
@role_required(*READERS)
def agreements(request: HttpRequest) -> HttpResponse:
    """By state, narrowed by number, hospital or agency."""
    state, typed = request.GET.get("state", ""), request.GET.get("q", "").replace("\0", "").strip()
    listed = queries.agreements_listed(state=state, typed=typed)
    page = Paginator(listed, _TO_A_PAGE).get_page(request.GET.get("page"))
    counts, today = queries.counts_by_state(), clock.day_of(clock.now())
    context = {
        "rail": "insurance",
        "tab": "agreements",
        "page": page,
        "lines": [shown(row, today) for row in page.object_list],
        "states": [(one.value, STATE_WORDS[one][1], counts[one.value]) for one in AgreementState],
        "all_count": sum(counts.values()),
        "state": state,
        "q": typed,
        "may_act": user_of(request).is_in_any(OFFICE),
    }
    return render(request, "insurance/agreements/list.html", context)


@require_GET
@role_required(*READERS)
def agreement(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """One agreement."""
    return agreement_page(request, found(agreement_id))


def found(agreement_id: int) -> Agreement:
    """The agreement with all that its page shows.

    Raises:
        Http404: there is none.
    """
    row = queries.agreement_with_all(agreement_id)
    if row is None:
        raise Http404
    return row


def agreement_page(
    request: HttpRequest,
    row: Agreement,
    *,
    tried: str = "",
    form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; ``tried`` names the act whose ``form`` is shown again with what is wrong."""
    today = clock.day_of(clock.now())
    blank = {name: make(auto_id=f"{name}_%s") for name, make in FORMS.items()}
    context: dict[str, Any] = {
        "rail": "insurance",
        "tab": "agreements",
        "shown": shown(row, today),
        "one": row,
        "items": timeline(row, today),
        "acts": possible(row),
        "forms": blank | ({tried: form} if form else {}),
        "form": form,
        "tried": tried,
        "may_act": user_of(request).is_in_any(OFFICE),
    }
    return render(request, "insurance/agreements/detail.html", context, status=status)


@require_GET
@role_required(*READERS)
def payable(request: HttpRequest) -> HttpResponse:
    """All rules, and which of them decide in an area on a day."""
    today, hospital = clock.day_of(clock.now()), institution()
    asked = {"area": hospital.region_code if hospital else "", "on": today.isoformat()}
    form = AreaForm({name: request.GET.get(name, value) for name, value in asked.items()})
    rules, deciding = queries.payable_rules(), {}
    if form.is_valid():
        facts = [payable_facts(rule) for rule in rules]
        deciding = queries.deciding_rules(facts, area=form.cleaned_data["area"], on=form.cleaned_data["on"])
    context = {
        "rail": "insurance",
        "tab": "agreements",
        "form": form,
        "rules": rules,
        "deciding": set(deciding.values()),
    }
    return render(request, "insurance/agreements/payable.html", context)
