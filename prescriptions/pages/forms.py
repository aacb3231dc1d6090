"""What a doctor and a pharmacist type."""

from decimal import Decimal
from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from prescriptions.errors import in_words
from prescriptions.models import Confirmation, Prescription, PrescriptionLine, ReturnReason, Timing
from prescriptions.operations import DraftLine
from prescriptions.rules.dosing import plain
from prescriptions.rules.frequencies import FREQUENCIES
from prescriptions.rules.supply import BEYOND_FOUR_WEEKS, FIVE_TICKS, MAX_VALIDITY_DAYS


def frequency_choices() -> list[tuple[str, str]]:
    """Code and words in the reader's language, in the order of the dictionary."""
    return [(code, in_words(frequency.words)) for code, frequency in FREQUENCIES.items()]


class LineForm(forms.Form):
    """One line: how much, how often, when, for how long."""

    dose = forms.DecimalField(
        label=_("Single dose"), min_value=Decimal("0.0001"), max_digits=10, decimal_places=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "cell", "autocomplete": "off"}),
    )  # fmt: skip
    frequency = forms.ChoiceField(
        label=_("How often"), choices=frequency_choices, widget=forms.Select(attrs={"class": "cell"})
    )
    timing = forms.ChoiceField(
        label=_("When"),
        required=False,
        choices=[("", "—"), *Timing.choices],
        widget=forms.Select(attrs={"class": "cell"}),
    )
    days = forms.IntegerField(
        label=_("Days"), min_value=1, max_value=999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "cell", "autocomplete": "off"}),
    )  # fmt: skip
    note = forms.CharField(
        label=_("How to take it"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"class": "cell", "autocomplete": "off", "placeholder": _("how to take it")}),
    )  # fmt: skip

    def __init__(self, *args: Any, number: int = 0, **kwargs: Any) -> None:
        """``number`` keeps the ids of several lines apart."""
        super().__init__(*args, **kwargs)
        self.auto_id = f"rx-{number}-%s"

    @classmethod
    def of(cls, line: PrescriptionLine) -> Self:
        """A form that shows a line."""
        shown = {
            "dose": plain(line.dose), "frequency": line.frequency, "timing": line.timing, "days": line.days, "note": line.note,
        }  # fmt: skip
        return cls(initial=shown, number=line.number)

    def draft_line(self, drug_id: int) -> DraftLine:
        """What was typed, for a drug; the form is valid."""
        return DraftLine(drug_id=drug_id, **self.cleaned_data)


class OptionsForm(forms.Form):
    """What holds for the whole prescription."""

    is_long_term = forms.BooleanField(label=_("Long-term prescription"), required=False)
    confirmations = forms.MultipleChoiceField(
        label=_("Conditions"),
        required=False,
        choices=Confirmation.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    days_reason = forms.CharField(label=_("Reason for more than 7 days"), required=False, max_length=200)
    evaluation = forms.CharField(label=_("Evaluation for more than 4 weeks"), required=False, max_length=300)
    validity_days = forms.TypedChoiceField(
        label=_("Valid for days, today included"),
        coerce=int,
        choices=[(n, str(n)) for n in range(1, MAX_VALIDITY_DAYS + 1)],
    )
    validity_reason = forms.CharField(label=_("Reason for more than one day"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ids of their own: the editor stands on a page with other forms."""
        super().__init__(*args, **kwargs)
        self.auto_id = "rx-%s"

    @classmethod
    def of(cls, prescription: Prescription) -> Self:
        """A form that shows what a draft says."""
        names = (
            "is_long_term",
            "confirmations",
            "days_reason",
            "evaluation",
            "validity_days",
            "validity_reason",
        )
        return cls(initial={name: getattr(prescription, name) for name in names})

    def five(self) -> list[forms.boundfield.BoundWidget]:
        """The five conditions of a long-term prescription."""
        return [box for box in self["confirmations"] if box.data["value"] in FIVE_TICKS]

    def beyond(self) -> list[forms.boundfield.BoundWidget]:
        """What more than four weeks needs besides."""
        return [box for box in self["confirmations"] if box.data["value"] in BEYOND_FOUR_WEEKS]


class ReturnForm(forms.Form):
    """Why a pharmacist returns a prescription."""

    reason_code = forms.ChoiceField(label=_("Reason"), choices=[("", "—"), *ReturnReason.choices])
    reason = forms.CharField(
        label=_("What the doctor should change"), max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "data-key": "r"}),
    )  # fmt: skip
