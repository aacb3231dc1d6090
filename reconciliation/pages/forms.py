"""What the office types, and by what it narrows a list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reconciliation.models import Way
from reconciliation.queries.differences import Wanted
from reconciliation.rules.kinds import Kind, Source, choices_of

_DAY = {"invalid": _("Give a day as year-month-day, e.g. 2026-03-16.")}
ACTIVE = "active"
STATES = [
    (ACTIVE, _("not closed")),
    ("", _("all")),
    ("open", _("open")),
    ("taken", _("being looked after")),
    ("explained", _("explained")),
    ("corrected", _("corrected")),
    ("closed", _("closed")),
]
OWNERS = [("", _("all")), ("mine", _("mine")), ("nobody", _("nobody's")), ("second", _("for me to agree to"))]


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, required=False, error_messages=_DAY)


def _choice(label: Any, choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False)


class WantedForm(forms.Form):
    """The filters of the list; what cannot be read narrows nothing."""

    source = _choice(_("Compared with"), [("", _("all")), *choices_of(Source)])
    kind = _choice(_("Kind"), [("", _("all")), *choices_of(Kind)])
    state = _choice(_("State"), STATES)
    owner = _choice(_("Looked after"), OWNERS)
    first = _day(_("First day"))
    last = _day(_("Last day"))
    q = forms.CharField(label=_("Record number"), required=False, max_length=64)

    def wanted(self) -> Wanted:
        """What was typed, as far as it can be read; without any word on the state only what waits."""
        self.is_valid()
        typed = self.cleaned_data
        state = typed.get("state", "") if "state" in self.data else ACTIVE
        return Wanted(
            source=typed.get("source", ""),
            kind=typed.get("kind", ""),
            state=state,
            owner=typed.get("owner", ""),
            first=typed.get("first"),
            last=typed.get("last"),
            words=typed.get("q", "").strip(),
        )


def _reason() -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3, "maxlength": 500, "class": "field__control"})
    return forms.CharField(label=_("Reason"), required=False, max_length=500, widget=area)


class ReasonForm(forms.Form):
    """Why; the rule asks for it, so that its words are said."""

    reason = _reason()


class CorrectionForm(ReasonForm):
    """How it was put right."""

    way = forms.ChoiceField(
        label=_("How is it put right?"), choices=Way.choices, required=False, widget=forms.RadioSelect
    )
    reference = forms.CharField(label=_("Receipt, voucher or number"), required=False, max_length=100)


class DayForm(forms.Form):
    """A day to compare."""

    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=_DAY,
    )
