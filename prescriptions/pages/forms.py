"""What a doctor and a pharmacist type."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from prescriptions.errors import in_words
from prescriptions.models import Confirmation, PackCode, Prescription, PrescriptionLine, ReturnReason, Timing
from prescriptions.operations import DraftLine
from prescriptions.rules.dosing import plain
from prescriptions.rules.frequencies import FREQUENCIES
from prescriptions.rules.packs import LinePacks
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


class ReasonForm(forms.Form):
    """Why the insurance office decides by hand."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class TakeBackForm(forms.Form):
    """Which packs came back, and why."""

    codes = forms.MultipleChoiceField(
        label=_("Packs that came back"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(label=_("Why they came back"), max_length=200, required=False)

    def __init__(self, *args: Any, out: Sequence[PackCode], **kwargs: Any) -> None:
        """``out`` are the packs that are out."""
        super().__init__(*args, **kwargs)
        self.fields["codes"].choices = [(pack.code, f"{pack.line.drug.name} {pack.code}") for pack in out]  # type: ignore[attr-defined]


class PacksForm(forms.Form):
    """What is scanned of one line when its packs are handed out."""

    codes = forms.CharField(
        label=_("Traceability codes"), required=False, max_length=4000, help_text=_("One for each pack, 20 digits."),
        widget=forms.Textarea(attrs={"rows": 2, "inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    lot_number = forms.CharField(label=_("Lot number"), max_length=30, required=False)
    made_on = forms.DateField(
        label=_("Made on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    expires_on = forms.DateField(
        label=_("Good until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, typed: Mapping[str, Any] | None = None, *, line: PrescriptionLine) -> None:
        """Its fields are named after the line: several stand on one page."""
        super().__init__(typed, prefix=f"line-{line.number}")
        self.line = line

    def packs(self) -> LinePacks:
        """What was scanned; the form must be valid."""
        given = self.cleaned_data
        codes = tuple(part for part in re.split(r"[\s,，;；]+", given["codes"]) if part)
        return LinePacks(
            number=self.line.number, packs=self.line.packs, codes=codes, lot_number=given["lot_number"],
            made_on=given["made_on"], expires_on=given["expires_on"],
        )  # fmt: skip
