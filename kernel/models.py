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


class Counter(models.Model):
    """The last number given in a series that has no gaps; see ``kernel.numbering``."""

    series = models.CharField(max_length=60)
    on = models.DateField(help_text="the day, or the first day of the period, that the series counts in")
    last = models.PositiveIntegerField(default=0)

    class Meta:
        """One row for a series and day."""

        constraints = [models.UniqueConstraint(fields=["series", "on"], name="counter_once")]

    def __str__(self) -> str:
        """Series, day, last number."""
        return f"{self.series} {self.on} {self.last}"
