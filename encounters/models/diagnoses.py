"""Diagnosis codes: the insurance list and the clinical list are two lists."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from encounters.rules import category_of, pinyin_key


class DiagnosisCode(models.Model):
    """One disease with its code in both national lists.

    Source: 医保版 ICD-10 and 国家临床版 2.0; the grouping is ours.
    """

    insurance_code = models.CharField(_("code for the insurance"), max_length=30)
    insurance_name = models.CharField(_("name for the insurance"), max_length=100)
    clinical_code = models.CharField(_("code for the record"), max_length=30)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=150, blank=True)
    group = models.CharField(_("group"), max_length=30)
    group_en = models.CharField(_("group in English"), max_length=60, blank=True)
    aliases = models.CharField(
        _("everyday names"),
        max_length=200,
        blank=True,
        help_text=_("What patients call it, parted by spaces."),
    )
    pinyin = models.CharField(
        max_length=400,
        editable=False,
        help_text="initials and full pinyin of the name and the everyday names",
    )
    is_open_online = models.BooleanField(_("may be followed up online"), default=True)

    class Meta:
        """Searchable by name, pinyin and code."""

        verbose_name = _("diagnosis code")
        verbose_name_plural = _("diagnosis codes")
        constraints = [models.UniqueConstraint(fields=["clinical_code", "name"], name="diagnosis_code_once")]
        indexes = [
            GinIndex(fields=["pinyin"], opclasses=["gin_trgm_ops"], name="diagnosis_pinyin"),
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="diagnosis_name"),
        ]

    def __str__(self) -> str:
        """Code and name."""
        return f"{self.clinical_code} {self.name}"

    @property
    def category(self) -> str:
        """The first three characters: what "the same disease" is compared by (V-03)."""
        return category_of(self.clinical_code)

    def renew_pinyin(self) -> None:
        """Make the search column fit the names; the caller saves."""
        self.pinyin = pinyin_key(self.name, *self.aliases.split())
