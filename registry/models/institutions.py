"""Institutions and their departments."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Ownership(models.TextChoices):
    """Who owns the institution: decides whether prices are regulated."""

    PUBLIC = "public", _("public")
    PRIVATE = "private", _("private")


class Institution(models.Model):
    """A hospital; its Internet hospital settles with the insurance through it."""

    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=150)
    online_name = models.CharField(_("name of the Internet hospital"), max_length=100)
    online_name_en = models.CharField(_("name of the Internet hospital in English"), max_length=150)
    code = models.CharField(
        _("insurance code of the institution"),
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^[HP]\d{11}$", _("One letter H or P and 11 digits."))],
    )
    region_code = models.CharField(
        _("region (GB/T 2260)"), max_length=6, validators=[RegexValidator(r"^\d{6}$", _("Six digits."))]
    )
    level = models.PositiveSmallIntegerField(_("level (1 to 3)"), default=3)
    grade = models.CharField(_("grade of the institution"), max_length=10, blank=True)
    price_zone = models.CharField(
        _("price zone"),
        max_length=20,
        blank=True,
        help_text=_("Zone or column of the province's price table; empty where it has only one."),
    )
    ownership = models.CharField(
        _("ownership"), max_length=10, choices=Ownership.choices, default=Ownership.PUBLIC
    )

    licence_number = models.CharField(_("practice licence number"), max_length=50)
    licence_authority = models.CharField(_("licensed by"), max_length=100)
    licence_until = models.DateField(_("licence valid until (not included)"))
    address = models.CharField(_("address"), max_length=200)
    address_en = models.CharField(_("address in English"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=30)
    is_demonstration = models.BooleanField(_("demonstration data"), default=False)

    class Meta:
        """Names and limits."""

        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__range=(1, 3)),
                name="institution_level",
                violation_error_message=_("The level of an institution is 1, 2 or 3."),
            )
        ]

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Department(models.Model):
    """A department with the subject code it is licensed for (诊疗科目)."""

    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="departments", verbose_name=_("institution")
    )
    code = models.CharField(_("subject code"), max_length=10, help_text=_("Insurance style, e.g. A03.04."))
    name = models.CharField(_("name"), max_length=50)
    name_en = models.CharField(_("name in English"), max_length=80)
    introduction = models.CharField(_("introduction"), max_length=300, blank=True)
    introduction_en = models.CharField(_("introduction in English"), max_length=300, blank=True)
    is_open_online = models.BooleanField(_("receives patients online"), default=True)

    class Meta:
        """Names and uniqueness."""

        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["code", "pk"]
        constraints = [models.UniqueConstraint(fields=["institution", "code"], name="department_once")]

    def __str__(self) -> str:
        """Its name."""
        return self.name
