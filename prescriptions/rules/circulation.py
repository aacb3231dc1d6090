"""What is said next to the e-prescription centre, and when; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from prescriptions.states import NEVER_IN_FORCE, CirculationState


class Step(StrEnum):
    """One step: a message, or closing without one."""

    CHECK = "D001"
    SIGN = "D002"
    UPLOAD = "D003"
    WITHDRAW = "D004"
    ASK = "D005"
    FOLLOW = "D007"
    """D006 and D007: what the pharmacy says."""
    RELEASE = "release"
    LAPSE = "lapse"


POLL_EVERY = timedelta(minutes=10)
"""How often a prescription in force is asked about. ASSUMPTION: ours; no document names an interval."""

_DUE = {
    CirculationState.OPENED: Step.CHECK,
    CirculationState.CHECKED: Step.SIGN,
    CirculationState.SIGNED: Step.UPLOAD,
    CirculationState.UPLOADING: Step.ASK,
    CirculationState.UNCONFIRMED: Step.ASK,
    CirculationState.CIRCULATING: Step.FOLLOW,
    CirculationState.WITHDRAWING: Step.WITHDRAW,
    CirculationState.WITHDRAWAL_UNCONFIRMED: Step.ASK,
}


@dataclass(frozen=True, slots=True)
class CirculationFacts:
    """One circulation as it stands."""

    state: CirculationState
    is_wanted_back: bool
    valid_until: datetime
    next_ask_at: datetime | None
    """None: nothing is due until a person acts."""


def next_step(facts: CirculationFacts, at: datetime) -> Step | None:
    """The step that is due at a moment, None when nothing is.

    Whatever was never in force is closed without asking. What may be in force is asked about (D005) before anything
    else is done with it, so nothing is uploaded twice and nothing is called withdrawn that may still be taken.

    Source: ours; 医保电子处方中心 D001 to D007.
    """
    if facts.state in NEVER_IN_FORCE and facts.is_wanted_back:
        return Step.RELEASE
    if facts.state in NEVER_IN_FORCE and at >= facts.valid_until:
        return Step.LAPSE
    if facts.next_ask_at is None or facts.next_ask_at > at:
        return None
    if facts.state == CirculationState.CIRCULATING and facts.is_wanted_back:
        return Step.WITHDRAW
    return _DUE.get(facts.state)
