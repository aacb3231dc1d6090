"""Faults that a test, or a curious person, tells a simulator to play."""

from __future__ import annotations

import time
from typing import TypeVar

from django.db import models, transaction

STEP_SECONDS = 0.1


class PlannedFault(models.Model):
    """A fault to play a number of times. The row stays, used up, until a reset removes it."""

    kind = models.CharField(max_length=32)
    verb = models.CharField(max_length=16, blank=True, help_text="empty: whatever is asked")
    times_left = models.PositiveIntegerField(default=1)
    seconds = models.FloatField(default=30, help_text="how long silent or late")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} {self.verb}".strip()


Planned = TypeVar("Planned", bound=PlannedFault)


def take(planned: type[Planned], kind: str, verb: str = "") -> Planned | None:
    """Use up one turn of this fault, if one is set for this verb or for every verb."""
    waiting = planned._default_manager.filter(kind=kind, times_left__gt=0, verb__in=["", verb])  # noqa: SLF001
    if not waiting.exists():
        return None
    with transaction.atomic():
        fault = waiting.select_for_update().order_by("pk").first()
        if fault is not None:
            fault.times_left -= 1
            fault.save(update_fields=["times_left"])
        return fault


def keep_silent(fault: PlannedFault) -> None:
    """Wait as long as the fault says, or until a reset removes it."""
    until = time.monotonic() + fault.seconds
    still_set = type(fault)._default_manager.filter(pk=fault.pk)  # noqa: SLF001
    while time.monotonic() < until and still_set.exists():
        time.sleep(STEP_SECONDS)
