"""What fraud rules count: devices that booked, and traceability codes that were sold."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from encounters.models import Encounter
from registry.models import Patient


class DeviceSighting(models.Model):
    """A device booked a visit for a patient; the device is a keyed fingerprint, never an address."""

    device = models.CharField(_("device"), max_length=64)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    encounter = models.OneToOneField(Encounter, on_delete=models.PROTECT, related_name="device_sighting")
    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        """Counted by device and moment."""

        verbose_name = _("device seen at a booking")
        verbose_name_plural = _("devices seen at bookings")
        indexes = [models.Index(fields=["device", "seen_at"], name="device_seen")]

    def __str__(self) -> str:
        """Its beginning."""
        return self.device[:8]


class TraceCodeUse(models.Model):
    """A traceability code left the pharmacy; it may leave again only after it came back."""

    code = models.CharField(_("traceability code"), max_length=60)
    order_key = models.CharField(_("order"), max_length=40)
    institution_code = models.CharField(max_length=12)
    sold_at = models.DateTimeField(_("sold at"))
    returned_at = models.DateTimeField(_("returned at"), null=True, blank=True)

    class Meta:
        """Out at most once at a time."""

        verbose_name = _("traceability code sold")
        verbose_name_plural = _("traceability codes sold")
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(returned_at__isnull=True), name="trace_code_out_once",
                violation_error_message=_("This traceability code was sold before."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        """The code."""
        return self.code
