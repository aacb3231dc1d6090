"""Forms of who she is, her family and her insurance."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import rules as mobile_rules
from accounts.pages.forms import MobileInput, PlainForm, refuse_first
from kernel import clock
from registry import rules
from registry.models.patients import InsuranceType, InsuredRegion, Relation


class RealNameForm(PlainForm):
    """Name and number as on the identity card."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("As on the identity card."),
        max_length=60,
        error_messages={"required": _("Enter the name as on the identity card.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    id_number = forms.CharField(
        label=_("Identity number"),
        help_text=_("18 characters; the last may be an X."),
        max_length=40,
        error_messages={"required": _("Enter the identity number.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "data-groups": "6 8 4",
            }
        ),
    )

    def clean_name(self) -> str:
        """Without spaces."""
        refuse_first(rules.name_violations(self.cleaned_data["name"]))
        return rules.plain_name(self.cleaned_data["name"])

    def clean_id_number(self) -> str:
        """Eighteen characters without spaces."""
        typed = self.cleaned_data["id_number"]
        refuse_first(rules.id_number_violations(typed, on=clock.day_of(clock.now())))
        return rules.plain_id_number(typed)


class FamilyForm(RealNameForm):
    """A family member."""

    relation = forms.ChoiceField(
        label=_("Who is it?"),
        choices=[choice for choice in Relation.choices if choice[0] != Relation.SELF],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how this person is related to you.")},
    )
    mobile = forms.CharField(
        label=_("Mobile number"),
        help_text=_("The person's own. A child may be without one."),
        required=False,
        max_length=30,
        widget=MobileInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-groups": "3 4 4"}),
    )
    field_order = ("relation", "name", "id_number", "mobile")

    def clean_mobile(self) -> str:
        """Eleven digits without spaces, or empty."""
        typed = self.cleaned_data["mobile"].strip()
        if typed:
            refuse_first(mobile_rules.mobile_violations(typed))
        return mobile_rules.plain_digits(typed)


class CoverageForm(PlainForm):
    """What insurance she has."""

    insurance_type = forms.ChoiceField(
        label=_("Which insurance?"),
        choices=[*InsuranceType.choices, ("none", _("No insurance: I pay myself"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose your insurance, or that you pay yourself.")},
    )
    insured_region = forms.ChoiceField(
        label=_("Insured in"),
        help_text=_("The place on the insurance card or in the insurance app."),
        choices=[("", _("Choose a place")), *InsuredRegion.choices],
        error_messages={"required": _("Choose where you are insured.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Whoever pays herself is insured nowhere."""
        super().__init__(*args, **kwargs)
        if self.data.get("insurance_type") == "none":
            self.fields["insured_region"].required = False
