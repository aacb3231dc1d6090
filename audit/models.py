"""Append-only record of who did what to which record; entries of one record form a hash chain."""

import pgtrigger
from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """One act on one record."""

    action = models.CharField(max_length=100)
    subject_type = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=64)
    facts = models.JSONField(default=dict)

    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    sequence = models.PositiveIntegerField()
    previous_hash = models.CharField(max_length=64, blank=True)
    entry_hash = models.CharField(max_length=64)

    class Meta:
        """One chain per record, without holes."""

        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "sequence"], name="audit_one_chain"
            ),
        ]
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        """Action and record."""
        return f"{self.action} {self.subject_type}#{self.subject_id}"
