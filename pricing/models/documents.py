"""Documents that set prices."""

import pgtrigger
from django.contrib.postgres.fields import DateRangeField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import ExpressionWrapper, Q
from django.utils.translation import gettext_lazy as _

from pricing.rules.facts import DocumentFact


class EvidenceGrade(models.TextChoices):
    """How well we know what the document says."""

    OFFICIAL = "A", _("A: official or hospital text seen")
    REPORTED = "B", _("B: news or press report")
    SECOND_HAND = "C", _("C: quoted by someone else, to be checked")
    DEMONSTRATION = "D", _("D: invented for demonstration")


class TariffDocument(models.Model):
    """A published document that sets prices (价格文件)."""

    number = models.CharField(
        _("document number"),
        max_length=80,
        unique=True,
        help_text=_("As printed, e.g. 黑医保发〔2022〕60号."),
    )
    title = models.CharField(_("title of the document"), max_length=200)
    title_en = models.CharField(_("title of the document in English"), max_length=300)
    issuer = models.CharField(_("issued by"), max_length=100)
    issuer_en = models.CharField(_("issued by, in English"), max_length=150)
    region_code = models.CharField(
        _("region (GB/T 2260)"),
        max_length=6,
        validators=[RegexValidator(r"^\d{6}$", _("Six digits."))],
        help_text=_("Six digits: 330000 is a province, 330100 a city."),
    )

    issued_on = models.DateField(
        _("issued on"), null=True, blank=True, help_text=_("Empty when the source does not say.")
    )
    effective = DateRangeField(
        _("in force"), help_text=_("From the first day until the day after the last; the end may stay open.")
    )
    supersedes = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="superseded_by",
        verbose_name=_("replaces"),
        help_text=_("Earlier documents whose prices end when this one begins."),
    )

    evidence = models.CharField(
        _("evidence"),
        max_length=1,
        choices=EvidenceGrade.choices,
        help_text=_("How well we know the text. Prices of grade D are never used outside the demonstration."),
    )
    source_key = models.CharField(_("source key"), max_length=20, blank=True)
    found_at = models.CharField(
        _("where it was found"), max_length=300, help_text=_("Address, file or archive.")
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    note_en = models.CharField(_("note in English"), max_length=700, blank=True)
    is_demonstration = models.GeneratedField(
        expression=ExpressionWrapper(Q(evidence=EvidenceGrade.DEMONSTRATION), models.BooleanField()),
        output_field=models.BooleanField(_("demonstration data")),
        db_persist=True,
    )

    content_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    recorded_at = models.DateTimeField(_("recorded at"), editable=False)

    class Meta:
        """Names and limits."""

        verbose_name = _("tariff document")
        verbose_name_plural = _("tariff documents")
        ordering = ["region_code", "number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(effective__isempty=False, effective__startswith__isnull=False),
                name="tariff_document_begins",
                violation_error_message=_("A document has a first day and ends after it."),
            ),
        ]

    def __str__(self) -> str:
        """Its number and title."""
        return f"{self.number} {self.title}"

    def facts(self) -> DocumentFact:
        """What the rules need of this row."""
        return DocumentFact(
            number=self.number,
            region_code=self.region_code,
            evidence_grade=self.evidence,
            begin=self.effective.lower,
            end=self.effective.upper,
        )


class LoadedContent(models.Model):
    """What the file of a document said when it was loaded, so that it can be exported as it was."""

    document = models.OneToOneField(
        TariffDocument, primary_key=True, on_delete=models.PROTECT, related_name="loaded_content"
    )
    content = models.TextField(_("content"), help_text=_("The file as JSON, in its own order."))

    class Meta:
        """Never changed, never deleted."""

        verbose_name = _("content of a tariff file")
        verbose_name_plural = _("contents of tariff files")
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        """The document."""
        return str(self.document)
