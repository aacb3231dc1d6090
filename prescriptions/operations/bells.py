"""Which pages are told that a prescription has changed."""

from kernel import live
from prescriptions.models import Prescription


def ring_for(prescription: Prescription) -> None:
    """Ring for the prescription, its visit, the doctor's queue and whoever acts for the patient."""
    encounter = prescription.encounter
    live.ring(f"prescription:{prescription.pk}")
    live.ring(f"encounter:{encounter.number}")
    live.ring(f"queue:{encounter.practitioner_id}")
    for user_id in encounter.patient.guardianships.filter(ended_at__isnull=True).values_list(
        "user_id", flat=True
    ):
        live.ring(f"user:{user_id}")
