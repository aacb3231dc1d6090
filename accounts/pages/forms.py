"""Forms of signing in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import rules
from kernel.errors import Violation


class MobileInput(forms.TextInput):
    """A keyboard with digits; the page groups them as people read them (static/js/grouping.js)."""

    input_type = "tel"


def refuse_first(violations: list[Violation]) -> None:
    """Let the form say the first violation beside the field."""
    if violations:
        raise forms.ValidationError(str(violations[0].message))


class PlainForm(forms.Form):
    """Errors are ours, beside the field; the browser's own bubbles stay away."""

    use_required_attribute = False


class MobileForm(PlainForm):
    """Where to send the code."""

    mobile = forms.CharField(
        label=_("Mobile number"),
        help_text=_("11 digits; we send a code to it. No password is needed."),
        max_length=30,
        error_messages={"required": _("Enter your mobile number.")},
        widget=MobileInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "tel-national",
                "placeholder": "138 0000 0001",
                "data-groups": "3 4 4",
                "autofocus": True,
            }
        ),
    )

    def clean_mobile(self) -> str:
        """Eleven digits without spaces."""
        typed = self.cleaned_data["mobile"]
        refuse_first(rules.mobile_violations(typed))
        return rules.plain_digits(typed)


class CodeForm(PlainForm):
    """The six digits that came."""

    code = forms.CharField(
        label=_("Code from the text message"),
        help_text=_("6 digits, valid for 5 minutes."),
        max_length=20,
        error_messages={"required": _("Enter the code from the text message.")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
        ),
    )

    def clean_code(self) -> str:
        """Six digits without spaces."""
        typed = self.cleaned_data["code"]
        refuse_first(rules.code_form_violations(typed))
        return rules.plain_digits(typed)


class StaffForm(PlainForm):
    """Staff number and password."""

    username = forms.CharField(
        label=_("Staff number"),
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
        error_messages={"required": _("Enter your staff number.")},
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )

    def clean_username(self) -> str:
        """Without spaces around it."""
        value: Any = self.cleaned_data["username"]
        return str(value).strip()
