"""Who may see what, the drug search, and the facts of the rules."""

from prescriptions.queries.facts import facts_of, findings_of, kept_of
from prescriptions.queries.screening import order_of, uses_insurance
from prescriptions.queries.visibility import (
    DrugOffer,
    current_of,
    decided_by,
    dispensing_queue,
    encounter_of_doctor,
    past_prescriptions,
    pharmacist_of,
    prescription_for,
    prescription_for_review,
    prescription_readable_by,
    prescriptions_of,
    prices_of,
    returned_to,
    review_queue,
    search_drugs,
    versions_of,
)

__all__ = [
    "DrugOffer",
    "current_of",
    "decided_by",
    "dispensing_queue",
    "encounter_of_doctor",
    "facts_of",
    "findings_of",
    "kept_of",
    "order_of",
    "past_prescriptions",
    "pharmacist_of",
    "prescription_for",
    "prescription_for_review",
    "prescription_readable_by",
    "prescriptions_of",
    "prices_of",
    "returned_to",
    "review_queue",
    "search_drugs",
    "uses_insurance",
    "versions_of",
]
