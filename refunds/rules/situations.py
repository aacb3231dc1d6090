"""Why money goes back, and what a policy says about it; pure."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_noop


class Situation(StrEnum):
    """What happened. Policies say what follows; see ``refunds/catalogue/policies.yaml``."""

    DOCTOR_REFUSES = "doctor_refuses"
    DOCTOR_AWAY = "doctor_away"
    PLACE_LOST = "place_lost"
    CANCELLED_BEFORE = "cancelled_before"
    CANCELLED_DURING = "cancelled_during"
    CANCELLED_AFTER = "cancelled_after"
    SILENT_VISIT = "silent_visit"
    NOT_HANDED_OUT = "not_handed_out"
    QUALITY_FAULT = "quality_fault"
    HOSPITAL_FAULT = "hospital_fault"
    INSTITUTION_REFUSES = "institution_refuses"
    NURSE_SET_OUT = "nurse_set_out"
    NURSE_ARRIVED = "nurse_arrived"
    NOT_SETTLED = "not_settled"
    LATE_PAYMENT = "late_payment"
    LINES_RETURNED = "lines_returned"
    PRICE_CORRECTED = "price_corrected"


class Gives(StrEnum):
    """How much a policy gives back."""

    EVERYTHING = "everything"
    NOTHING = "nothing"
    ALL_BUT_ONSITE_FEE = "all_but_onsite_fee"
    CHOSEN = "chosen"
    """Lines that a person names, or an amount that was worked out elsewhere."""


REASONS: dict[Situation, str] = {
    Situation.DOCTOR_REFUSES: gettext_noop("The doctor stopped the visit."),
    Situation.DOCTOR_AWAY: gettext_noop("The doctor could not receive you."),
    Situation.PLACE_LOST: gettext_noop("The place had been given back."),
    Situation.CANCELLED_BEFORE: gettext_noop("You cancelled the visit."),
    Situation.CANCELLED_DURING: gettext_noop("You cancelled the visit."),
    Situation.CANCELLED_AFTER: gettext_noop("You cancelled the visit."),
    Situation.SILENT_VISIT: gettext_noop("The doctor did not answer you."),
    Situation.NOT_HANDED_OUT: gettext_noop("The medicines were not handed out."),
    Situation.QUALITY_FAULT: gettext_noop("A medicine had a fault."),
    Situation.HOSPITAL_FAULT: gettext_noop("The hospital charged you by mistake."),
    Situation.INSTITUTION_REFUSES: gettext_noop("The hospital could not serve you."),
    Situation.NURSE_SET_OUT: gettext_noop("You cancelled when the nurse had set out."),
    Situation.NURSE_ARRIVED: gettext_noop("You cancelled when the nurse had arrived."),
    Situation.NOT_SETTLED: gettext_noop("The insurance did not settle."),
    Situation.LATE_PAYMENT: gettext_noop("Not paid in time."),
    Situation.LINES_RETURNED: gettext_noop("A part of the bill was given back."),
    Situation.PRICE_CORRECTED: gettext_noop("A price was corrected."),
}
"""Why, for the patient and the channel, in at most 80 characters; translated when it is shown."""


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """What is given back in a situation, and who decides."""

    situation: Situation
    gives: Gives
    is_automatic: bool
    """Nobody is asked: it follows from what happened."""
    always_second_person: bool
    """However little it is."""
    source: str
    grade: str
