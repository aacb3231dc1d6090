"""Informed consent: the text she read, by version and hash, and her signature."""

import hashlib

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from encounters.models.encounters import Encounter


class ConsentDocument(models.Model):
    """One version of a consent text; a published version never changes."""

    kind = models.CharField(_("kind"), max_length=30, default="online_revisit")
    version = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title of the text"), max_length=100)
    title_en = models.CharField(_("title of the text in English"), max_length=150)
    body = models.TextField(_("wording"), help_text=_("Paragraphs are parted by an empty line."))
    body_en = models.TextField(_("wording in English"))
    in_force_from = models.DateField(_("in force from"))

    class Meta:
        """A version exists once and stays as it is."""

        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="consent_version_once")]
        triggers = [pgtrigger.Protect(name="never_changes", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        """Title and version."""
        return f"{self.title} v{self.version}"

    @property
    def text_hash(self) -> str:
        """SHA-256 of both texts."""
        return hashlib.sha256(
            f"{self.title}\n{self.body}\n{self.title_en}\n{self.body_en}".encode()
        ).hexdigest()


class Consent(models.Model):
    """Her signature under one version."""

    encounter = models.OneToOneField(Encounter, on_delete=models.PROTECT, related_name="consent")
    document = models.ForeignKey(ConsentDocument, on_delete=models.PROTECT, related_name="+")
    text_hash = models.CharField(max_length=64)
    language = models.CharField(max_length=10)
    signed_name = models.CharField(_("name she typed"), max_length=50)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    ip_address = models.GenericIPAddressField(null=True)

    class Meta:
        """Never changed, never deleted."""

        triggers = [pgtrigger.Protect(name="never_changes", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        """Document."""
        return str(self.document)
