"""Signed files, kept as they were given out."""

import secrets

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from receipts.models.receipts import Receipt
from receipts.states import Document, Language, Paper


def _stored_name(kept: "ReceiptFile", _name: str) -> str:
    """Below the year of issue, under a name that nobody can guess."""
    return f"receipts/{kept.receipt.issued_at:%Y/%m}/{secrets.token_hex(16)}.pdf"


class ReceiptFile(models.Model):
    """One document of a receipt as a signed file; made once, then always the same bytes."""

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="files")
    document = models.CharField(max_length=10, choices=[(value.value, value.value) for value in Document])
    paper = models.CharField(max_length=2, choices=[(value.value, value.value) for value in Paper])
    language = models.CharField(max_length=2, choices=[(value.value, value.value) for value in Language])
    edition = models.CharField(
        max_length=64, help_text="SHA-256 of everything it shows: another one when its state has changed"
    )
    file = models.FileField(upload_to=_stored_name)
    sha256 = models.CharField(_("fingerprint (SHA-256)"), max_length=64, db_index=True)
    size = models.PositiveIntegerField(help_text="bytes")
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        """Once for each edition; never changed."""

        verbose_name = _("file of a receipt")
        verbose_name_plural = _("files of receipts")
        constraints = [models.UniqueConstraint(fields=["receipt", "edition"], name="receipt_file_once")]
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        """Which document."""
        return f"{self.receipt_id} {self.document} {self.paper} {self.language}"
