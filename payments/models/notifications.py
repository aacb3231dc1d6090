"""What a channel told us, and what about it a person must see; amounts in yuan."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.protection import never_emptied
from payments.models.channels import Channel
from payments.models.orders import PaymentOrder


class PaymentNotification(models.Model):
    """One verified notification; the channel repeats itself, the row does not."""

    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.WECHAT)
    notification_id = models.CharField(_("notification"), max_length=128)
    event_type = models.CharField(_("event"), max_length=40)
    order_number = models.CharField(_("order number"), max_length=64, db_index=True)
    received_at = models.DateTimeField(_("received at"))
    waiting = models.JSONField(
        _("waiting"), null=True, blank=True,
        help_text="what it says of an order that is not committed yet; taken over, and emptied, when it is",
    )  # fmt: skip

    class Meta:
        """A channel's number once."""

        verbose_name = _("payment notification")
        verbose_name_plural = _("payment notifications")
        constraints = [
            models.UniqueConstraint(fields=["channel", "notification_id"], name="payment_notification_once"),
        ]
        indexes = [
            models.Index(
                fields=["received_at"],
                condition=Q(waiting__isnull=False),
                name="payment_notification_waiting",
            ),
        ]
        triggers = [never_emptied("payments")]

    def __str__(self) -> str:
        """Event and order."""
        return f"{self.event_type} {self.order_number}"


class IncidentKind(models.TextChoices):
    """What was wrong."""

    CONTRADICTED = "contradicted", _("Another amount or account than ours")
    UNKNOWN_ORDER = "unknown_order", _("Money for an order that we do not know")
    LATE = "late", _("Paid after the order was closed; goes back by itself")
    REJECTED = "rejected", _("Message that is not the channel's, or is too old")


class PaymentIncident(models.Model):
    """Something a channel, or somebody in its name, said that a person of the finance office must see."""

    kind = models.CharField(_("what"), max_length=20, choices=IncidentKind.choices)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    order = models.ForeignKey(
        PaymentOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents"
    )
    subject = models.CharField(_("number"), max_length=64, blank=True)
    on = models.DateField(_("day"))
    facts = models.JSONField(_("facts"), default=dict)
    times = models.PositiveIntegerField(_("times"), default=1)
    first_at = models.DateTimeField(_("first seen at"))
    last_at = models.DateTimeField(_("last seen at"))
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    note = models.CharField(_("what was done"), max_length=200, blank=True)

    class Meta:
        """The same thing of the same day is one row that counts: a flood of forgeries is not a flood of rows."""

        verbose_name = _("payment incident")
        verbose_name_plural = _("payment incidents")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "channel", "subject", "on"], name="payment_incident_once_a_day"
            ),
        ]
        indexes = [models.Index(fields=["-last_at"], name="payment_incident_newest")]
        triggers = [never_emptied("payments")]

    def __str__(self) -> str:
        """What and which."""
        return f"{self.kind} {self.subject}"
