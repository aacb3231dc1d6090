"""The one order of locks: encounter, checkout, prescription, drugs by key."""

from encounters.models import Encounter
from prescriptions.models import Prescription


def locked_with_visit(prescription_id: int) -> Prescription:
    """A prescription, locked after its encounter: signing a record and stopping a visit lock the encounter first."""
    encounter_id = Prescription.objects.values_list("encounter_id", flat=True).get(pk=prescription_id)
    Encounter.objects.select_for_update(of=("self",), no_key=True).get(pk=encounter_id)
    return Prescription.objects.select_for_update(of=("self",)).get(pk=prescription_id)
