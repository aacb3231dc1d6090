"""What the finance office types."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from checkout.rules import LONGEST_REASON
from finance.models import Rest
from payments.models import Channel
from registry.models import Institution

_DAY = {"invalid": _("Give a day as year-month-day, e.g. 2026-03-16.")}


def day_field(label: object) -> forms.DateField:
    """A day, typed or picked."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages=_DAY)  # type: ignore[arg-type]


def institution_field(label: object) -> "forms.ModelChoiceField[Institution]":
    """One of the institutions."""
    return forms.ModelChoiceField(Institution.objects.order_by("pk"), label=label)  # type: ignore[arg-type]


def reason_field(label: object, *, longest: int, help_text: object = "") -> forms.CharField:
    """A few words why; the rules judge how short they may be."""
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        max_length=longest,
        help_text=help_text,  # type: ignore[arg-type]
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class StopForm(forms.Form):
    """Why a checkout is stopped."""

    reason = reason_field(
        _("Why it is stopped"), longest=LONGEST_REASON, help_text=_("The patient reads this.")
    )


class DayReasonForm(forms.Form):
    """Why something of a cashier day may stand, or why the day is opened again."""

    reason = reason_field(_("Reason"), longest=300)


class OpenDayForm(forms.Form):
    """Which day of which institution is counted."""

    institution = institution_field(_("Institution"))
    day = day_field(_("Day"))


class DraftForm(forms.Form):
    """What is paid out to whom, through which day."""

    payer = institution_field(_("Who pays"))
    payee = institution_field(_("Who is paid"))
    through = day_field(_("For everything through"))


class PaidForm(forms.Form):
    """What the bank has done."""

    reference = forms.CharField(label=_("Number at the bank"), max_length=100)
    paid_on = day_field(_("Paid on"))


class CancelForm(forms.Form):
    """Why a payout is given up."""

    reason = reason_field(_("Why it is cancelled"), longest=300)


def _yuan(label: object) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,  # type: ignore[arg-type]
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"invalid": _("Give an amount in yuan, e.g. 12.50.")},
    )


class TransferForm(forms.Form):
    """What stands on the statement of a channel and of the bank."""

    institution = institution_field(_("Institution"))
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    reference = forms.CharField(label=_("Number of the transfer"), max_length=80)
    on = day_field(_("Day on the bank statement"))
    gross = _yuan(_("Amount, the fee included"))
    fee = _yuan(_("Fee that the channel kept"))


class InsurerTransferForm(forms.Form):
    """What the insurance has transferred for a month, by the bank's statement."""

    institution = institution_field(_("Institution"))
    agency = forms.CharField(label=_("Agency"), max_length=6, help_text=_("As in the list of what is owed."))
    month = forms.DateField(
        label=_("Month of the settlements"),
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        error_messages={"invalid": _("Give a month as year-month, e.g. 2026-03.")},
    )
    amount = _yuan(_("Amount that arrived"))
    reference = forms.CharField(label=_("Number at the bank"), max_length=100)
    on = day_field(_("Day on the bank statement"))
    rest = forms.ChoiceField(label=_("When it is not the amount owed"), choices=Rest.choices, required=False)
    explanation = forms.CharField(
        label=_("Why it differs"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class WithdrawForm(forms.Form):
    """Why a transfer of the insurance was entered wrongly."""

    reason = reason_field(_("Why it is withdrawn"), longest=300)
