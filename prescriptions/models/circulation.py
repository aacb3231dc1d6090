"""A prescription at the e-prescription centre: numbers, signature, state, what was said, what was taken."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from insurance.models import VisitRegistration
from insurance.states import MessageState
from kernel.crypto import EncryptedTextField
from prescriptions.models.prescriptions import Prescription
from prescriptions.states import CLOSED, NEVER_IN_FORCE, CirculationState

_STATES = [(state.value, state.value) for state in CirculationState]
_MESSAGE_STATES = [(state.value, state.value) for state in MessageState]


class Circulation(models.Model):
    """One passed prescription that designated pharmacies may hand out, too, until it is closed there."""

    prescription = models.OneToOneField(Prescription, on_delete=models.PROTECT, related_name="circulation")
    registration = models.ForeignKey(
        VisitRegistration, on_delete=models.PROTECT, related_name="+", help_text="the visit at the insurer"
    )
    hospital_number = models.CharField(_("our number"), max_length=40, unique=True, help_text="hospRxno")
    trace_code = models.CharField(_("tracing code"), max_length=20, blank=True, help_text="rxTraceCode")
    centre_number = models.CharField(
        _("number at the e-prescription centre"), max_length=30, blank=True, help_text="hiRxno"
    )
    signed_file = EncryptedTextField(blank=True, default="", help_text="PDF in Base64, as D002 gave it")
    digest = models.TextField(blank=True, help_text="signDigest")
    certificate_serial = models.CharField(max_length=200, blank=True)
    certificate_name = models.CharField(max_length=500, blank=True)

    verdict = models.CharField(max_length=3, blank=True, help_text="rxChkStasCodg of D006")
    verdict_words = models.CharField(_("review by the pharmacy"), max_length=600, blank=True)
    taken_at = models.DateTimeField(_("settled at the pharmacy"), null=True, blank=True)

    state = models.CharField(_("state"), max_length=30, choices=_STATES, default=CirculationState.OPENED)
    withdraw_reason = models.CharField(
        _("why it is taken back"), max_length=200, blank=True, help_text="set: it is wanted back"
    )
    error_text = models.CharField(_("what went wrong"), max_length=500, blank=True)
    silent_since = models.DateTimeField(
        null=True, blank=True, help_text="the first question of those unanswered"
    )
    next_ask_at = models.DateTimeField(null=True, blank=True)
    busy_until = models.DateTimeField(null=True, blank=True, help_text="a worker speaks with the centre")
    needs_person_since = models.DateTimeField(null=True, blank=True)

    opened_at = models.DateTimeField()
    uploaded_at = models.DateTimeField(null=True, blank=True)
    last_asked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """A number of the centre belongs to one prescription; what is in force there has one."""

        verbose_name = _("circulation of a prescription")
        verbose_name_plural = _("circulations of prescriptions")
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["next_ask_at"], name="circulation_due", condition=Q(ended_at=None))]
        constraints = [
            models.UniqueConstraint(
                fields=["centre_number"], condition=~Q(centre_number=""), name="circulation_number_once"
            ),
            models.UniqueConstraint(
                fields=["trace_code"], condition=~Q(trace_code=""), name="circulation_trace_once"
            ),
            models.CheckConstraint(
                condition=~Q(centre_number="") | Q(state__in=sorted(NEVER_IN_FORCE | CLOSED)),
                name="circulation_numbered_before_upload",
                violation_error_message=_("A prescription has its numbers before it is uploaded."),
            ),
        ]

    def __str__(self) -> str:
        """Number at the centre, or ours."""
        return self.centre_number or self.hospital_number


class CirculationMessage(models.Model):
    """One message to the centre: written before it is sent, completed when answered; texts lie encrypted."""

    circulation = models.ForeignKey(Circulation, on_delete=models.PROTECT, related_name="messages")
    verb = models.CharField(_("transaction"), max_length=4)
    state = models.CharField(_("state"), max_length=20, choices=_MESSAGE_STATES, default=MessageState.WRITTEN)
    request_text = EncryptedTextField(blank=True, default="")
    reply_text = EncryptedTextField(blank=True, default="")
    error_text = models.CharField(_("what went wrong"), max_length=500, blank=True)
    written_at = models.DateTimeField(_("written at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        """Newest last; kept."""

        verbose_name = _("message to the e-prescription centre")
        verbose_name_plural = _("messages to the e-prescription centre")
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        """Transaction."""
        return self.verb


class TakenMedicine(models.Model):
    """One medicine as another pharmacy handed it out (D007)."""

    circulation = models.ForeignKey(Circulation, on_delete=models.PROTECT, related_name="taken")
    code = models.CharField(_("code"), max_length=50)
    name = models.CharField(_("generic name"), max_length=100)
    product_name = models.CharField(max_length=255, blank=True)
    form = models.CharField(max_length=30, blank=True)
    strength = models.CharField(max_length=40, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=16, decimal_places=3)
    batch = models.CharField(_("batch"), max_length=50, blank=True)
    maker = models.CharField(max_length=100, blank=True)

    class Meta:
        """As told."""

        verbose_name = _("medicine taken at another pharmacy")
        verbose_name_plural = _("medicines taken at other pharmacies")
        ordering = ["pk"]

    def __str__(self) -> str:
        """Name."""
        return self.name
