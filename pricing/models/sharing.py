"""How the parties of a remote service share what the patient paid."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.period import Period
from pricing.models.items import ServiceChoice
from pricing.rules.kinds import Service
from pricing.rules.sharing import AgreementFact
from registry.models import Institution


class SharingAgreement(models.Model):
    """The agreement of the inviting, the invited and the technical party; the fractions sum to one.

    Source: 医保发〔2019〕47号 as reported in S4: the patient pays the item of the invited party, and the parties
    share by their own agreement.
    """

    number = models.CharField(_("number of the agreement"), max_length=60, unique=True)
    service = models.CharField(_("service of the policy"), max_length=20, choices=ServiceChoice.choices)
    inviting = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="+", verbose_name=_("inviting institution")
    )
    invited = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="+", verbose_name=_("invited institution")
    )
    platform_name = models.CharField(_("technical party"), max_length=100, blank=True)
    inviting_rate = models.DecimalField(_("share of the inviting party"), max_digits=9, decimal_places=6)
    invited_rate = models.DecimalField(_("share of the invited party"), max_digits=9, decimal_places=6)
    platform_rate = models.DecimalField(
        _("share of the technical party"), max_digits=9, decimal_places=6, default=0
    )
    signed_on = models.DateField(_("signed on"))
    effective = DateRangeField(_("in force"))
    recorded_at = models.DateTimeField(_("recorded at"), editable=False)

    class Meta:
        """Fractions from 0 to 1 that sum to 1; one agreement at a time."""

        verbose_name = _("sharing agreement")
        verbose_name_plural = _("sharing agreements")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    inviting_rate__gte=0,
                    invited_rate__gte=0,
                    platform_rate__gte=0,
                    invited_rate=1 - F("inviting_rate") - F("platform_rate"),
                ),
                name="sharing_sums_to_one",
                violation_error_message=_("The shares are fractions that sum to 1."),
            ),
            models.CheckConstraint(
                condition=~Q(platform_name="") | Q(platform_rate=0),
                name="sharing_names_platform",
                violation_error_message=_("A technical party with a share has a name."),
            ),
            models.CheckConstraint(
                condition=~Q(inviting=F("invited")),
                name="sharing_two_institutions",
                violation_error_message=_("Nobody invites itself."),
            ),
            ExclusionConstraint(
                name="sharing_one_in_force",
                expressions=[
                    ("service", RangeOperators.EQUAL),
                    ("inviting", RangeOperators.EQUAL),
                    ("invited", RangeOperators.EQUAL),
                    ("effective", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Another agreement of the two holds on some of these days."),
            ),
        ]

    def __str__(self) -> str:
        """Its number."""
        return self.number

    def facts(self) -> AgreementFact:
        """What the sharing needs of this row."""
        return AgreementFact(
            number=self.number,
            service=Service(self.service),
            inviting_id=self.inviting_id,
            invited_id=self.invited_id,
            platform_name=self.platform_name,
            inviting_rate=self.inviting_rate,
            invited_rate=self.invited_rate,
            platform_rate=self.platform_rate,
            signed_on=self.signed_on,
            period=Period(self.effective.lower, self.effective.upper),
        )
