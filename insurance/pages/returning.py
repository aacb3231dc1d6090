"""Lines of a settled bill are given back by order of the insurance office."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.permissions import role_required, user_of
from insurance.models import Claim
from insurance.operations import return_lines as give_back
from insurance.operations.uploading import ClaimedLine, lines_of
from insurance.pages.desk import found
from insurance.permissions import OFFICE
from insurance.states import ClaimState
from kernel import clock
from kernel.errors import DomainError
from kernel.forms import show_refusal
from kernel.presentation import is_chinese, money


class LinesForm(forms.Form):
    """Lines of a bill; that at least one is chosen is asked by the rule (IN-39)."""

    lines = forms.MultipleChoiceField(
        label=gettext_lazy("Lines that are given back"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        """Offers what the claim settles."""
        super().__init__(*args, **kwargs)
        offered = [(str(line.number), _words(line)) for line in lines_of(claim)]
        self.fields["lines"].choices = offered  # type: ignore[attr-defined]

    @property
    def numbers(self) -> list[int]:
        """What was chosen; the form is valid."""
        return [int(number) for number in self.cleaned_data["lines"]]


def _words(claimed: ClaimedLine) -> str:
    """Its name in the reader's language, and its amount."""
    line = claimed.line
    name = line.name if is_chinese() or not line.name_en else line.name_en
    return f"{line.number}. {name} · {money(claimed.amount)}"


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*OFFICE)
def return_lines(request: HttpRequest, batch_number: str) -> HttpResponse:
    """Choose lines, and let the insurer take the settlement back and settle what stays."""
    one = found(batch_number)
    if request.method != "POST":
        if one.state != ClaimState.SETTLED:
            return redirect("insurance:claim", one.batch_number)
        return _page(request, one, LinesForm(claim=one))
    form = LinesForm(request.POST, claim=one)
    if form.is_valid():
        try:
            give_back(bill_id=one.bill_id, line_numbers=form.numbers, by=user_of(request), at=clock.now())
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The lines are being returned. What becomes of it appears here."))
            return redirect("insurance:claim", one.batch_number)
    return _page(request, one, form, status=422)


def _page(request: HttpRequest, one: Claim, form: LinesForm, status: int = 200) -> HttpResponse:
    context = {"rail": "insurance", "tab": "claims", "claim": one, "form": form}
    return render(request, "insurance/office/return_lines.html", context, status=status)
