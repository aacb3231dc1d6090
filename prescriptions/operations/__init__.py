"""What can be done with prescriptions."""

from prescriptions.operations.catalogue import drugs_in_files, load_catalogue
from prescriptions.operations.dispensing import dispense
from prescriptions.operations.drafting import DraftLine, save_draft, submit, valid_until
from prescriptions.operations.packs import note_suspicious_codes, take_back
from prescriptions.operations.reviewing import quote_of, review
from prescriptions.operations.screening import (
    analyse_before_charging,
    ask_before_signing,
    note_stopped,
)
from prescriptions.operations.sealing import holds
from prescriptions.operations.settling import (
    cancel,
    cancel_of_visit,
    expire_due,
    mark_paid,
    mark_refunded,
    mark_unpaid,
    taken_elsewhere,
)

__all__ = [
    "DraftLine",
    "analyse_before_charging",
    "ask_before_signing",
    "cancel",
    "cancel_of_visit",
    "dispense",
    "drugs_in_files",
    "expire_due",
    "holds",
    "load_catalogue",
    "mark_paid",
    "mark_refunded",
    "mark_unpaid",
    "note_stopped",
    "note_suspicious_codes",
    "quote_of",
    "review",
    "save_draft",
    "submit",
    "take_back",
    "taken_elsewhere",
    "valid_until",
]
