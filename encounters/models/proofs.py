"""Proof that an entity hospital has diagnosed the same disease."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from encounters.models.diagnoses import DiagnosisCode
from encounters.models.encounters import Encounter


class ProofKind(models.TextChoices):
    """Papers accepted as proof (V-04) and the hospital's own record."""

    OUTPATIENT_RECORD = "outpatient_record", _("outpatient record")
    INPATIENT_RECORD = "inpatient_record", _("inpatient record")
    DISCHARGE_SUMMARY = "discharge_summary", _("discharge summary")
    DIAGNOSIS_CERTIFICATE = "diagnosis_certificate", _("diagnosis certificate")
    OWN_RECORD = "own_record", _("record held by this hospital")


class FirstVisitProof(models.Model):
    """The proof of one encounter: uploaded papers or a record that this hospital holds."""

    encounter = models.OneToOneField(Encounter, on_delete=models.PROTECT, related_name="proof")
    kind = models.CharField(_("kind of paper"), max_length=30, choices=ProofKind.choices)
    disease = models.ForeignKey(DiagnosisCode, on_delete=models.PROTECT, related_name="+")
    diagnosed_on = models.DateField(_("day of the diagnosis"))
    hospital_name = models.CharField(_("hospital that made it"), max_length=100)
    own_record = models.ForeignKey(
        "encounters.MedicalRecord", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()

    class Meta:
        """The hospital's own record is named exactly when the kind says so."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="own_record", own_record__isnull=False)
                | (~models.Q(kind="own_record") & models.Q(own_record__isnull=True)),
                name="proof_own_record_named",
            )
        ]

    def __str__(self) -> str:
        """Kind and day."""
        return f"{self.get_kind_display()} {self.diagnosed_on}"


def _stored_name(instance: "ProofFile", filename: str) -> str:
    """Content-addressed path; the patient's file name is kept in a column, never on disk."""
    return f"proofs/{instance.sha256[:2]}/{instance.sha256}.{instance.extension}"


class ProofFile(models.Model):
    """One page or document; what is stored was re-encoded without EXIF when it is a picture."""

    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="proof_files")
    file = models.FileField(upload_to=_stored_name)
    original_name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=50)
    extension = models.CharField(max_length=5)
    size = models.PositiveIntegerField(help_text="bytes stored")
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        """In the order of upload; the same file once."""

        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["encounter", "sha256"], name="proof_file_once")]

    def __str__(self) -> str:
        """Name as uploaded."""
        return self.original_name
