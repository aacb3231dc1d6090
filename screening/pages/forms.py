"""What the insurance office types."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.models import EffectChoice, Grade, KindChoice, MomentChoice, Outcome, ScreeningRule
from screening.queries.listing import FindingFilter

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
