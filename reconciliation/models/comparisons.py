"""One source of one day, each time it was compared, and the sums of its groups."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reconciliation.rules.kinds import Source, choices_of
from reconciliation.states import ComparisonState
from registry.models import Institution

_STATES = [(state.value, state.value) for state in ComparisonState]


class Comparison(models.Model):
    """What one source holds of one day beside what we hold; amounts in yuan."""

    day = models.DateField(_("day"))
    source = models.CharField(_("source"), max_length=10, choices=choices_of(Source))
    institution = models.ForeignKey(
        Institution, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("institution"), help_text="of the insurer's days; the others are for all together",
    )  # fmt: skip

    state = models.CharField(_("state"), max_length=20, choices=_STATES, default=ComparisonState.WAITING)
    due_at = models.DateTimeField(
        _("due at"), null=True, blank=True, db_index=True, help_text="empty: only when a person asks for it"
    )
    runs_in_vain = models.PositiveSmallIntegerField(
        _("runs in vain"), default=0, help_text="since the last answer"
    )
    running_since = models.DateTimeField(_("running since"), null=True, blank=True)
    failure = models.CharField(_("what went wrong"), max_length=500, blank=True)
    compared_at = models.DateTimeField(_("compared at"), null=True, blank=True)

    our_count = models.PositiveIntegerField(_("records with us"), default=0)
    our_amount = models.DecimalField(_("sum with us"), max_digits=16, decimal_places=2, default=0)
    their_count = models.PositiveIntegerField(
        _("records with them"), null=True, blank=True, help_text="empty where only sums were compared"
    )

    class Meta:
        """One for each source, institution and day."""

        verbose_name = _("comparison of a day")
        verbose_name_plural = _("comparisons of days")
        ordering = ["-day", "source", "institution_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "source", "institution"], nulls_distinct=False, name="comparison_once"
            )
        ]

    def __str__(self) -> str:
        """Day and source."""
        return f"{self.day} {self.source}"


class ComparisonRun(models.Model):
    """One attempt: who asked, how it ended, what was read."""

    comparison = models.ForeignKey(Comparison, on_delete=models.PROTECT, related_name="runs")
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=20, blank=True, choices=_STATES, help_text="empty: it was cut off"
    )
    failure = models.CharField(_("what went wrong"), max_length=500, blank=True)
    our_count = models.PositiveIntegerField(default=0)
    their_count = models.PositiveIntegerField(null=True, blank=True)
    difference_count = models.PositiveIntegerField(_("differences"), default=0)
    statement_sha256 = models.CharField(max_length=64, blank=True, help_text="of the lines as they were read")

    class Meta:
        """Newest last."""

        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["pk"]

    def __str__(self) -> str:
        """Its number."""
        return f"#{self.pk}"


class GroupTotal(models.Model):
    """3201: the sums of one group (insurance type, clearing type, clearing agency), and the insurer's answer."""

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="groups")
    insurance_type = models.CharField(_("insurance type"), max_length=6, help_text="insutype")
    clearing_type = models.CharField(_("clearing type"), max_length=6, help_text="clr_type")
    clearing_agency = models.CharField(_("clearing agency"), max_length=6, help_text="setl_optins")
    our_count = models.PositiveIntegerField(_("records with us"))
    total_amount = models.DecimalField(_("total"), max_digits=16, decimal_places=2)
    fund_amount = models.DecimalField(_("fund"), max_digits=16, decimal_places=2)
    account_amount = models.DecimalField(_("personal account"), max_digits=16, decimal_places=2)
    cash_amount = models.DecimalField(_("cash"), max_digits=16, decimal_places=2)
    is_balanced = models.BooleanField(_("balanced"))
    answer = models.CharField(_("answer"), max_length=200, blank=True, help_text="stmt_rslt_dscr")

    class Meta:
        """Each group once."""

        verbose_name = _("sums of a group")
        verbose_name_plural = _("sums of groups")
        ordering = ["insurance_type", "clearing_type", "clearing_agency"]
        constraints = [
            models.UniqueConstraint(
                fields=["comparison", "insurance_type", "clearing_type", "clearing_agency"], name="group_once"
            )
        ]

    def __str__(self) -> str:
        """Its three codes."""
        return f"{self.insurance_type}/{self.clearing_type}/{self.clearing_agency}"
