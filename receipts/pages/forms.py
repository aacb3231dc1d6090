"""What a person who verifies a receipt types or chooses."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

CODE = re.compile(r"[2-9A-HJ-NP-Z]{16}")
MAX_BYTES = 10 * 1024 * 1024


class CodeForm(forms.Form):
    """The code below the QR code."""

    code = forms.CharField(
        label=_("Verification code"),
        help_text=_("16 letters and digits below the QR code; spaces do not matter."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        """Without spaces and in capitals."""
        code = re.sub(r"[\s-]", "", self.cleaned_data["code"]).upper()
        if not CODE.fullmatch(code):
            raise forms.ValidationError(
                _("This is no verification code: it has 16 letters and digits, without 0, 1, I and O.")
            )
        return code


class FileForm(forms.Form):
    """The file that somebody was sent."""

    file = forms.FileField(
        label=_("The PDF file you were given"), help_text=_("It is compared here and not kept.")
    )

    def clean_file(self) -> object:
        """Small enough to be one of ours."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("This file is larger than any receipt: at most 10 MB."))
        return file
