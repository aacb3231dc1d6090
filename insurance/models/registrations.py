"""The visit as the insurer knows it (1101, 2201, 2203A)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from encounters.models import Encounter
from insurance.models.authorizations import VoucherAuthorization
from registry.models import Coverage


class VisitRegistration(models.Model):
    """One encounter at the insurer; claims of its bills share it."""

    encounter = models.OneToOneField(Encounter, on_delete=models.PROTECT, related_name="registration")
    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="+")

    person_number = models.CharField(_("person number"), max_length=30, blank=True)
    person_type = models.CharField(max_length=6, blank=True)
    insurance_type = models.CharField(max_length=6, blank=True)
    insured_region = models.CharField(max_length=6, blank=True)
    visit_number = models.CharField(_("visit number at the insurer"), max_length=30, blank=True)
    registered_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True, help_text="2203A: diagnoses as they stood then")
    reported_disease = models.CharField(
        _("chronic disease last reported"), max_length=30, blank=True, default="", db_default="",
        help_text="dise_codg of the last 2203A; empty for an ordinary visit",
    )  # fmt: skip
    cancelled_at = models.DateTimeField(null=True, blank=True, help_text="2202")
    authorization = models.ForeignKey(
        VoucherAuthorization, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="the e-voucher by which she is known there; without one her identity number is sent",
    )  # fmt: skip

    class Meta:
        """Names."""

        verbose_name = _("registration at the insurer")
        verbose_name_plural = _("registrations at the insurer")

    def __str__(self) -> str:
        """Number at the insurer, or ours."""
        return self.visit_number or f"#{self.pk}"
