"""The outbox: jobs written in the transaction that wants them, sent to the broker after commit."""

from django.db import models


class OutboxJob(models.Model):
    """A Celery task to be sent by name. The row stays until the broker has taken it."""

    task_name = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    due_at = models.DateTimeField(db_index=True)
    attempts = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        """Name and arguments."""
        return f"{self.task_name}({self.arguments})"
