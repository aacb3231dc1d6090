"""Public holidays, as the hospital entered them."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pricing.rules.lookup import NATION


class PublicHoliday(models.Model):
    """A day on which the rates for public holidays apply (法定节假日).

    The calendar is announced each year by the State Council and is not shipped: the hospital enters its days, with
    the notice that says so.
    """

    day = models.DateField(_("day"))
    region_code = models.CharField(
        _("region (GB/T 2260)"),
        max_length=6,
        default=NATION,
        validators=[RegexValidator(r"^\d{6}$", _("Six digits."))],
        help_text=_("000000 for the whole country."),
    )
    name = models.CharField(_("name of the holiday"), max_length=30)
    name_en = models.CharField(_("name of the holiday in English"), max_length=60)
    source = models.CharField(
        _("where it is announced"), max_length=200, help_text=_("Number or title of the notice.")
    )
    is_demonstration = models.BooleanField(_("demonstration data"), default=False)
    recorded_at = models.DateTimeField(_("recorded at"), editable=False)

    class Meta:
        """Each day once for a region."""

        verbose_name = _("public holiday")
        verbose_name_plural = _("public holidays")
        ordering = ["-day", "region_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "region_code", "is_demonstration"],
                name="public_holiday_once",
                violation_error_message=_("This day is entered already."),
            )
        ]

    def __str__(self) -> str:
        """Name and day."""
        return f"{self.name} {self.day}"
