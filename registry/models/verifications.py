"""Requests to confirm that a name and an identity number belong together."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.crypto import EncryptedTextField, fingerprint
from kernel.identifiers import masked_name
from registry.models.patients import Patient, Relation
from registry.states import OPEN_STATES, VerificationState

_LABELS = {
    VerificationState.PENDING: _("being confirmed"),
    VerificationState.UNANSWERED: _("being confirmed"),
    VerificationState.MATCHED: _("confirmed"),
    VerificationState.MISMATCHED: _("name and number do not belong together"),
    VerificationState.NOT_FOUND: _("number not found"),
    VerificationState.TAKEN: _("somebody else already acts for this person"),
}


class VerificationRequest(models.Model):
    """One question to the identity gateway, kept before it is asked so that no answer is lost."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="verifications",
        verbose_name=_("asked by"),
    )
    relation = models.CharField(_("relation"), max_length=10, choices=Relation.choices)
    name = models.CharField(_("full name"), max_length=50)
    id_number = EncryptedTextField(_("identity number"))
    id_fingerprint = models.CharField(max_length=64, editable=False, db_index=True)
    mobile = EncryptedTextField(_("mobile number"), blank=True, default="")

    state = models.CharField(
        _("state"),
        max_length=12,
        choices=[(state.value, label) for state, label in _LABELS.items()],
        default=VerificationState.PENDING.value,
    )
    patient = models.ForeignKey(
        Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="verifications",
        verbose_name=_("patient"),
    )  # fmt: skip

    requested_at = models.DateTimeField(_("requested at"))
    asked_at = models.DateTimeField(_("last asked at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("times asked"), default=0)

    class Meta:
        """At most one open question per user and number; a number answered otherwise may be asked again."""

        verbose_name = _("real-name verification")
        verbose_name_plural = _("real-name verifications")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "id_fingerprint"],
                condition=models.Q(state__in=["pending", "unanswered"]),
                name="verification_one_open",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(state__in=["pending", "unanswered"], relation="self"),
                name="verification_one_self_open",
            ),
        ]

    def __str__(self) -> str:
        """Masked name and state."""
        return f"{masked_name(self.name)} {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        """Whether the answer is still to come."""
        return self.state in OPEN_STATES

    def set_id_number(self, value: str) -> None:
        """Set the number and its fingerprint together; the caller saves."""
        self.id_number = value
        self.id_fingerprint = fingerprint(value)
