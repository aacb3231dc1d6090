"""What a visitor may ask of the price list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pricing.models import Category
from registry.models import Institution
from registry.models.practitioners import Title


class PriceListForm(forms.Form):
    """Search the price list; everything may be left empty."""

    q = forms.CharField(
        label=_("Find an item"),
        required=False,
        max_length=60,
        help_text=_("Name, pinyin, initials or code."),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    category = forms.ChoiceField(
        label=_("Category"), choices=[("", _("all")), *Category.choices], required=False
    )
    on = forms.DateField(
        label=_("On the day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Give a day as year-month-day, e.g. 2026-03-16.")},
    )
    institution = forms.ModelChoiceField(
        Institution.objects.order_by("pk"),
        label=_("Hospital"),
        required=False,
        to_field_name="code",
        empty_label=None,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the hospital only where there is more than one."""
        super().__init__(*args, **kwargs)
        if Institution.objects.count() == 1:
            del self.fields["institution"]

    def valid(self, name: str) -> Any:
        """The cleaned value of a field, None where it is empty or wrong."""
        return getattr(self, "cleaned_data", {}).get(name) or None


class CaseForm(forms.Form):
    """Of which visit the price is explained; what is wrong or missing is left out."""

    title = forms.ChoiceField(choices=Title.choices, required=False)
    age = forms.IntegerField(min_value=0, max_value=150, required=False)
    on = forms.DateField(required=False)
    institution = forms.ModelChoiceField(Institution.objects.all(), required=False, to_field_name="code")

    def known(self, name: str) -> Any:
        """The cleaned value, None where it is empty or wrong; an age of 0 is an age."""
        value = self.cleaned_data.get(name) if self.is_bound and not self.errors.get(name) else None
        return None if value == "" else value
