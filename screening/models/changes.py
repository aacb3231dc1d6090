"""Wishes to change a rule, and every setting a rule ever had."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from screening.models.choices import EffectChoice
from screening.models.rules import ScreeningRule
from screening.states import ChangeState

_STATES = [(state.value, state.value) for state in ChangeState]


class RuleChange(models.Model):
    """A wish to set a rule in another way; weakening a denial, or what a document says, needs a second person."""

    rule = models.ForeignKey(ScreeningRule, on_delete=models.PROTECT, related_name="changes")
    is_on = models.BooleanField(_("on"))
    effect = models.CharField(_("effect"), max_length=10, choices=EffectChoice.choices)
    thresholds = models.JSONField(_("thresholds"), default=dict, help_text="name -> number as text")
    reason = models.CharField(_("reason"), max_length=200)
    needs_second_person = models.BooleanField(_("a second person decides"), default=False)
    state = models.CharField(_("state"), max_length=20, choices=_STATES, default=ChangeState.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        """One open wish for a rule; two persons where they are needed; the newest first."""

        verbose_name = _("change of a rule")
        verbose_name_plural = _("changes of rules")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule"], condition=Q(state="proposed"), name="rule_change_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(state="carried_out", needs_second_person=True)
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by")),
                name="rule_change_two_persons",
            ),
        ]

    def __str__(self) -> str:
        """Its rule."""
        return str(self.rule)


class RuleVersion(models.Model):
    """How a rule was set from a moment on; the first version is as it was published or shipped."""

    rule = models.ForeignKey(ScreeningRule, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    is_on = models.BooleanField(_("on"))
    effect = models.CharField(_("effect"), max_length=10, choices=EffectChoice.choices)
    thresholds = models.JSONField(_("thresholds"), default=dict, help_text="name -> number as text")
    begins_at = models.DateTimeField(_("in force from"))
    change = models.OneToOneField(
        RuleChange, null=True, blank=True, on_delete=models.PROTECT, related_name="version"
    )

    class Meta:
        """Numbered without gaps for a rule, and never changed."""

        verbose_name = _("version of a rule")
        verbose_name_plural = _("versions of rules")
        ordering = ["rule", "number"]
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="rule_version_once")]
        triggers = [pgtrigger.Protect(name="never_changes", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        """Rule and version."""
        return f"{self.rule} #{self.number}"
