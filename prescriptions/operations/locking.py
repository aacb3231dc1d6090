"""The one order of locks: the patient's charges, encounter, checkout, prescription, drugs by key."""

from billing.operations import lock_charges
from encounters.models import Encounter
from prescriptions.models import Prescription


def locked_with_visit(prescription_id: int) -> Prescription:
    """A prescription, locked after its encounter: signing a record and stopping a visit lock the encounter first."""
    encounter_id = Prescription.objects.values_list("encounter_id", flat=True).get(pk=prescription_id)
    Encounter.objects.select_for_update(of=("self",), no_key=True).get(pk=encounter_id)
    return Prescription.objects.select_for_update(of=("self",)).get(pk=prescription_id)


def lock_charges_for(prescription_id: int) -> None:
    """No two charges to her are priced at the same moment; before every other lock."""
    encounter = Encounter.objects.filter(prescriptions=prescription_id)
    lock_charges(patient_id=encounter.values_list("patient_id", flat=True).get())
