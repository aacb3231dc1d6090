"""What the price office types."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pricing.models import Category, PriceRevision, TariffDocument
from registry.models import Institution

ONE_DAY = timedelta(days=1)


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day that can be typed and picked."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Give a day as year-month-day, e.g. 2026-03-16.")},
        **options,
    )


class RevisionForm(forms.Form):
    """What a revision is about; ``institution`` only when it begins."""

    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("What changes, e.g. Outpatient consultation 2027.")
    )
    document = forms.ModelChoiceField(
        TariffDocument.objects.order_by("-effective", "number"),
        label=_("Document that sets the prices"),
        help_text=_("It is recorded under Manage first if it is not in the list."),
    )
    institution = forms.ModelChoiceField(
        Institution.objects.order_by("pk"),
        label=_("Whose prices"),
        required=False,
        empty_label=_("the regulator's, for all institutions"),
    )
    reaches_back = forms.BooleanField(
        label=_("It also sets prices for days that have passed"),
        required=False,
        help_text=_(
            "A document that arrived late, or a correction. The bills it affects are listed afterwards."
        ),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Why it is made; needed when it reaches back."),
    )

    @classmethod
    def of(cls, revision: PriceRevision, typed: Mapping[str, Any] | None = None) -> "RevisionForm":
        """For one that is there: whose prices they are stays."""
        names = ("title", "document", "reaches_back", "note")
        form = cls(typed, initial={name: getattr(revision, name) for name in names})
        del form.fields["institution"]
        return form


class CopyForm(forms.Form):
    """Which prices in force are copied, and from which day they are to be others."""

    q = forms.CharField(
        label=_("Items"),
        required=False,
        max_length=60,
        help_text=_("Name, pinyin, initials or code; empty for all."),
    )
    category = forms.ChoiceField(
        label=_("Category"), required=False, choices=[("", _("all")), *Category.choices]
    )
    region = forms.CharField(
        label=_("Region"), required=False, max_length=6, help_text=_("Six digits; empty for all.")
    )
    level = forms.ChoiceField(
        label=_("Level"), required=False, choices=[("", _("all")), ("1", "1"), ("2", "2"), ("3", "3")]
    )
    document = forms.ModelChoiceField(
        TariffDocument.objects.order_by("number"), label=_("Document"), required=False, empty_label=_("all")
    )
    begins_on = day_field(_("New first day"))


class VersionForm(forms.Form):
    """Which revision is copied, and from which day."""

    earlier = forms.ModelChoiceField(
        PriceRevision.objects.none(), label=_("Version"), to_field_name="number", empty_label=None
    )
    version_begins_on = day_field(
        _("New first day"), required=False, help_text=_("Empty: the days stay as they are in that version.")
    )

    def __init__(self, *args: Any, revision: PriceRevision, **options: Any) -> None:
        """Offer every other revision."""
        super().__init__(*args, **options)
        field = self.fields["earlier"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = PriceRevision.objects.exclude(pk=revision.pk)


class FileForm(forms.Form):
    """A table of prices."""

    file = forms.FileField(
        label=_("Table of prices"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=_(
            "XLSX or CSV, at most 10 MB and 50,000 rows. Nothing is taken before you have seen what it says."
        ),
        error_messages={"empty": _("The file is empty.")},
    )


class NoteForm(forms.Form):
    """What the second person says."""

    note = forms.CharField(
        label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


def tomorrow(today: date) -> date:
    """The earliest day from which a price may be another."""
    return today + ONE_DAY
