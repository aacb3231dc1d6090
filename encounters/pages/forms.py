"""Forms of the booking steps: complaint, proof, consent."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.pages.forms import PlainForm
from encounters.models import DiagnosisCode, MedicalRecord, ProofKind
from encounters.queries import search_diagnoses

DISEASES_SHOWN = 12
PAPERS = [choice for choice in ProofKind.choices if choice[0] != ProofKind.OWN_RECORD]


def with_chosen(found: Sequence[DiagnosisCode], chosen: DiagnosisCode | None) -> list[DiagnosisCode]:
    """What was found, with what is chosen already before it."""
    if chosen is None:
        return list(found)
    return [chosen, *(code for code in found if code.pk != chosen.pk)]


class ComplaintForm(PlainForm):
    """How she is; ``cleaned_data`` is what ``operations.describe`` takes.

    The disease is chosen from a list that a search fills (``encounters/_disease_picker.html``). Without script the
    button beside the search posts the form; ``wants_search`` then says that nothing is to be saved yet.
    """

    complaint = forms.CharField(
        label=_("How are you?"),
        help_text=_("What troubles you, since when, and what you need, in your own words."),
        max_length=500,
        error_messages={"required": _("Describe how you are.")},
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 500}),
    )
    disease_id = forms.IntegerField(
        label=_("Disease a hospital has diagnosed"),
        error_messages={
            "required": _("Choose the disease a hospital has diagnosed."),
            "invalid": _("Choose the disease a hospital has diagnosed."),
        },
        widget=forms.HiddenInput,
    )
    allergies = forms.CharField(
        label=_("Allergies"),
        help_text=_("Medicines and food; write “none” if you know of nothing."),
        max_length=500,
        error_messages={"required": _("Say what you are allergic to; write “none” if you know of nothing.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    current_medicines = forms.CharField(
        label=_("Medicines you take now"),
        help_text=_("Name, how much and how often."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 500}),
    )

    @property
    def wants_search(self) -> bool:
        """Whether the button beside the search was pressed."""
        return "find" in self.data

    @property
    def searched(self) -> str:
        """What was typed into the search."""
        return str(self.data.get("q", "")).strip()

    @cached_property
    def chosen(self) -> DiagnosisCode | None:
        """The disease chosen so far."""
        value = str(self["disease_id"].value() or "")
        return DiagnosisCode.objects.filter(pk=int(value)).first() if value.isdecimal() else None

    @cached_property
    def found(self) -> list[DiagnosisCode]:
        """The diseases to choose from."""
        return with_chosen(search_diagnoses(self.searched, limit=DISEASES_SHOWN), self.chosen)


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; the cleaned value is a list, empty when none was chosen."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """Every file by itself; what they are is decided by their content later."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in files]


class ProofForm(PlainForm):
    """A record this hospital holds, or a paper of another hospital."""

    own_record_id = forms.TypedChoiceField(
        label=_("What proves the diagnosis?"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(
        label=_("Kind of paper"), choices=PAPERS, required=False, widget=forms.RadioSelect
    )
    diagnosed_on = forms.DateField(
        label=_("Day of the diagnosis"),
        help_text=_("As it stands on the paper."),
        required=False,
        error_messages={"invalid": _("Enter a day.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    hospital_name = forms.CharField(
        label=_("Hospital that made it"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    files = FilesField(  # type: ignore[assignment]  # the declared field leaves the class, the name stays free
        label=_("Photographs or PDF of the paper"),
        help_text=_("JPEG, PNG or PDF, at most 10 MB each and 9 files."),
        required=False,
        # An empty file is refused by what looks into it, with our words.
        allow_empty_file=True,
        widget=FilesInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )

    def __init__(
        self, *args: Any, own_records: Sequence[MedicalRecord] = (), today: date | None = None, **kwargs: Any
    ) -> None:
        """``own_records`` come from ``queries.own_records_of``; without any the question is left out."""
        super().__init__(*args, **kwargs)
        if own_records:
            choices: list[tuple[object, object]] = [(record.pk, _words(record)) for record in own_records]
            self.fields["own_record_id"].choices = [*choices, ("", _("I have a paper of a hospital"))]  # type: ignore[attr-defined]
        else:
            del self.fields["own_record_id"]
        if today is not None:
            self.fields["diagnosed_on"].widget.attrs["max"] = today.isoformat()

    @property
    def uploads(self) -> list[UploadedFile[Any]]:
        """The files she chose; hand each to ``operations.add_proof_file`` before the statement."""
        return list(self.cleaned_data.get("files") or [])

    def statement(self) -> dict[str, Any]:
        """What ``operations.state_proof`` takes."""
        own = self.cleaned_data.get("own_record_id")
        if own:
            return {"kind": ProofKind.OWN_RECORD.value, "own_record_id": own}
        return {name: self.cleaned_data.get(name) for name in ("kind", "diagnosed_on", "hospital_name")}


def _words(record: MedicalRecord) -> str:
    """Day, department and diagnoses of a record, in the reader's language."""
    encounter, is_english = record.encounter, (get_language() or "").startswith("en")
    codes = [diagnosis.code for diagnosis in record.diagnoses.all()]
    names = [code.name_en if is_english and code.name_en else code.name for code in codes]
    department = encounter.department.name_en if is_english else encounter.department.name
    return f"{encounter.service_on:%Y-%m-%d} {department}: {', '.join(names)}"


class ConsentForm(PlainForm):
    """The signature under the consent."""

    agreed = forms.BooleanField(
        label=_("I have read the text and agree to it."),
        error_messages={"required": _("Tick that you have read the text and agree to it.")},
    )
    signed_name = forms.CharField(
        label=_("Sign with your name"),
        help_text=_("Your own name as on your identity card, also when you act for your family."),
        max_length=50,
        error_messages={"required": _("Type your name to sign.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
