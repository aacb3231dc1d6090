"""What the finance office types about channels and refunds."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SettleForm(forms.Form):
    """What was done about an incident."""

    note = forms.CharField(label=_("What was done"), max_length=200, required=False)


class HandForm(forms.Form):
    """Under which number a refund was given back on the channel's own pages."""

    reference = forms.CharField(label=_("Number on the channel's page"), max_length=100, required=False)
