"""Whom the simulated identity service knows, and what it has been asked."""

from django.db import models

from simulators.faults import PlannedFault


class Result(models.TextChoices):
    """What the service says of a name and a number."""

    MATCH = "MATCH", "一致"
    MISMATCH = "MISMATCH", "不一致"
    NOT_FOUND = "NOT_FOUND", "查无此人"


class Person(models.Model):
    """An invented person of the demonstration."""

    id_number = models.CharField(max_length=18, primary_key=True)
    name = models.CharField(max_length=50)

    def __str__(self) -> str:
        return self.name


class Check(models.Model):
    """One question and its answer; the same ``request_id`` is answered the same again."""

    request_id = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=50)
    id_number = models.CharField(max_length=18)
    result = models.CharField(max_length=16, choices=Result)
    checked_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.request_id


class FaultKind(models.TextChoices):
    """What can be told to go wrong."""

    SERVER_ERROR = "server_error", "答 500"
    SILENT = "silent", "不作声"


class Fault(PlannedFault):
    """A fault of the simulated identity service."""
