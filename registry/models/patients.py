"""Patients, who may act for them, and their insurance coverage."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.crypto import EncryptedTextField, fingerprint
from kernel.identifiers import age_on


class Gender(models.TextChoices):
    """As on the identity card."""

    MALE = "1", _("male")
    FEMALE = "2", _("female")


class Patient(models.Model):
    """A person who receives care; one row per identity number."""

    name = models.CharField(_("name"), max_length=50)
    id_type = models.CharField(max_length=2, default="01", editable=False)
    id_number = EncryptedTextField(_("identity number"))
    id_fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    gender = models.CharField(_("gender"), max_length=1, choices=Gender.choices)
    born_on = models.DateField(_("date of birth"))
    mobile = EncryptedTextField(_("mobile number"), blank=True, default="")
    allergies = models.CharField(_("allergies"), max_length=500, blank=True)

    verified_at = models.DateTimeField(_("real name verified at"), null=True, blank=True)
    verification_request = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Names."""

        verbose_name = _("patient")
        verbose_name_plural = _("patients")

    def __str__(self) -> str:
        """Masked name."""
        return f"{self.name[:1]}*{self.name[2:] if len(self.name) > 2 else ''}"

    def age_on(self, day: date) -> int:
        """Age in whole years on a day."""
        return age_on(self.born_on, day)

    def set_id_number(self, value: str) -> None:
        """Set the number and its fingerprint together; the caller saves."""
        self.id_number = value
        self.id_fingerprint = fingerprint(value)


class Relation(models.TextChoices):
    """How the user stands to the patient."""

    SELF = "self", _("myself")
    SPOUSE = "spouse", _("my husband or wife")
    PARENT = "parent", _("my father or mother")
    CHILD = "child", _("my child")
    OTHER = "other", _("another family member")


class Guardianship(models.Model):
    """The right of a user to act for a patient; ended rows stay as evidence."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="guardianships")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="guardianships")
    relation = models.CharField(_("relation"), max_length=10, choices=Relation.choices)
    since_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """At most one live right of a user for a patient, and one self per user."""

        constraints = [
            models.UniqueConstraint(
                fields=["user", "patient"], condition=models.Q(ended_at__isnull=True), name="guardianship_once"
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(ended_at__isnull=True, relation="self"),
                name="guardianship_one_self",
            ),
        ]

    def __str__(self) -> str:
        """Relation."""
        return f"{self.get_relation_display()}"


class InsuranceType(models.TextChoices):
    """insutype of the national interface; only what an outpatient meets here."""

    EMPLOYEE = "310", _("employee basic medical insurance")
    RESIDENT = "390", _("resident basic medical insurance")


class Coverage(models.Model):
    """What a patient says of her insurance; the insurer's answer (1101) confirms it."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="coverages")
    insurance_type = models.CharField(_("insurance"), max_length=6, choices=InsuranceType.choices)
    insured_region = models.CharField(_("insured in (GB/T 2260)"), max_length=6)
    stated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One live coverage per patient."""

        constraints = [
            models.UniqueConstraint(
                fields=["patient"], condition=models.Q(ended_at__isnull=True), name="coverage_one_live"
            )
        ]

    def __str__(self) -> str:
        """Kind and region."""
        return f"{self.get_insurance_type_display()} {self.insured_region}"
