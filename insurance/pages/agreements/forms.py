"""What the insurance office types about agreements."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from insurance.models import AgreementKind, InsuredService
from insurance.queries.agreement_lists import mains
from registry.models import Institution

_UNTIL = _("The first day on which it does not count any more; empty without an end.")


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day that can be typed and picked."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Give a day as year-month-day, e.g. 2026-03-16.")},
        **options,
    )


def reason_field(label: Any, **options: Any) -> forms.CharField:
    """Some words, kept with the agreement."""
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, max_length=300, widget=widget, **options)


class ApplicationForm(forms.Form):
    """An agreement that is applied for."""

    kind = forms.ChoiceField(label=_("Kind"), choices=AgreementKind.choices, widget=forms.RadioSelect)
    institution = forms.ModelChoiceField(
        Institution.objects.order_by("pk"), label=_("Physical institution"), empty_label=None
    )
    main = forms.ModelChoiceField(
        mains(),
        label=_("Supplements the agreement"),
        required=False,
        empty_label=_("none"),
        help_text=_(
            'Only for a supplementary "Internet+" agreement: it is signed through the physical hospital.'
        ),
    )
    number = forms.CharField(label=_("Agreement number"), max_length=60)
    pooling_area = forms.RegexField(
        r"^\d{6}$",
        label=_("Pooling area"),
        help_text=_("Six digits, e.g. 330100."),
        error_messages={"invalid": _("Six digits.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "6"}),
    )
    agency = forms.CharField(label=_("Insurance agency"), max_length=100)
    services = forms.MultipleChoiceField(
        label=_("Services covered"),
        choices=InsuredService.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    valid_from = day_field(_("In force from"))
    valid_until = day_field(_("In force until (not included)"), required=False, help_text=_UNTIL)


class SignForm(forms.Form):
    """Both sides have signed."""

    signed_on = day_field(_("Signed on"))


class RefuseForm(forms.Form):
    """The agency does not sign."""

    reason = reason_field(_("Reason of the agency"))


class SuspendForm(forms.Form):
    """The agency stops it."""

    from_on = day_field(_("Suspended from"))
    until_on = day_field(_("Suspended until (not included)"), required=False, help_text=_UNTIL)
    reason = reason_field(_("Reason of the agency"), help_text=_("Patients read it when they want to pay."))
    document_number = forms.CharField(label=_("Number of the notice"), max_length=100, required=False)


class ResumeForm(forms.Form):
    """It counts again."""

    resumed_on = day_field(_("In force again from"))


class EndForm(forms.Form):
    """It is over."""

    ended_on = day_field(_("Over from"), help_text=_("The first day on which it does not count any more."))
    reason = reason_field(_("Why it ends"))


class PaperForm(forms.Form):
    """A paper of the agreement."""

    title = forms.CharField(label=_("Title"), max_length=100)
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, JPEG or PNG, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,image/jpeg,image/png"}),
        error_messages={"empty": _("The file is empty.")},
    )


class AreaForm(forms.Form):
    """Where and when it is asked what is payable."""

    area = forms.RegexField(
        r"^\d{6}$",
        label=_("Pooling area"),
        error_messages={"invalid": _("Six digits.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "6"}),
    )
    on = day_field(_("Day of service"))
