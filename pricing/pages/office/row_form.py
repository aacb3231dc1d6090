"""One row of a revision: only the fields that its kind of amount needs."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.backends.postgresql.psycopg_any import DateRange
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from pricing.models import AmountKindChoice, PriceItem, PriceRevision, ProposedPrice
from pricing.pages.office.forms import ONE_DAY, day_field
from pricing.rules.kinds import AmountKind
from pricing.rules.price_table.bands import plain
from pricing.rules.revising import terms_violations
from pricing.rules.revising.needs import AMOUNT_COLUMNS, needs_of

_SCOPE = (
    "region_code", "institution_level", "institution_grade", "price_zone", "ownership", "title", "department",
    "condition", "age_from", "age_to",
)  # fmt: skip
_LIMITS = ("cap_amount", "period_cap_amount", "period_cap_days", "takes_surcharges", "is_trial")
_INSURANCE = ("insurance_class", "self_pay_rate", "fund_amount")
_NO_TEXT = {"band_axis": "", "bands": []}
_NOTHING_CHOSEN = {"band_axis": _("choose"), "insurance_class": _("not said")}
_LEVELS = [("", _("every level")), ("1", "1"), ("2", "2"), ("3", "3")]


class RowForm(forms.Form):
    """Built for a kind of amount; ``row()`` gives the row that it says, not saved."""

    kind = forms.ChoiceField(label=_("Kind of amount"), choices=AmountKindChoice.choices)

    def __init__(
        self,
        typed: Mapping[str, Any] | None = None,
        *,
        revision: PriceRevision,
        item: PriceItem,
        present: ProposedPrice | None = None,
        begins_on: date | None = None,
    ) -> None:
        """``present`` is the row to be changed; ``begins_on`` is proposed for a new one."""
        kind = (typed or {}).get("kind") or (present.kind if present else AmountKind.FIXED)
        self.amount_kind = kind if kind in set(AmountKind) else AmountKind.FIXED
        self.revision, self.item, self.present = revision, item, present
        super().__init__(typed, initial=self._initial(begins_on))
        self.fields.update(self._own_fields())
        self.fields["begins_on"] = day_field(_("First day"))
        self.fields["last_on"] = day_field(
            _("Last day"), required=False, help_text=_("Included. Leave it empty when no end is known.")
        )

    def _own_fields(self) -> dict[str, forms.Field]:
        wanted = [name for name in needs_of(self.amount_kind).columns if name not in {"bands", "base_item"}]
        names = [*wanted, *_SCOPE, *_LIMITS, *_INSURANCE]
        fields = {name: fields_for_model(ProposedPrice, fields=[name])[name] for name in names}
        needed = needs_of(self.amount_kind).required
        for name, field in fields.items():
            field.required = name in needed or name == "region_code"
            if isinstance(field, forms.DecimalField | forms.IntegerField):
                field.widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
                field.localize = False
            if isinstance(field, forms.ChoiceField):
                said = [choice for choice in field.widget.choices if choice[0]]
                field.choices = [("", _NOTHING_CHOSEN.get(name, _("all"))), *said]
        fields["institution_level"] = forms.TypedChoiceField(
            label=fields["institution_level"].label,
            choices=_LEVELS,
            required=False,
            coerce=int,
            empty_value=None,
        )
        if "base_item" in needs_of(self.amount_kind).columns:
            fields["base_item"] = forms.ModelChoiceField(
                PriceItem.objects.all(),
                to_field_name="code",
                label=_("Base of the rate"),
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
                help_text=_("Code of the item; empty for the main item."),
                error_messages={"invalid_choice": _("There is no price item with this code.")},
            )
        return fields

    def _initial(self, begins_on: date | None) -> dict[str, Any]:
        if self.present is None:
            institution = self.revision.institution
            place = institution.region_code if institution else self.revision.document.region_code
            return {
                "kind": self.amount_kind, "region_code": place, "takes_surcharges": True, "begins_on": begins_on,
            }  # fmt: skip
        names = (*AMOUNT_COLUMNS, *_SCOPE, *_LIMITS, *_INSURANCE)
        said = {name: getattr(self.present, name) for name in names}
        shown = {name: plain(value) if hasattr(value, "as_tuple") else value for name, value in said.items()}
        period = self.present.effective
        return {
            **shown,
            "kind": self.amount_kind,
            "base_item": self.present.base_item.code if self.present.base_item else "",
            "begins_on": period.lower,
            "last_on": period.upper - ONE_DAY if period.upper else None,
        }

    def clean(self) -> dict[str, Any] | None:
        """Everything that the rules say of one row, beside its field; bands are judged when all is there."""
        begins, last = self.cleaned_data.get("begins_on"), self.cleaned_data.get("last_on")
        if begins and last and last < begins:
            self.add_error("last_on", _("The last day cannot come before the first."))
        for violation in terms_violations(self.cleaned_data):
            if violation.field in self.fields and violation.field not in self.errors:
                self.add_error(violation.field, str(violation.message))
        return self.cleaned_data

    def row(self, bands: list[dict[str, str]]) -> ProposedPrice:
        """The row that was typed; columns of other kinds are emptied. Only of a valid form."""
        row = self.present or ProposedPrice(item=self.item)
        for name in AMOUNT_COLUMNS:
            setattr(row, name, _NO_TEXT.get(name))
        typed = dict(self.cleaned_data)
        begins, last = typed.pop("begins_on"), typed.pop("last_on")
        for name, value in typed.items():
            setattr(row, name, value)
        row.institution = self.revision.institution
        row.bands = bands if self.amount_kind == AmountKind.TIERED else []
        row.effective = DateRange(begins, last + ONE_DAY if last else None)
        return row

    def _bound(self, names: tuple[str, ...]) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    @property
    def amounts(self) -> list[forms.BoundField]:
        """Fields of the kind of amount, bands apart."""
        return self._bound(needs_of(self.amount_kind).columns)

    @property
    def scope(self) -> list[forms.BoundField]:
        """For whom."""
        return self._bound(_SCOPE)

    @property
    def limits(self) -> list[forms.BoundField]:
        """Caps and marks."""
        return self._bound(_LIMITS)

    @property
    def insurance(self) -> list[forms.BoundField]:
        """What the insurance pays."""
        return self._bound(_INSURANCE)


class BandForm(forms.Form):
    """One band; an empty one is left out."""

    above = forms.DecimalField(label=_("Above"), required=False, min_value=0)
    up_to = forms.DecimalField(label=_("Up to"), required=False, min_value=0)
    key = forms.CharField(label=_("Body part"), required=False, max_length=30)
    amount = forms.DecimalField(label=_("Amount (yuan)"), required=False, min_value=0)

    def __init__(self, *args: Any, **options: Any) -> None:
        """Numbers are typed, not turned with arrows."""
        super().__init__(*args, **options)
        for name in ("above", "up_to", "amount"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    @property
    def said(self) -> dict[str, str] | None:
        """The band as the column has it; None when nothing is typed."""
        typed = getattr(self, "cleaned_data", {})
        numbers = {name: typed.get(name) for name in ("above", "up_to", "amount")}
        texts = {name: plain(value) for name, value in numbers.items() if value is not None}
        key = typed.get("key", "")
        if not texts and not key:
            return None
        texts.setdefault("amount", "")
        return {"key": key, **texts} if key else texts


BandForms = forms.formset_factory(BandForm, extra=0)


def band_forms(
    typed: Mapping[str, Any] | None, present: ProposedPrice | None, *, more: bool
) -> "forms.BaseFormSet[BandForm]":
    """The bands of a row with three empty ones below; ``more`` adds three to those that were sent."""
    if typed is not None and "band-TOTAL_FORMS" in typed:
        grown = dict(typed.items())
        if more:
            grown["band-TOTAL_FORMS"] = str(min(int(grown["band-TOTAL_FORMS"] or 0) + 3, 60))
        return BandForms(grown, prefix="band")
    rows = [dict(row) for row in present.bands] if present else []
    return BandForms(prefix="band", initial=[*rows, {}, {}, {}])
