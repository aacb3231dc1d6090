"""Patients, who may act for them, and their insurance coverage."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.crypto import EncryptedTextField, fingerprint
from kernel.identifiers import age_on, masked_id_number, masked_mobile, masked_name


class Gender(models.TextChoices):
    """As on the identity card."""

    MALE = "1", _("male")
    FEMALE = "2", _("female")


class Patient(models.Model):
    """A person who receives care; one row per identity number."""

    name = models.CharField(_("full name"), max_length=50)
    id_type = models.CharField(max_length=2, default="01", editable=False)
    id_number = EncryptedTextField(_("identity number"))
    id_fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    gender = models.CharField(_("gender"), max_length=1, choices=Gender.choices)
    born_on = models.DateField(_("date of birth"))
    mobile = EncryptedTextField(
        _("mobile number"),
        blank=True,
        default="",
        help_text=_("Her own; empty for a child: the guardian is called."),
    )
    allergies = models.CharField(_("allergies"), max_length=500, blank=True)

    verified_at = models.DateTimeField(_("real name verified at"), null=True, blank=True)
    verification_request = models.CharField(_("number of the verification"), max_length=64, blank=True)
    pays_self_since = models.DateTimeField(
        _("says she has no insurance since"),
        null=True,
        blank=True,
        help_text=_("Set when she has said so and no coverage is live."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Names."""

        verbose_name = _("patient")
        verbose_name_plural = _("patients")

    def __str__(self) -> str:
        """Masked name."""
        return masked_name(self.name)

    def age_on(self, day: date) -> int:
        """Age in whole years on a day."""
        return age_on(self.born_on, day)

    @property
    def masked_id_number(self) -> str:
        """First three and last four characters."""
        return masked_id_number(self.id_number)

    @property
    def masked_mobile(self) -> str:
        """First three and last four digits; empty without a number."""
        return masked_mobile(self.mobile)

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


class GuardianshipQuerySet(models.QuerySet["Guardianship"]):
    """Rights to act for patients."""

    def live(self) -> Self:
        """Those that have not ended."""
        return self.filter(ended_at__isnull=True)


class Guardianship(models.Model):
    """The right of a user to act for a patient; ended rows stay as evidence."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="guardianships",
        verbose_name=_("user"),
    )
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="guardianships", verbose_name=_("patient")
    )
    relation = models.CharField(_("relation"), max_length=10, choices=Relation.choices)
    since_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = GuardianshipQuerySet.as_manager()

    class Meta:
        """At most one live right of a user for a patient; one self per user and per patient."""

        verbose_name = _("right to act for a patient")
        verbose_name_plural = _("rights to act for patients")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "patient"],
                condition=models.Q(ended_at__isnull=True),
                name="guardianship_once",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(ended_at__isnull=True, relation="self"),
                name="guardianship_one_self",
            ),
            models.UniqueConstraint(
                fields=["patient"],
                condition=models.Q(ended_at__isnull=True, relation="self"),
                name="guardianship_one_account",
            ),
        ]

    def __str__(self) -> str:
        """Relation."""
        return f"{self.get_relation_display()}"


class InsuranceType(models.TextChoices):
    """insutype of the national interface; only what an outpatient meets here."""

    EMPLOYEE = "310", _("employee basic medical insurance")
    RESIDENT = "390", _("resident basic medical insurance")


class InsuredRegion(models.TextChoices):
    """Where a patient may be insured: the cities of Zhejiang, and Beijing as a place elsewhere.

    Source: GB/T 2260-2007, codes of the administrative divisions.
    """

    HANGZHOU = "330100", _("Hangzhou")
    NINGBO = "330200", _("Ningbo")
    WENZHOU = "330300", _("Wenzhou")
    JIAXING = "330400", _("Jiaxing")
    HUZHOU = "330500", _("Huzhou")
    SHAOXING = "330600", _("Shaoxing")
    JINHUA = "330700", _("Jinhua")
    QUZHOU = "330800", _("Quzhou")
    ZHOUSHAN = "330900", _("Zhoushan")
    TAIZHOU = "331000", _("Taizhou (Zhejiang)")
    LISHUI = "331100", _("Lishui")
    BEIJING = "110100", _("Beijing")


class Coverage(models.Model):
    """What a patient says of her insurance; the insurer's answer (1101) confirms it.

    Who has no insurance has no live row, see ``Patient.pays_self_since``.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="coverages")
    insurance_type = models.CharField(_("insurance"), max_length=6, choices=InsuranceType.choices)
    insured_region = models.CharField(_("insured in"), max_length=6, choices=InsuredRegion.choices)
    stated_at = models.DateTimeField(_("stated at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        """One live coverage per patient."""

        verbose_name = _("coverage")
        verbose_name_plural = _("coverages")
        constraints = [
            models.UniqueConstraint(
                fields=["patient"], condition=models.Q(ended_at__isnull=True), name="coverage_one_live"
            )
        ]

    def __str__(self) -> str:
        """Kind and region."""
        return f"{self.get_insured_region_display()} {self.get_insurance_type_display()}"
