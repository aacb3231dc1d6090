"""Forms of the on-site fee: the draft, its rows, and a visit to try it by."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminSingleTimeWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from kernel.forms import show_refusal
from pricing.admin.forms import begins_field, check_days, last_field
from pricing.models import Category, OnsiteFeeRow, OnsiteFeeSchedule, OnsitePart, PriceItem
from pricing.operations import OnsiteFeeRefused
from pricing.operations.onsite import violations_of_draft
from pricing.rules.onsite import VisitFact
from registry.models.practitioners import Title

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_NURSES = [("", "–"), *((title.value, title.label) for title in Title if title.value.startswith("25"))]


class ScheduleForm(forms.ModelForm[OnsiteFeeSchedule]):
    """A draft; its days are asked as first and last day, both included."""

    begins_on = begins_field()
    last_on = last_field()

    class Meta:
        model = OnsiteFeeSchedule
        exclude = ("effective", "drafted_at", "published_on")  # noqa: DJ006  # asked as days; set by operations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer items of the on-site fee, and say how early it must be published."""
        super().__init__(*args, **kwargs)
        item, begins = self.fields.get("item"), self.fields.get("begins_on")
        if isinstance(item, forms.ModelChoiceField):
            item.queryset = PriceItem.objects.filter(category=Category.ONSITE_FEE)
        if begins is not None:
            days = settings.PRICING_ONSITE_FEE_NOTICE_DAYS
            begins.help_text = _("At least %(days)d days after it is published.") % {"days": days}
        if self.instance.pk and begins is not None:
            self.initial["begins_on"] = self.instance.effective.lower
            upper = self.instance.effective.upper
            self.initial["last_on"] = upper and upper.fromordinal(upper.toordinal() - 1)

    def clean(self) -> dict[str, Any] | None:
        """Ask the rules now, so that every refusal stands beside its field."""
        cleaned = super().clean()
        period = check_days(self)
        if period is None:
            return cleaned
        self.instance.effective = DateRange(period.begin, period.end)
        if not self.errors:
            self._ask_the_rules()
        return cleaned

    def _ask_the_rules(self) -> None:
        said = self.cleaned_data
        draft = OnsiteFeeSchedule(
            area_region_code=said["area_region_code"], effective=self.instance.effective
        )
        found = violations_of_draft(
            draft, item=said["item"], document=said["document"], institution=said["institution"]
        )
        if found:
            show_refusal(self, OnsiteFeeRefused(violations=found))


class RowForm(forms.ModelForm[OnsiteFeeRow]):
    """A row; what its part needs is said beside the field."""

    class Meta:
        model = OnsiteFeeRow
        exclude = ("schedule",)  # noqa: DJ006  # the formset sets it

    def clean(self) -> dict[str, Any] | None:
        """An amount or a rate; hours for a night; a length for further time."""
        cleaned = super().clean() or {}
        part = cleaned.get("part")
        has_amount, has_rate = cleaned.get("amount") is not None, cleaned.get("rate") is not None
        if part == OnsitePart.BASE and not has_amount and "amount" not in self.errors:
            self.add_error("amount", _("Give the amount in yuan. Zero is a price."))
        elif has_amount == has_rate and not {"amount", "rate"} & set(self.errors):
            self.add_error("amount", _("Give an amount, or a fraction of the base fee."))
        if part == OnsitePart.NIGHT:
            self._needs("begins_at", "ends_at", message=_("A night begins and ends at a time of day."))
        if part == OnsitePart.FURTHER_TIME:
            message = _("Say after how many minutes, and how long one further piece is.")
            self._needs("minutes_above", "unit_minutes", message=message)
        return cleaned

    def _needs(self, *names: str, message: Any) -> None:
        for name in names:
            if self.cleaned_data.get(name) in {None, 0} and name not in self.errors:
                self.add_error(name, message)


class TryForm(forms.Form):
    """A visit to try the draft by."""

    distance_km = forms.DecimalField(
        label=_("Distance (km)"),
        required=False,
        min_value=0,
        max_digits=6,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )
    nurse_title = forms.ChoiceField(
        label=_("Title of the nurse"), required=False, choices=_NURSES, widget=UnfoldAdminSelectWidget
    )
    day = forms.DateField(label=_("Day of the visit"), widget=UnfoldAdminSingleDateWidget)
    start = forms.TimeField(label=_("Starts at"), initial="09:00", widget=UnfoldAdminSingleTimeWidget)
    duration_minutes = forms.IntegerField(
        label=_("Duration (minutes)"), min_value=1, initial=60, widget=UnfoldAdminIntegerFieldWidget
    )
    persons = forms.IntegerField(
        label=_("Persons cared for"), min_value=1, initial=1, widget=UnfoldAdminIntegerFieldWidget
    )
    area = forms.CharField(label=_("Region of the address"), max_length=6, widget=UnfoldAdminTextInputWidget)
    is_holiday = forms.BooleanField(
        label=_("Public holiday"), required=False, widget=UnfoldBooleanSwitchWidget
    )

    def visit(self) -> VisitFact:
        """What was said; only of a valid form."""
        said = self.cleaned_data
        return VisitFact(
            starts_at=datetime.combine(said["day"], said["start"], tzinfo=_SHANGHAI),
            region_code=said["area"],
            distance_km=said["distance_km"],
            nurse_title=said["nurse_title"] or None,
            duration_minutes=said["duration_minutes"],
            persons=said["persons"],
            is_holiday=said["is_holiday"],
        )
