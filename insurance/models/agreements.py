"""The right to settle: agreements of an institution with a pooling area, and what is payable there."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from insurance.states import AgreementState
from registry.models import Institution

_STATES = [(state.value, state.value) for state in AgreementState]


class AgreementKind(models.TextChoices):
    """Which contract it is."""

    DESIGNATED = "designated", _("designated institution agreement")
    INTERNET_PLUS = "internet_plus", _('supplementary "Internet+" agreement')


class InsuredService(models.TextChoices):
    """What can be brought before the insurance; an agreement names those it covers."""

    ONLINE_REVISIT = "online_revisit", _("online re-diagnosis fee")
    REVISIT_DRUGS = "revisit_drugs", _("medicines of an online re-diagnosis")
    CHRONIC_REVISIT = "chronic_revisit", _("online re-diagnosis of a chronic or special disease")
    FIRST_VISIT = "first_visit", _("online first visit")
    REMOTE_CONSULTATION = "remote_consultation", _("remote consultation")
    HOME_NURSING = "home_nursing", _("nursing at home")
    DELIVERY = "delivery", _("delivery of medicines")


class Agreement(models.Model):
    """One contract with the agency of a pooling area, half-open ``[valid_from, valid_until)``.

    The "Internet+" agreement is signed through the physical institution: ``main`` is that institution's agreement, and
    without it in force the supplement is not in force either.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=AgreementKind.choices)
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="agreements",
        verbose_name=_("physical institution"),
    )  # fmt: skip
    main = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="supplements",
        verbose_name=_("supplements the agreement"),
    )  # fmt: skip
    number = models.CharField(_("number"), max_length=60, unique=True)
    pooling_area = models.CharField(
        _("pooling area"), max_length=6, validators=[RegexValidator(r"^\d{6}$", _("Six digits."))]
    )
    agency = models.CharField(_("insurance agency"), max_length=100)
    services = ArrayField(
        models.CharField(max_length=30, choices=InsuredService.choices), verbose_name=_("services covered")
    )
    valid_from = models.DateField(_("in force from"))
    valid_until = models.DateField(_("in force until (not included)"), null=True, blank=True)

    state = models.CharField(_("state"), max_length=20, choices=_STATES, default=AgreementState.APPLIED)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    applied_at = models.DateTimeField(_("applied for at"))
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on (not included)"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=300, blank=True)
    is_demonstration = models.BooleanField(_("demonstration data"), default=False)

    class Meta:
        """A supplement names what it supplements; a period ends after it begins."""

        verbose_name = _("insurance agreement")
        verbose_name_plural = _("insurance agreements")
        ordering = ["institution", "kind", "-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="designated", main__isnull=True)
                | Q(kind="internet_plus", main__isnull=False),
                name="agreement_supplements",
                violation_error_message=_("A supplementary agreement names the agreement it supplements."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="agreement_period",
                violation_error_message=_("An agreement ends after it begins."),
            ),
        ]

    def __str__(self) -> str:
        """Its number."""
        return self.number


class AgreementSuspension(models.Model):
    """Days on which an agreement does not count, half-open ``[from_on, until_on)``; None has no end yet."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="suspensions")
    from_on = models.DateField(_("suspended from"))
    until_on = models.DateField(_("suspended until (not included)"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    document_number = models.CharField(_("number of the notice"), max_length=100, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        """One open suspension of an agreement."""

        verbose_name = _("suspension of an agreement")
        verbose_name_plural = _("suspensions of agreements")
        ordering = ["-from_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(until_on__isnull=True), name="agreement_suspended_once"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="agreement_suspension_period",
            ),
        ]

    def __str__(self) -> str:
        """First day and reason."""
        return f"{self.from_on} {self.reason}"


def _stored_name(instance: "AgreementDocument", filename: str) -> str:
    """Content-addressed path; the name as uploaded is kept in a column."""
    return f"agreements/{instance.sha256[:2]}/{instance.sha256}.{instance.extension}"


class AgreementDocument(models.Model):
    """A paper of an agreement: application, signed contract, notice."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(_("title"), max_length=100)
    file = models.FileField(upload_to=_stored_name)
    original_name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=50)
    extension = models.CharField(max_length=5)
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        """The same file once; papers stay."""

        verbose_name = _("document of an agreement")
        verbose_name_plural = _("documents of agreements")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "sha256"], name="agreement_document_once")
        ]
        triggers = [pgtrigger.Protect(name="never_changes", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        """Title."""
        return self.title


class PayableRule(models.Model):
    """Whether the insurance of a pooling area pays for a service, from a day on, and by which source.

    ``pooling_area`` is a prefix of the code of the area: six digits are an area, two a province, empty the whole
    country. The longest prefix decides, then the later first day.
    """

    pooling_area = models.CharField(_("pooling area (beginning of its code)"), max_length=6, blank=True)
    service = models.CharField(_("service"), max_length=30, choices=InsuredService.choices)
    is_payable = models.BooleanField(_("payable"))
    needs_prescription = models.BooleanField(_("only with a prescription"), default=False)
    chronic_only = models.BooleanField(_("only for chronic and special diseases"), default=False)
    valid_from = models.DateField(_("in force from"))
    valid_until = models.DateField(_("in force until (not included)"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300)
    grade = models.CharField(_("grade of the source"), max_length=1)
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_demonstration = models.BooleanField(_("demonstration data"), default=False)

    class Meta:
        """One answer for an area, a service and a first day."""

        verbose_name = _("rule of what is payable")
        verbose_name_plural = _("rules of what is payable")
        ordering = ["service", "pooling_area", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["pooling_area", "service", "valid_from"], name="payable_rule_once"
            )
        ]

    def __str__(self) -> str:
        """Service and area."""
        return f"{self.get_service_display()} {self.pooling_area}"
