"""Practitioners and their qualifications."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.crypto import EncryptedTextField, fingerprint
from registry.models.institutions import Department, Institution


class Profession(models.TextChoices):
    """Kind of practitioner."""

    DOCTOR = "doctor", _("doctor")
    PHARMACIST = "pharmacist", _("pharmacist")
    NURSE = "nurse", _("nurse")


class Title(models.TextChoices):
    """Professional titles with their codes (Tianjin supervision interface 3.3)."""

    CHIEF_PHYSICIAN = "231", _("Chief physician")
    ASSOCIATE_CHIEF_PHYSICIAN = "232", _("Associate chief physician")
    ATTENDING_PHYSICIAN = "233", _("Attending physician")
    PHYSICIAN = "234", _("Physician")
    CHIEF_PHARMACIST = "241", _("Chief pharmacist")
    ASSOCIATE_CHIEF_PHARMACIST = "242", _("Associate chief pharmacist")
    PHARMACIST_IN_CHARGE = "243", _("Pharmacist in charge")
    PHARMACIST = "244", _("Pharmacist")
    CHIEF_NURSE = "251", _("Chief nurse")
    ASSOCIATE_CHIEF_NURSE = "252", _("Associate chief nurse")
    NURSE_IN_CHARGE = "253", _("Nurse in charge")
    NURSE_PRACTITIONER = "254", _("Senior nurse")
    NURSE = "255", _("Nurse")


class Practitioner(models.Model):
    """A doctor, pharmacist or nurse of an institution."""

    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="practitioners", verbose_name=_("institution")
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="practitioners", verbose_name=_("department")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="practitioner",
        verbose_name=_("account"),
    )
    profession = models.CharField(_("profession"), max_length=20, choices=Profession.choices)
    title = models.CharField(_("professional title"), max_length=3, choices=Title.choices)
    name = models.CharField(_("full name"), max_length=50)
    name_en = models.CharField(_("name in Latin letters"), max_length=80)
    insurance_code = models.CharField(_("national insurance code"), max_length=30, unique=True)
    id_number = EncryptedTextField(_("identity number"), blank=True, default="")
    id_fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    speciality = models.CharField(_("speciality"), max_length=200, blank=True)
    speciality_en = models.CharField(_("speciality in English"), max_length=200, blank=True)
    practising_since = models.DateField(_("independent practice since"))
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        """Names."""

        verbose_name = _("practitioner")
        verbose_name_plural = _("practitioners")
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        """Name and title."""
        return f"{self.name} {self.get_title_display()}"

    def set_id_number(self, value: str) -> None:
        """Set the number and its fingerprint together; the caller saves."""
        self.id_number = value
        self.id_fingerprint = fingerprint(value) if value else ""

    def independent_years_on(self, day: date) -> int:
        """Whole years of independent practice on a day."""
        since = self.practising_since
        return day.year - since.year - ((day.month, day.day) < (since.month, since.day))


class QualificationKind(models.TextChoices):
    """What the paper proves."""

    QUALIFICATION = "qualification", _("qualification certificate")
    PRACTICE = "practice", _("practice certificate")
    LIABILITY_INSURANCE = "liability_insurance", _("medical liability insurance")


class Qualification(models.Model):
    """A certificate with the days it is valid, half-open ``[valid_from, valid_until)``."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="qualifications")
    kind = models.CharField(_("kind"), max_length=30, choices=QualificationKind.choices)
    number = models.CharField(_("number"), max_length=50)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until (not included)"), null=True, blank=True)
    verified_at = models.DateTimeField(_("found in the national register at"), null=True, blank=True)

    class Meta:
        """Names and limits."""

        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gt=models.F("valid_from")),
                name="qualification_period",
                violation_error_message=_("A qualification ends after it begins."),
            )
        ]

    def __str__(self) -> str:
        """Kind and number."""
        return f"{self.get_kind_display()} {self.number}"
