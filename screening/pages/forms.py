"""What the insurance office types."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from screening.models import (
    EffectChoice,
    Grade,
    KindChoice,
    MomentChoice,
    Outcome,
    RuleVersion,
    ScreeningRule,
)
from screening.queries.listing import FindingFilter
from screening.rules.kinds import Kind
from screening.rules.thresholds import Threshold, thresholds_of

_ALL = [("", _("All"))]


class RuleListForm(forms.Form):
    """Narrow the list of rules."""

    q = forms.CharField(required=False, max_length=60)
    kind = forms.ChoiceField(label=_("Looks at"), required=False, choices=[*_ALL, *KindChoice.choices])
    state = forms.ChoiceField(required=False, choices=[*_ALL, ("on", _("On")), ("off", _("Off"))])


class SwitchForm(forms.Form):
    """Why a rule is switched."""

    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


class DayForm(forms.Form):
    """A day to look back at."""

    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Give a day as year-month-day, e.g. 2026-03-16."),
            "invalid": _("Give a day as year-month-day, e.g. 2026-03-16."),
        },
    )


class ChangeForm(forms.Form):
    """How a rule is to be set; what is wrong with it is said by the rules, so that nothing is required here."""

    is_on = forms.ChoiceField(
        label=_("Switch"),
        required=False,
        choices=[("on", _("On")), ("off", _("Off"))],
        widget=forms.RadioSelect,
    )
    effect = forms.ChoiceField(
        label=_("Effect"), required=False, choices=EffectChoice.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, rule: ScreeningRule, shipped: RuleVersion, *args: Any, **options: Any) -> None:
        """For one rule: a field for each of its thresholds, filled with what counts now."""
        now = {
            "is_on": "on" if rule.is_on else "off",
            "effect": rule.effect,
            "version": rule.versions.count(),
        }
        self.thresholds = thresholds_of(Kind(rule.kind))
        texts = {f"threshold_{each.name}": rule.thresholds.get(each.name, "") for each in self.thresholds}
        options["initial"] = now | texts
        super().__init__(*args, **options)
        for each in self.thresholds:
            self.fields[f"threshold_{each.name}"] = _threshold_field(each, shipped)

    def numbers(self) -> list[forms.BoundField]:
        """The fields of the thresholds."""
        return [self[f"threshold_{each.name}"] for each in self.thresholds]

    def wanted(self) -> dict[str, Any]:
        """What was typed, as the operation takes it; a switch that was not touched stays."""
        typed = self.cleaned_data
        return {
            "is_on": (typed["is_on"] or self.initial["is_on"]) == "on",
            "effect": typed["effect"],
            "thresholds": {each.name: typed[f"threshold_{each.name}"] for each in self.thresholds},
            "reason": typed["reason"],
            "seen_version": typed["version"],
        }


def _threshold_field(each: Threshold, shipped: RuleVersion) -> forms.CharField:
    return forms.CharField(
        label=str(each.label), required=False, max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=format_lazy(
            _("As shipped: {shipped}. From {least} to {most}."),
            shipped=shipped.thresholds.get(each.name, "–"), least=each.least, most=each.most,
        ),
    )  # fmt: skip


class ImportForm(forms.Form):
    """A published file for a rule."""

    batch = forms.ChoiceField(label=_("Batch of the publication"))
    grade = forms.ChoiceField(
        label=_("Where it is from"),
        choices=[
            (Grade.SOURCED.value, _("the official publication")),
            (Grade.DEMONSTRATION.value, _("made up to try it out")),
        ],
        widget=forms.RadioSelect,
        initial=Grade.SOURCED.value,
    )
    file = forms.FileField(
        label=_("File (.xlsx)"),
        help_text=_("As it is published: the knowledge points on the first sheet, the codes on the second."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def __init__(self, rule: ScreeningRule, *args: Any, **options: Any) -> None:
        """For one rule: its batches can be chosen."""
        super().__init__(*args, **options)
        self.fields["batch"].choices = [(batch, batch) for batch in rule.batch.split()]  # type: ignore[attr-defined]


class FindingListForm(forms.Form):
    """Narrow the list of findings."""

    q = forms.CharField(required=False, max_length=60)
    rule = forms.CharField(required=False, max_length=20)
    effect = forms.ChoiceField(label=_("Effect"), required=False, choices=[*_ALL, *EffectChoice.choices])
    moment = forms.ChoiceField(label=_("When"), required=False, choices=[*_ALL, *MomentChoice.choices])
    outcome = forms.ChoiceField(label=_("How it ended"), required=False, choices=[*_ALL, *Outcome.choices])
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def wanted(self) -> FindingFilter:
        """What was asked for; what cannot be read is left out."""
        self.is_valid()
        chosen = self.cleaned_data
        return FindingFilter(
            words=chosen.get("q", "").strip(), rule=chosen.get("rule", "").strip(), effect=chosen.get("effect", ""),
            moment=chosen.get("moment", ""), outcome=chosen.get("outcome", ""), since=chosen.get("since"),
            until=chosen.get("until"),
        )  # fmt: skip
