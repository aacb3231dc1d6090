"""Act: apply, sign, refuse, suspend, resume, end."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import role_required, user_of
from insurance.models import Agreement
from insurance.operations import agreements as operations
from insurance.pages.agreements.forms import ApplicationForm
from insurance.pages.agreements.listing import FORMS, agreement_page, found
from insurance.permissions import OFFICE
from kernel import clock
from kernel.errors import DomainError, Text
from kernel.forms import show_refusal
from kernel.workflow import IllegalTransition
from registry.queries import institution

_ACTS: Mapping[str, tuple[Callable[..., Agreement], Text]] = {
    "sign": (operations.sign_agreement, gettext_lazy("Signed. It counts from its first day on.")),
    "refuse": (operations.refuse_agreement, gettext_lazy("Recorded: the agency does not sign.")),
    "suspend": (
        operations.suspend_agreement,
        gettext_lazy("Suspended. Patients are told the reason before they pay."),
    ),
    "resume": (operations.resume_agreement, gettext_lazy("It counts again from that day on.")),
    "end": (operations.end_agreement, gettext_lazy("Ended. What was settled before stays.")),
}


@require_http_methods(["GET", "POST"])
@role_required(*OFFICE)
def new(request: HttpRequest) -> HttpResponse:
    """An application; the supplement of the hospital's agreement is the usual case."""
    hospital = institution()
    form = ApplicationForm(request.POST or None, initial=_usual(hospital))
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.apply_for_agreement(
                **_columns(form.cleaned_data), by=user_of(request), at=clock.now()
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Recorded. It counts once the agency has signed."))
            return redirect("insurance:agreement", made.pk)
    status = 422 if form.is_bound else 200
    context = {"rail": "insurance", "tab": "agreements", "form": form}
    return render(request, "insurance/agreements/new.html", context, status=status)


def _usual(hospital: Any) -> dict[str, object]:
    return {
        "kind": "internet_plus",
        "institution": hospital,
        "pooling_area": hospital.region_code if hospital else "",
    }


def _columns(typed: dict[str, Any]) -> dict[str, Any]:
    """The form's values under the names of the operation."""
    rows = {"institution_id": typed.pop("institution").pk, "main_id": getattr(typed.pop("main"), "pk", None)}
    return typed | rows


@require_POST
@role_required(*OFFICE)
def decide(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """One of the acts; a refusal shows the page with what was typed and every reason."""
    row, name = found(agreement_id), request.POST.get("do", "")
    if name not in _ACTS:
        raise Http404
    operation, said = _ACTS[name]
    form = FORMS[name](request.POST, auto_id=f"{name}_%s")
    if not form.is_valid():
        return agreement_page(request, row, tried=name, form=form, status=422)
    try:
        operation(agreement_id=row.pk, **form.cleaned_data, by=user_of(request), at=clock.now())
    except IllegalTransition as error:
        messages.error(request, str(error.message))
        return redirect("insurance:agreement", agreement_id)
    except DomainError as error:
        show_refusal(form, error)
        return agreement_page(request, found(agreement_id), tried=name, form=form, status=409)
    messages.success(request, str(said))
    return redirect("insurance:agreement", agreement_id)
