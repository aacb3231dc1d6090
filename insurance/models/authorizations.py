"""What a person allowed with her insurance e-voucher (医保电子凭证)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from encounters.models import Encounter
from insurance.states import AuthorizationState
from kernel.crypto import EncryptedTextField
from registry.models import Patient

_STATES = [(state.value, state.value) for state in AuthorizationState]


class AuthorizationWay(models.TextChoices):
    """How she proved who she is."""

    FACE = "face", _("face")
    PASSWORD = "password", _("password of the e-voucher")
    CODE = "code", _("code of the e-voucher")


class VoucherAuthorization(models.Model):
    """One authorisation of one encounter: asked for, given or refused, used once.

    ``payer`` is whose account and benefits it opens: the patient herself, or the family member whose account pays for
    her (家庭共济).
    """

    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="authorizations")
    payer = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(_("way"), max_length=10, choices=AuthorizationWay.choices)
    is_family = models.BooleanField(_("account of a family member"), default=False)
    business_number = models.CharField(_("our number"), max_length=64, unique=True, help_text="outBizNo")
    authorization_number = models.CharField(
        _("number of the authorisation"), max_length=100, blank=True, help_text="authNo"
    )
    voucher_token = EncryptedTextField(
        _("token of the e-voucher"), blank=True, default="", help_text="ecToken"
    )
    payment_number = EncryptedTextField(
        _("number of the permission to pay"), blank=True, default="", help_text="payAuthNo; used once"
    )
    insured_region = models.CharField(max_length=6, blank=True, help_text="insuOrg")
    address = models.URLField(_("where she authorises"), max_length=500, blank=True)

    state = models.CharField(_("state"), max_length=20, choices=_STATES, default=AuthorizationState.REQUESTED)
    refusal = models.CharField(_("refusal"), max_length=300, blank=True)
    requested_at = models.DateTimeField(_("asked for at"))
    given_at = models.DateTimeField(_("given at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    class Meta:
        """One open question at a time; a number of the middle platform is never taken twice."""

        verbose_name = _("e-voucher authorisation")
        verbose_name_plural = _("e-voucher authorisations")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["encounter"], condition=Q(state="requested"), name="authorization_one_open"
            ),
            models.UniqueConstraint(
                fields=["authorization_number"],
                condition=~Q(authorization_number=""),
                name="authorization_number_once",
            ),
        ]

    def __str__(self) -> str:
        """Our number."""
        return self.business_number
