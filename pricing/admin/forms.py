"""Forms of the price office; days are given as first and last day, both included."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminSingleDateWidget

from kernel import clock
from kernel.forms import show_refusal
from kernel.period import Period
from pricing.models import Price, PriceItem, TariffDocument
from pricing.operations import PriceChangeRefused, violations_of_first_price
from pricing.rules.facts import PriceTerms
from pricing.rules.kinds import Service
from pricing.rules.publishing.revisits import basis_violations

ONE_DAY = timedelta(days=1)


def begins_field() -> forms.DateField:
    """The first day."""
    return forms.DateField(label=_("first day"), widget=UnfoldAdminSingleDateWidget)


def last_field() -> forms.DateField:
    """The last day, or nothing."""
    return forms.DateField(
        label=_("last day"),
        required=False,
        widget=UnfoldAdminSingleDateWidget,
        help_text=_("Included. Leave it empty when no end is known."),
    )


def check_days(form: forms.Form | forms.ModelForm[Any]) -> Period | None:
    """The period of ``begins_on`` and ``last_on``; None, with the reason beside the field, when there is none."""
    begins: date | None = form.cleaned_data.get("begins_on")
    last: date | None = form.cleaned_data.get("last_on")
    if begins is None:
        return None
    if last is not None and last < begins:
        form.add_error("last_on", _("The last day cannot come before the first."))
        return None
    return Period(begins, last + ONE_DAY if last else None)


class DocumentForm(forms.ModelForm[TariffDocument]):
    """A document; its period only while it sets no price."""

    begins_on = begins_field()
    last_on = last_field()

    class Meta:
        model = TariffDocument
        exclude = ("effective",)  # noqa: DJ006  # asked as two days

    def clean(self) -> dict[str, Any] | None:
        """Put the two days into the period."""
        cleaned = super().clean()
        period = check_days(self) if "begins_on" in self.fields else None
        if period is not None:
            self.instance.effective = DateRange(period.begin, period.end)
        return cleaned


class ItemForm(forms.ModelForm[PriceItem]):
    """An item; what it is charged like is checked beside the field."""

    class Meta:
        model = PriceItem
        fields = "__all__"  # noqa: DJ007  # the admin chooses them

    def clean_priced_as(self) -> PriceItem | None:
        """The other item has a price of its own, and this one has none."""
        basis: PriceItem | None = self.cleaned_data.get("priced_as")
        if basis is None:
            return None
        if basis.priced_as_id is not None:
            raise forms.ValidationError(_("That item is itself charged like another."))
        if self.instance.pk and self.instance.prices.exists():
            raise forms.ValidationError(
                _("This item has prices of its own, so it cannot be charged like another.")
            )
        return basis

    def clean(self) -> dict[str, Any] | None:
        """An online re-diagnosis is charged like the ordinary outpatient visit, or not like another."""
        cleaned = super().clean()
        entered = self.cleaned_data
        basis, service = entered.get("priced_as"), entered.get("service")
        if basis is not None and service:
            other = basis.facts()
            item = replace(
                other, code=entered.get("code", ""), service=Service(service), priced_as=other.code
            )
            for violation in basis_violations(item, {other.code: other}):
                self.add_error("priced_as", str(violation.message))
        return cleaned


class FirstPriceForm(forms.ModelForm[Price]):
    """A price where the scope has none yet."""

    period: Period | None = None

    begins_on = begins_field()
    last_on = last_field()

    class Meta:
        model = Price
        exclude = ("effective", "recorded_at")  # noqa: DJ006  # asked as two days; set by the operation

    def clean(self) -> dict[str, Any] | None:
        """Ask the rules now, so that every refusal stands beside its field."""
        cleaned = super().clean()
        self.period = check_days(self)
        if self.period is not None and not self.errors:
            entered = self.cleaned_data
            found = violations_of_first_price(
                entered["item"], entered["document"], self.terms(), at=clock.now()
            )
            if found:
                show_refusal(self, PriceChangeRefused(violations=found))
        return cleaned

    def terms(self) -> PriceTerms:
        """What was entered, for the operation; only of a form whose days are right."""
        entered = self.cleaned_data
        if self.period is None:
            raise ValueError("the days are not known")
        return PriceTerms(
            region_code=entered["region_code"],
            institution_id=entered["institution"].pk if entered["institution"] else None,
            institution_level=entered["institution_level"],
            title=entered["title"],
            amount=entered["amount"],
            insurance_class=entered["insurance_class"],
            self_pay_rate=entered["self_pay_rate"],
            period=self.period,
        )


class ChangePriceForm(forms.Form):
    """A new amount from a day on."""

    amount = forms.DecimalField(
        label=_("new amount (yuan)"),
        max_digits=16,
        decimal_places=6,
        min_value=0,
        widget=UnfoldAdminDecimalFieldWidget,
        help_text=_("For one unit. Zero is a price."),
    )
    from_on = forms.DateField(
        label=_("from the day"),
        widget=UnfoldAdminSingleDateWidget,
        help_text=_(
            "Tomorrow at the earliest. The present price holds until the day before; bills never change."
        ),
    )
    document = forms.ModelChoiceField(
        TariffDocument.objects.none(),
        label=_("document"),
        widget=UnfoldAdminSelectWidget,
        help_text=_("The document that sets the new amount. Record it first if it is not in the list."),
    )

    def __init__(self, *args: Any, price: Price, **kwargs: Any) -> None:
        """Offer documents as real or invented as the present one."""
        super().__init__(*args, **kwargs)
        document = self.fields["document"]
        if isinstance(document, forms.ModelChoiceField):
            document.queryset = TariffDocument.objects.filter(
                is_demonstration=price.document.is_demonstration
            )
