"""What consultations can do."""

from consultations.operations.booking import (
    cancel,
    hold_place,
    price_visit,
    release_hold,
    release_lapsed_holds,
)
from consultations.operations.chat import mark_read, send_message, send_picture
from consultations.operations.schedules import cancel_slot, open_slots
from consultations.operations.visits import (
    admit,
    begin_visit,
    close_missed,
    complete_visit,
    decide,
    stop_visit,
)

__all__ = [
    "admit",
    "begin_visit",
    "cancel",
    "cancel_slot",
    "close_missed",
    "complete_visit",
    "decide",
    "hold_place",
    "mark_read",
    "open_slots",
    "price_visit",
    "release_hold",
    "release_lapsed_holds",
    "send_message",
    "send_picture",
    "stop_visit",
]
