"""What the finance office types."""

from django import forms
from django.utils.translation import gettext_lazy as _

from checkout.rules import LONGEST_REASON


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
