"""Quotes that were charged, with everything they were made of."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredQuote(models.Model):
    """What was asked, what was known, and what came out; the same facts give the same quote for ever.

    The three texts are canonical JSON (``pricing.rules.canonical``), kept byte for byte.
    """

    sha256 = models.CharField(
        max_length=64, unique=True, editable=False, help_text=_("Over the three texts.")
    )
    asked = models.TextField(_("what was asked"))
    facts = models.TextField(_("what was known"))
    quote = models.TextField(_("what came out"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        """Never changed, never deleted."""

        verbose_name = _("stored quote")
        verbose_name_plural = _("stored quotes")
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        """Beginning of its digest."""
        return self.sha256[:12]
