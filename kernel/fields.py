"""What the field component needs to draw a bound form field."""

from typing import Any

from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    RadioSelect,
    Select,
    Textarea,
)
from django.forms import Field as PlainField
from django.utils.translation import gettext

_KINDS: tuple[tuple[type, str], ...] = (
    (RadioSelect, "options"),
    (CheckboxSelectMultiple, "options"),
    (CheckboxInput, "tick"),
    (FileInput, "file"),
    (Textarea, "plain"),
    (Select, "plain"),
)
"""First match decides: RadioSelect is itself a Select in Django's eyes."""


def kind_of(bound: BoundField) -> str:
    """How the field is drawn: ``options``, ``tick``, ``file``, ``plain`` (draws its own frame) or ``input``."""
    widget = bound.field.widget
    return next((kind for widgets, kind in _KINDS if isinstance(widget, widgets)), "input")


def parts_of(bound: BoundField, *, help_text: object, layout: str, required: bool | None) -> dict[str, Any]:
    """Context of ``components/field.html``; ids are ``<id>-help`` and ``<id>-error``."""
    kind = kind_of(bound)
    identity = bound.id_for_label or bound.auto_id
    told = help_text or bound.help_text
    described = " ".join(
        part for part, there in ((f"{identity}-help", told), (f"{identity}-error", bound.errors)) if there
    )
    return {
        "bound": bound,
        "kind": kind,
        "identity": identity,
        "described": described,
        "control": "" if kind == "options" else bound.as_widget(attrs=_attributes(bound, kind, described)),
        "help": told,
        "layout": layout,
        "is_optional": not (bound.field.required if required is None else required),
        "is_multiple": bool(getattr(bound.field.widget, "allow_multiple_selected", False)),
    }


def _attributes(bound: BoundField, kind: str, described: str) -> dict[str, Any]:
    attributes: dict[str, Any] = {"aria-describedby": described} if described else {}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    if kind == "plain":
        attributes["class"] = f"field__control {bound.field.widget.attrs.get('class', '')}".strip()
    return attributes


def summary_of(form: BaseForm) -> list[tuple[str, str]]:
    """Every refusal of a bound form in the order of its fields: (id to go to, words); the id is empty for the whole form.

    "This field is required." several times over tells nobody which; then the label goes before it.
    """
    lines = [("", str(error)) for error in form.non_field_errors()]
    for bound in form:
        target = bound.id_for_label or bound.auto_id
        lines += [(target, _with_label(bound, str(error))) for error in bound.errors]
    return lines


def _with_label(bound: BoundField, error: str) -> str:
    if error != str(PlainField.default_error_messages["required"]):
        return error
    return gettext("%(label)s: %(error)s") % {"label": bound.label, "error": error}
