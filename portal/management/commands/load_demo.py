"""Load the demonstration: hospital, people, diagnoses, drugs, schedules, and places for the coming days."""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from consultations.models import Slot
from encounters.models import DiagnosisCode
from kernel import clock
from prescriptions.models import Drug
from registry.models import Institution, Patient, Practitioner

APPS = (
    "registry", "finance", "payments", "pricing", "encounters", "insurance", "screening", "prescriptions", "consultations",
)  # fmt: skip
"""In the order in which they build on each other."""


class Command(BaseCommand):
    """``manage.py load_demo``: adds what is missing; running it again changes nothing that is there."""

    help = "Load the demonstration's data; run again, it only adds what is missing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load app after app, each whole or not at all, then say what exists."""
        if not settings.IS_DEMO:
            raise CommandError("Only a demonstration holds invented people.")
        at = clock.now()
        for app in APPS:
            loader: Callable[..., None] = import_module(f"{app}.demo").load
            with transaction.atomic():
                loader(at=at)
        self._say_what_exists(at)
        self._write_accounts()

    def _say_what_exists(self, at: datetime) -> None:
        free = Slot.objects.filter(starts_at__gte=at, is_cancelled=False, places__revisit__isnull=True)
        counted = {
            "institutions": Institution.objects.count(),
            "practitioners": Practitioner.objects.count(),
            "patients": Patient.objects.count(),
            "diagnosis codes": DiagnosisCode.objects.count(),
            "drugs": Drug.objects.count(),
            "free places": free.count(),
        }
        self.stdout.write(
            "Demonstration: " + ", ".join(f"{number} {name}" for name, number in counted.items())
        )

    def _write_accounts(self) -> None:
        """Leave the accounts where the launcher prints them from."""
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        with (settings.VAR_DIR / "demo-accounts.txt").open("w", encoding="utf-8") as listed:
            call_command("demo_accounts", stdout=listed)
