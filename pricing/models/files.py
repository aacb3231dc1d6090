"""Price lists as they were published for machines."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models import Institution


class PriceFile(models.Model):
    """One content of an institution's price file, kept from the first day it was published."""

    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="price_files", verbose_name=_("institution")
    )
    sha256 = models.CharField(max_length=64, help_text=_("Over the canonical content."))
    content = models.TextField(_("content"), help_text=_("Canonical JSON."))
    price_count = models.PositiveIntegerField(_("prices"))
    first_on = models.DateField(_("first published on"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        """Each content once; never changed, never deleted."""

        verbose_name = _("price file")
        verbose_name_plural = _("price files")
        ordering = ["institution", "-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "sha256"], name="price_file_content_once")
        ]
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        """Day and beginning of its digest."""
        return f"{self.first_on} {self.sha256[:12]}"
