"""Forms of the workbench."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.rules import STOP_REASONS
from encounters.models import Encounter, MedicalRecord

LONGEST = 500
RECORD_FIELDS = (
    "chief_complaint",
    "present_illness",
    "past_history",
    "allergy_history",
    "examination",
    "plan",
)


class RecordForm(forms.Form):
    """The medical record as the doctor types it; rules of completeness are the operation's."""

    ROWS: ClassVar[dict[str, int]] = {"present_illness": 3, "plan": 3}
    LABELS: ClassVar[dict[str, Any]] = {
        "chief_complaint": _("Chief complaint"),
        "present_illness": _("Present illness"),
        "past_history": _("Past history"),
        "allergy_history": _("Allergies"),
        "examination": _("Examination and results she reports"),
        "plan": _("Plan"),
    }

    diagnosis_ids = forms.CharField(required=False, widget=forms.HiddenInput)
    """Only the place beside which a refusal of the diagnoses is shown; the chips carry the ids."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Six texts, none of which the form itself demands."""
        super().__init__(*args, **kwargs)
        for name in RECORD_FIELDS:
            area = forms.Textarea(attrs={"rows": self.ROWS.get(name, 1)})
            self.fields[name] = forms.CharField(
                label=self.LABELS[name], max_length=LONGEST, required=False, widget=area
            )


def texts_of(form: RecordForm) -> dict[str, str]:
    """The six texts of a valid form."""
    return {name: form.cleaned_data[name] for name in RECORD_FIELDS}


def diagnosis_ids_in(posted: Any) -> list[int]:
    """Ids of the chosen diagnoses in the order of the chips; what is no number is left out."""
    return [int(value) for value in posted.getlist("diagnosis") if value.isdecimal()]


def record_initial(encounter: Encounter, record: MedicalRecord | None) -> dict[str, str]:
    """What was saved; before the first time what the patient has stated herself."""
    if record is not None:
        return {name: getattr(record, name) for name in RECORD_FIELDS}
    stated = {
        "chief_complaint": encounter.complaint,
        "allergy_history": encounter.allergies or encounter.patient.allergies,
    }
    return {name: stated.get(name, "") for name in RECORD_FIELDS}


class StopForm(forms.Form):
    """Why the visit is stopped; the patient reads both sentences."""

    code = forms.ChoiceField(label=_("Why"), choices=list(STOP_REASONS.items()), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("What she should do now"),
        help_text=_("The patient reads this. Her money goes back by itself."),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
