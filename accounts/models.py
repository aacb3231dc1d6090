"""Users and their roles."""

from collections.abc import Iterable
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from kernel.crypto import EncryptedTextField, fingerprint
from kernel.identifiers import masked_mobile


class Role(models.TextChoices):
    """What a person may be here; one person may be several."""

    PATIENT = "patient", _("Patient")
    DOCTOR = "doctor", _("Doctor")
    PHARMACIST = "pharmacist", _("Pharmacist")
    NURSE = "nurse", _("Nurse")
    ADMINISTRATOR = "administrator", _("Administrator")
    INSURANCE_OFFICE = "insurance_office", _("Insurance office")
    FINANCE = "finance", _("Finance office")
    REGULATOR = "regulator", _("Regulator")


class UserManager(BaseUserManager["User"]):
    """Makes users."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        """A user; without a password only codes sign her in."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: object) -> "User":
        """An operator who may see every admin page."""
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)

    def with_mobile(self, mobile: str) -> "models.QuerySet[User]":
        """The users (at most one) with this mobile number of 11 digits."""
        return self.filter(mobile_fingerprint=fingerprint(mobile))


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in: patients by mobile number, staff by staff number."""

    username = models.CharField(_("user name"), max_length=64, unique=True)
    mobile = EncryptedTextField(_("mobile number"), blank=True, default="")
    # Null, not empty, without a number: staff have none, and empty would be taken once.
    mobile_fingerprint = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001
    mobile_verified_at = models.DateTimeField(_("mobile number verified at"), null=True, blank=True)
    display_name = models.CharField(_("name shown"), max_length=50, blank=True)
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices),
        default=list,
        blank=True,
        verbose_name=_("roles"),
    )

    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    joined_at = models.DateTimeField(_("joined at"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        """Names."""

        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        """The name shown, else the user name."""
        return self.display_name or self.username

    def is_in_role(self, role: Role) -> bool:
        """Whether the user holds the role."""
        return role in self.roles

    def is_in_any(self, roles: Iterable[Role]) -> bool:
        """Whether the user holds at least one of the roles."""
        return any(role in self.roles for role in roles)

    @property
    def is_staff_member(self) -> bool:
        """Whether she works here in any way: such accounts sign in with a password, never with a code."""
        return self.is_staff or self.is_superuser or any(role != Role.PATIENT for role in self.roles)

    def set_mobile(self, mobile: str) -> None:
        """Set the number and its fingerprint together; the caller saves."""
        self.mobile = mobile
        self.mobile_fingerprint = fingerprint(mobile) if mobile else None


class SignInCode(models.Model):
    """Six digits sent to a mobile number; only their keyed hash is kept."""

    mobile = EncryptedTextField()
    mobile_fingerprint = models.CharField(max_length=64, db_index=True)
    code_hash = models.CharField(max_length=64)

    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        """Newest first: only the newest code of a number counts."""

        ordering = ["-pk"]

    def __str__(self) -> str:
        """The masked number."""
        return masked_mobile(self.mobile)

    def set_code(self, code: str) -> None:
        """Keep the hash of the code for this number; the caller saves."""
        self.code_hash = fingerprint(f"{self.mobile}:{code}")

    def is_code(self, code: str) -> bool:
        """Whether these six digits are the ones that were sent."""
        return constant_time_compare(self.code_hash, fingerprint(f"{self.mobile}:{code}"))
