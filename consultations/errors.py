"""What consultations refuses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A slot that can be offered instead."""

    pk: int
    starts_at: datetime


class PlaceTaken(DomainError):
    """No place is left in the slot."""

    code = "place_taken"
    default_message = _("This time has just been taken. Please choose another.")

    def __init__(self, next_free: Sequence[FreeSlot]) -> None:
        """``next_free``: the next slots of the same doctor with a free place, earliest first, may be empty."""
        super().__init__(field="slot")
        self.next_free = list(next_free)


class AlreadyBooked(DomainError):
    """The patient has a live visit with this doctor on that day."""

    code = "already_booked"
    default_message = _(
        "This patient already has a visit with this doctor on that day. You find it under Visits."
    )


class NotReceiving(DomainError):
    """The doctor does not receive patients online then."""

    code = "not_receiving"
    default_message = _(
        "This doctor does not receive patients at that time. Please choose another time or doctor."
    )


class StepsMissing(DomainError):
    """A step before paying is not done."""

    code = "steps_missing"
    default_message = _("A step before paying is still missing.")


class ConversationClosed(DomainError):
    """Nobody can write into the conversation any more."""

    code = "conversation_closed"
    default_message = _("The visit has ended; nothing more can be written here.")


class NotFinished(DomainError):
    """The visit cannot be completed yet."""

    code = "not_finished"
    default_message = _("Please decide on the re-diagnosis and sign the record first.")
