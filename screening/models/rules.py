"""Audit rules as rows of data, with their knowledge points."""

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from screening.models.choices import EffectChoice, Grade, KindChoice


class ScreeningRule(models.Model):
    """One rule: what it looks at, what it does, on what it rests, and whether it is on."""

    number = models.CharField(_("number"), max_length=10, unique=True, help_text="SR-nn")
    kind = models.CharField(_("looks at"), max_length=20, choices=KindChoice.choices)
    batch = models.CharField(
        _("batches"),
        max_length=30,
        blank=True,
        help_text=_("Of the national publication, parted by blanks: 1-3 1-4."),
    )
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=150)
    explanation = models.CharField(_("explanation"), max_length=400)
    explanation_en = models.CharField(_("explanation in English"), max_length=500)
    source = models.CharField(_("source"), max_length=200)
    source_en = models.CharField(_("source in English"), max_length=250)
    grade = models.CharField(_("evidence"), max_length=1, choices=Grade.choices)

    effect = models.CharField(_("effect"), max_length=10, choices=EffectChoice.choices)
    is_only_insured = models.BooleanField(
        _("only where the fund pays"), default=True,
        help_text=_("A rule of payment says nothing to who pays everything herself."),
    )  # fmt: skip
    same_as = models.CharField(
        _("says the same as"), max_length=10, blank=True,
        help_text=_("Rule of the prescription; where that has spoken, this one only records."),
    )  # fmt: skip
    thresholds = models.JSONField(
        _("thresholds"), default=dict, blank=True, help_text="name -> number as text"
    )
    effective = DateRangeField(_("in force"), help_text="half-open [from, until)")
    is_on = models.BooleanField(_("on"), default=True)

    class Meta:
        """By number."""

        verbose_name = _("audit rule")
        verbose_name_plural = _("audit rules")
        ordering = ["number"]

    def __str__(self) -> str:
        """Its number."""
        return self.number


class KnowledgePoint(models.Model):
    """What a rule limits: one row of the published list (知识点)."""

    rule = models.ForeignKey(ScreeningRule, on_delete=models.CASCADE, related_name="points")
    batch = models.CharField(_("batch"), max_length=20, blank=True)
    number = models.PositiveIntegerField(_("number in the publication"), help_text="序号")
    name = models.CharField(_("generic name"), max_length=200)
    plain_name = models.CharField(max_length=200, editable=False)
    logic = models.CharField(_("logic"), max_length=300, blank=True, help_text="检出逻辑")
    basis = models.TextField(_("basis"), blank=True, help_text="逻辑依据")
    limit = models.CharField(_("limited to"), max_length=20, blank=True)
    limit_number = models.DecimalField(_("limit"), max_digits=10, decimal_places=2, null=True, blank=True)
    period_days = models.PositiveSmallIntegerField(_("days of the period"), default=0)
    partner_code = models.CharField(_("code of the other item"), max_length=50, blank=True)
    partner_name = models.CharField(_("name of the other item"), max_length=200, blank=True)
    diagnosis_codes = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, verbose_name=_("diseases it is paid for"),
        help_text="beginnings of codes of the insurance's list; empty: judged by the words of the basis",
    )  # fmt: skip
    grade = models.CharField(_("evidence"), max_length=1, choices=Grade.choices)
    taken_from = models.ForeignKey(
        "screening.KnowledgeImport", null=True, blank=True, on_delete=models.PROTECT, related_name="points"
    )

    class Meta:
        """Numbered within the file of a batch."""

        verbose_name = _("knowledge point")
        verbose_name_plural = _("knowledge points")
        ordering = ["rule", "batch", "number"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "batch", "number"], name="knowledge_point_once"),
        ]
        indexes = [models.Index(fields=["plain_name"], name="knowledge_point_name")]

    def __str__(self) -> str:
        """Generic name."""
        return self.name


class KnowledgeCode(models.Model):
    """One national code of a point."""

    point = models.ForeignKey(KnowledgePoint, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(_("code"), max_length=50)

    class Meta:
        """Found by code."""

        verbose_name = _("code of a knowledge point")
        verbose_name_plural = _("codes of knowledge points")
        constraints = [models.UniqueConstraint(fields=["point", "code"], name="knowledge_code_once")]
        indexes = [models.Index(fields=["code"], name="knowledge_code")]

    def __str__(self) -> str:
        """The code."""
        return self.code
