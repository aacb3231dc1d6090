"""Every message to the insurer: written before it is sent, completed when it is answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from insurance.states import MessageState
from kernel.crypto import EncryptedTextField

_STATES = [(state.value, state.value) for state in MessageState]


class GatewayMessage(models.Model):
    """One message id and what came of it; texts lie encrypted, they hold personal data."""

    msgid = models.CharField(_("message number"), max_length=30, unique=True)
    transaction_code = models.CharField(_("transaction"), max_length=20)
    institution = models.ForeignKey(
        "registry.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="sent for it, where no visit is spoken of",
    )  # fmt: skip
    claim = models.ForeignKey(
        "insurance.Claim", null=True, blank=True, on_delete=models.PROTECT, related_name="messages"
    )
    registration = models.ForeignKey(
        "insurance.VisitRegistration",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="messages",
    )
    state = models.CharField(_("state"), max_length=20, choices=_STATES, default=MessageState.WRITTEN)
    request_text = EncryptedTextField(blank=True, default="")
    reply_text = EncryptedTextField(blank=True, default="")
    error_text = models.CharField(_("what went wrong"), max_length=500, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    written_at = models.DateTimeField(_("written at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        """Newest last."""

        verbose_name = _("message to the insurer")
        verbose_name_plural = _("messages to the insurer")
        ordering = ["pk"]

    def __str__(self) -> str:
        """Transaction and number."""
        return f"{self.transaction_code} {self.msgid}"


class SignIn(models.Model):
    """9001: once per operator and day."""

    institution = models.ForeignKey("registry.Institution", on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField()
    sign_number = models.CharField(max_length=30)
    signed_at = models.DateTimeField()

    class Meta:
        """The newest of a day counts."""

        ordering = ["-pk"]

    def __str__(self) -> str:
        """Day."""
        return str(self.signed_on)
