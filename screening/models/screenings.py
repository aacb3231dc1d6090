"""What was found when, what the insurer said, and how it was answered; rows are only ever added."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from encounters.models import Encounter
from screening.models.choices import Asked, EffectChoice, MomentChoice, Outcome


class Analysis(models.Model):
    """One question to the insurer about one order (3101, 3102), and its answer."""

    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="+")
    order_key = models.CharField(_("order"), max_length=40)
    digest = models.CharField(max_length=64, help_text="SHA-256 of what was asked about")
    moment = models.CharField(_("when"), max_length=20, choices=MomentChoice.choices)
    asked = models.CharField(_("outcome"), max_length=20, choices=Asked.choices)
    reason = models.CharField(_("why there is no answer"), max_length=300, blank=True)
    warnings = models.JSONField(
        default=list, help_text="[{id, rule, name, content, evidence, severity, amount, lines}]"
    )
    asked_at = models.DateTimeField(_("asked at"))
    milliseconds = models.PositiveIntegerField(_("milliseconds"), default=0)

    class Meta:
        """Found by order."""

        verbose_name = _("question to the insurer")
        verbose_name_plural = _("questions to the insurer")
        ordering = ["pk"]
        indexes = [models.Index(fields=["order_key", "moment"], name="analysis_of_order")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        """Order and outcome."""
        return f"{self.order_key} {self.asked}"


class Screening(models.Model):
    """One look at one order before money, with everything that was found."""

    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="screenings")
    order_key = models.CharField(_("order"), max_length=40)
    digest = models.CharField(max_length=64)
    moment = models.CharField(_("when"), max_length=20, choices=MomentChoice.choices)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    asked = models.CharField(_("the insurer"), max_length=20, choices=Asked.choices)
    prescriber_code = models.CharField(max_length=30, blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        """Found by order, and by doctor and moment."""

        verbose_name = _("screening")
        verbose_name_plural = _("screenings")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["order_key"], name="screening_of_order"),
            models.Index(fields=["prescriber_code", "at"], name="screening_pace"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        """Order and outcome."""
        return f"{self.order_key} {self.outcome}"


class ScreeningFinding(models.Model):
    """One point that a rule found, with the reason of whoever went on."""

    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="findings")
    rule = models.CharField(_("rule"), max_length=20)
    key = models.CharField(max_length=60)
    effect = models.CharField(_("effect"), max_length=10, choices=EffectChoice.choices)
    origin = models.CharField(max_length=10, help_text="local or insurer")
    warning_id = models.CharField(max_length=50, blank=True, help_text="jr_id of the insurer")
    message = models.CharField(_("finding"), max_length=600)
    message_en = models.CharField(max_length=600)
    source = models.CharField(_("source"), max_length=500)
    source_en = models.CharField(max_length=500)
    grade = models.CharField(max_length=1, blank=True)
    line_numbers = ArrayField(models.PositiveSmallIntegerField(), default=list)
    reason = models.CharField(_("reason to go on"), max_length=200, blank=True)

    class Meta:
        """Each point once in a screening."""

        verbose_name = _("finding of an audit rule")
        verbose_name_plural = _("findings of audit rules")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["screening", "key"], name="screening_finding_once")]
        indexes = [models.Index(fields=["rule", "-id"], name="screening_finding_rule")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        """Rule."""
        return self.rule


class HandlingReport(models.Model):
    """What the insurer was told of its own findings (3103): gone on with a reason, or changed."""

    analysis = models.OneToOneField(Analysis, on_delete=models.PROTECT, related_name="report")
    answers = models.JSONField(default=list, help_text="[{id, way, reason}]; way 1 went on, 2 changed")
    is_told = models.BooleanField(_("told"), default=False)
    attempts = models.PositiveSmallIntegerField(_("times tried"), default=0)
    error = models.CharField(_("why not told"), max_length=300, blank=True)
    written_at = models.DateTimeField(_("written at"))
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)

    class Meta:
        """One for each answered question."""

        verbose_name = _("report on the insurer's findings")
        verbose_name_plural = _("reports on the insurer's findings")

    def __str__(self) -> str:
        """Its question."""
        return str(self.analysis_id)
