"""Packs on the pharmacist's desk: what is scanned when they go out, and which of them may come back."""

from typing import Any

from django.http import QueryDict

from kernel.errors import DomainError
from kernel.forms import words_of
from prescriptions.models import Circulation, PackCode, Prescription
from prescriptions.pages.forms import PacksForm, TakeBackForm
from prescriptions.pages.presenters.circulation import circulation_words
from prescriptions.states import CLOSED, PrescriptionState


def packs_forms(prescription: Prescription, typed: QueryDict | None = None) -> list[PacksForm]:
    """A form for each line, in order."""
    return [PacksForm(typed, line=line) for line in prescription.lines.all()]


def show_packs_refusal(forms: list[PacksForm], error: DomainError) -> None:
    """Put what a rule says of a line's codes beside them."""
    by_line = {f"codes-{form.line.number}": form for form in forms}
    for violation in error.violations:
        if violation.field in by_line:
            by_line[violation.field].add_error("codes", words_of(violation))


def handed_out(prescription: Prescription, form: TakeBackForm | None = None) -> dict[str, Any]:
    """Codes that went out, the form to note that some came back, and what still circulates."""
    circulation = Circulation.objects.filter(prescription=prescription).first()
    shown: dict[str, Any] = {"circulation": circulation}
    if circulation is not None:
        shown["circulation_words"] = circulation_words(circulation.state)
        shown["is_circulating"] = circulation.state not in CLOSED
    if prescription.state != PrescriptionState.DISPENSED:
        return shown
    packs = list(
        PackCode.objects.filter(line__prescription=prescription).select_related("line__drug", "returned_by")
    )
    out = [pack for pack in packs if pack.returned_at is None]
    return shown | {"handed_out": packs, "take_back_form": (form or TakeBackForm(out=out)) if out else None}
