"""What the finance office types about refunds."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.models import FeeDetail
from billing.rules.returns import Charged
from kernel.presentation import is_chinese, money
from refunds.models import RefundPolicy
from refunds.rules.situations import Gives, Situation

BY_PERSON = (
    Situation.HOSPITAL_FAULT, Situation.QUALITY_FAULT, Situation.NOT_HANDED_OUT, Situation.SILENT_VISIT,
    Situation.DOCTOR_REFUSES, Situation.DOCTOR_AWAY, Situation.INSTITUTION_REFUSES, Situation.NURSE_SET_OUT,
)  # fmt: skip
"""Situations that a person may name; the others are noticed by the program."""
WHOLE, LINES = "whole", "lines"


class ReasonForm(forms.Form):
    """Why nothing goes back."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The patient reads this."),
    )  # fmt: skip


class GiveBackForm(forms.Form):
    """What happened, how much goes back, and why; the rules judge it."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=60)
    situation = forms.ChoiceField(label=_("What happened"))
    reason = forms.CharField(
        label=_("Reason"), max_length=80, required=False, help_text=_("The patient reads this.")
    )
    extent = forms.ChoiceField(
        label=_("How much goes back"), widget=forms.RadioSelect, initial=LINES,
        choices=[(LINES, _("the quantities below")), (WHOLE, _("everything that this situation gives back"))],
    )  # fmt: skip

    def __init__(
        self, *args: Any, lines: list[tuple[FeeDetail, Charged]], policies: list[RefundPolicy], **kwargs: Any
    ) -> None:
        """``lines`` with what of each has gone back."""
        kwargs["initial"] = {"key": uuid4().hex} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        offered = {policy.situation: policy for policy in policies}
        self.fields["situation"].choices = [  # type: ignore[attr-defined]
            (situation.value, offered[situation.value].get_situation_display())
            for situation in BY_PERSON
            if offered[situation.value].gives != Gives.NOTHING
        ]
        for line, charged in lines:
            self.fields[f"line_{line.number}"] = _quantity(line, charged)

    @property
    def quantities(self) -> dict[int, Decimal] | None:
        """Units by line; None for everything."""
        if self.cleaned_data["extent"] == WHOLE:
            return None
        return {
            int(name.removeprefix("line_")): units
            for name, units in self.cleaned_data.items()
            if name.startswith("line_") and units
        }

    @property
    def line_fields(self) -> list[forms.BoundField]:
        """The quantities, in the order of the lines."""
        return [self[name] for name in self.fields if name.startswith("line_")]


def _quantity(line: FeeDetail, charged: Charged) -> forms.DecimalField:
    """How many units go back; how finely they are counted the rules say."""
    name = line.name if is_chinese() or not line.name_en else line.name_en
    return forms.DecimalField(
        label=f"{line.number}. {name}", required=False, max_digits=30, disabled=not charged.left,
        help_text=_left(line, charged),
        widget=forms.NumberInput(
            attrs={"min": "0", "max": f"{charged.left:f}", "step": "any", "inputmode": "decimal"}
        ),
    )  # fmt: skip


def _left(line: FeeDetail, charged: Charged) -> str:
    """Units that are left, and what a corrected price has given back already."""
    words = {
        "left": f"{charged.left.normalize():f}",
        "charged": f"{line.quantity.normalize():f}",
        "unit": line.unit,
        "price": f"¥{line.unit_price.normalize():f}",
    }
    left = gettext("left: %(left)s of %(charged)s %(unit)s, %(price)s each") % words
    if not charged.decrease.cash:
        return left
    lower = gettext("%(amount)s went back by a corrected price") % {"amount": money(charged.decrease.cash)}
    return f"{left}; {lower}"
