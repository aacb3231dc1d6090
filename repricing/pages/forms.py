"""What the offices type."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pricing.models import PriceRevision
from pricing.states import RevisionState
from registry.models import Institution

_DAY = {"invalid": _("Give a day as year-month-day, e.g. 2026-03-16.")}


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages=_DAY)


class SimulationForm(forms.Form):
    """Which revision over which days."""

    revision = forms.ModelChoiceField(
        PriceRevision.objects.exclude(state=RevisionState.ABANDONED),
        label=_("Price revision"),
        to_field_name="number",
        empty_label=None,
        error_messages={"invalid_choice": _("Choose one of the revisions.")},
    )
    first_on = _day(_("First day"))
    last_on = _day(_("Last day"))
    institution = forms.ModelChoiceField(
        Institution.objects.order_by("pk"),
        label=_("Hospital"),
        required=False,
        to_field_name="code",
        empty_label=_("all"),
    )

    @property
    def period(self) -> tuple[date, date]:
        """The days as typed, half-open; of a valid form."""
        return self.cleaned_data["first_on"], self.cleaned_data["last_on"] + timedelta(days=1)


class ReasonForm(forms.Form):
    """Why a line is left out; the rule asks for it, so that its words are said."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)


class ReceiptForm(forms.Form):
    """By what the money went back."""

    receipt = forms.CharField(label=_("Transfer or receipt"), required=False, max_length=100)
