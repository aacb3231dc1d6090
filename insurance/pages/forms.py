"""What the insurance office types about a claim."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from insurance.rules.commands import CONCLUSIONS, Conclusion, HandRecord
from insurance.states import ClaimState

CHOICES = {
    Conclusion.SETTLED: _("It is settled there"),
    Conclusion.NOT_SETTLED: _("It is not settled there"),
    Conclusion.REVERSED: _("It is taken back there"),
    Conclusion.STANDS: _("The settlement stands and is not taken back"),
}


def _yuan(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"invalid": _("Give an amount in yuan, e.g. 12.50.")},
    )


class SeenForm(forms.Form):
    """What a person has found out about a claim whose outcome is known."""

    reason = forms.CharField(
        label=_("Who looked, and what was seen"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class ConclusionForm(forms.Form):
    """What the insurer's own screen shows; the record is typed only when there is one."""

    conclusion = forms.ChoiceField(label=_("What the screen shows"), widget=forms.RadioSelect)
    number = forms.CharField(label=_("Number of the settlement there"), max_length=30, required=False)
    fund = _yuan(_("Fund"))
    account = _yuan(_("Account"))
    cash = _yuan(_("Cash"))
    reason = forms.CharField(
        label=_("Who looked, and what was seen"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, state: ClaimState, **kwargs: Any) -> None:
        """Offers what fits the state."""
        super().__init__(*args, **kwargs)
        offered = CONCLUSIONS.get(state, ())
        self.fields["conclusion"].choices = [(one.value, CHOICES[one]) for one in offered]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Conclusion:
        """What was chosen; the form is valid."""
        return Conclusion(self.cleaned_data["conclusion"])

    @property
    def record(self) -> HandRecord | None:
        """The record that was typed; an empty part counts as zero."""
        if self.chosen not in (Conclusion.SETTLED, Conclusion.REVERSED):
            return None
        said = self.cleaned_data
        parts = {name: said[name] or Decimal("0.00") for name in ("fund", "account", "cash")}
        return HandRecord(number=said["number"], **parts)
