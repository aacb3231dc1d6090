"""What a visitor says of the visit she thinks of."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.presentation import is_chinese
from pricing.models import Category, OnsiteFeeSchedule
from pricing.pages.amounts import amount_of
from pricing.pages.onsite.tables import area_in_words
from pricing.pages.words import title_in_words
from pricing.queries import PublishedPrice
from pricing.rules import ServiceLine
from pricing.rules.onsite import VisitFact
from pricing.rules.onsite.facts import SHANGHAI

INSIDE, OUTSIDE = "inside", "outside"
NURSES = ("255", "254", "253", "252", "251")
"""Titles of nurses, the lowest first."""
_PREFIX = "n-"


def _number(label: Any, *, help_text: Any = "", **limits: Any) -> Any:
    keyboard = "decimal" if limits.get("decimal_places") else "numeric"
    widget = forms.TextInput(attrs={"inputmode": keyboard, "autocomplete": "off"})
    return forms.DecimalField(label=label, help_text=help_text, widget=widget, **limits)


class VisitForm(forms.Form):
    """Where, when, by whom, how long and for how many. Only what the schedule asks for is asked."""

    area = forms.ChoiceField(label=_("Your address"), widget=forms.RadioSelect)
    distance_km = _number(
        _("Distance (km)"),
        help_text=_("By road from the hospital."),
        error_messages={"invalid": _("Give the distance in kilometres, e.g. 4.5.")},
        min_value=0,
        max_digits=6,
        decimal_places=2,
    )
    nurse_title = forms.ChoiceField(label=_("Title of the nurse"))
    day = forms.DateField(
        label=_("Day of the visit"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Give a day as year-month-day, e.g. 2026-03-16.")},
    )
    start = forms.TimeField(
        label=_("Starts at"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Give a time as hours:minutes, e.g. 09:30.")},
    )
    duration_minutes = _number(
        _("Duration (minutes)"),
        error_messages={"invalid": _("Give the number of minutes, e.g. 60.")},
        min_value=1,
        max_value=1440,
        decimal_places=0,
    )
    persons = _number(
        _("Persons cared for"),
        help_text=_("At the same address."),
        error_messages={"invalid": _("Give the number of persons, e.g. 1.")},
        min_value=1,
        max_value=20,
        decimal_places=0,
    )

    def __init__(self, *args: Any, schedule: OnsiteFeeSchedule, **kwargs: Any) -> None:
        """Ask what this schedule goes by."""
        super().__init__(*args, **kwargs)
        self.schedule = schedule
        area = self.fields["area"]
        if isinstance(area, forms.ChoiceField):
            inside = gettext("In %(area)s") % {"area": area_in_words(schedule)}
            area.choices = [(INSIDE, inside), (OUTSIDE, gettext("Elsewhere"))]
        rows = list(schedule.rows.all())
        if all(row.distance_above is None and row.distance_up_to is None for row in rows):
            del self.fields["distance_km"]
        self._offer_titles({row.title for row in rows})

    def _offer_titles(self, known: set[str]) -> None:
        named = sorted(known - {""}, reverse=True)
        title = self.fields["nurse_title"]
        if not named:
            del self.fields["nurse_title"]
        elif isinstance(title, forms.ChoiceField):
            base_for_all = any(row.part == "base" and not row.title for row in self.schedule.rows.all())
            offered = NURSES if base_for_all else named
            title.choices = [(code, title_in_words(code)) for code in offered]

    def visit(self) -> VisitFact:
        """What was said; only of a valid form."""
        said = self.cleaned_data
        inside = said["area"] == INSIDE
        return VisitFact(
            starts_at=datetime.combine(said["day"], said["start"], tzinfo=SHANGHAI),
            region_code=self.schedule.area_region_code if inside else "",
            distance_km=said.get("distance_km"),
            nurse_title=said.get("nurse_title"),
            duration_minutes=int(said["duration_minutes"]),
            persons=int(said["persons"]),
        )


class WholeVisitForm(VisitForm):
    """The visit, and what is done and used there."""

    def __init__(self, *args: Any, items: Sequence[PublishedPrice] = (), **kwargs: Any) -> None:
        """Ask how many of each item."""
        super().__init__(*args, **kwargs)
        self.items = {_PREFIX + published.item.code: published for published in items}
        for name, published in self.items.items():
            item = published.item
            label = item.name if is_chinese() else item.name_en or item.name
            decimals = item.quantity_decimals
            self.fields[name] = _number(
                label, min_value=0, max_value=99, max_digits=4, decimal_places=decimals, required=False
            )

    def groups(self) -> Iterator[tuple[str, list[tuple[forms.BoundField, str, str]]]]:
        """Nursing items, then consumables: each with its field, price and unit in words."""
        for category, title in (
            (Category.NURSING, gettext("What the nurse does")),
            (Category.CONSUMABLE, gettext("What is used up")),
        ):
            lines = [
                (self[name], amount_of(published).text, _unit(published))
                for name, published in self.items.items()
                if published.item.category == category
            ]
            if lines:
                yield title, lines

    def lines(self, category: Category) -> list[ServiceLine]:
        """What was asked for; the reference is the name of the field. Only of a valid form."""
        return [
            ServiceLine(
                name,
                published.item.code,
                self.cleaned_data[name],
                duration_minutes=self.cleaned_data["duration_minutes"],
                distance_km=self.cleaned_data.get("distance_km"),
            )
            for name, published in self.items.items()
            if published.item.category == category and (self.cleaned_data.get(name) or Decimal(0)) > 0
        ]

    def has_items(self) -> bool:
        """Whether something beyond the visit was typed, right or wrong."""
        return any(self.data.get(name) not in {None, "", "0"} for name in self.items)


def asked_day(raw: str | None) -> date | None:
    """The day that was typed, before the form is made; None when it is none."""
    try:
        return date.fromisoformat(raw or "")
    except ValueError:
        return None


def _unit(published: PublishedPrice) -> str:
    return published.item.unit if is_chinese() else published.item.unit_en or published.item.unit
