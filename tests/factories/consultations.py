"""Slots with places."""

from datetime import datetime, timedelta

from consultations.models import Place, Slot
from registry.models import Practitioner, Qualification
from tests.factories.registry import QualificationFactory


def slot(doctor: Practitioner, *, starts_at: datetime, places: int = 1, minutes: int = 30) -> Slot:
    """A slot of a certified doctor with free places."""
    if not Qualification.objects.filter(practitioner=doctor).exists():
        QualificationFactory(practitioner=doctor)
    made = Slot.objects.create(
        practitioner=doctor, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes)
    )
    Place.objects.bulk_create(Place(slot=made, number=number) for number in range(1, places + 1))
    return made
