"""What to make of what the insurer says about a settlement, an undoing or a reversal; pure.

Each of the three conversations is a function from what was heard to the next step. Operations carry the steps out; the
exhaustive test does the same against a model of the insurer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    """What came of the message that moves money."""

    DONE = "done"
    REFUSED = "refused"
    """It says that nothing happened by this sending."""
    REPEATED = "repeated"
    """It has had the number before and does not say what became of it."""
    SILENT = "silent"
    DISPUTED = "disputed"
    """An answer whose sums do not hold, or of other amounts than were asked for."""


class Held(StrEnum):
    """What the insurer says, when asked, that it holds of our message."""

    MADE = "made"
    """The record that our message made, in force."""
    TAKEN_BACK = "taken_back"
    """What we speak of is not in force any more, and it was not our message that did it."""
    NOTHING = "nothing"
    UNTOLD = "untold"
    """It did not answer the question."""
    UNASKABLE = "unaskable"
    """It refuses the question itself."""
    DISPUTED = "disputed"
    """It holds something, and its sums do not hold or are not what was asked for."""


class Step(StrEnum):
    """What is to be done next; all but the first two end the conversation."""

    ASK = "ask"
    SEND = "send"
    RECORD = "record"
    """It is done there; write it down here."""
    GIVE_UP = "give_up"
    """Nothing happened there, and nothing can any more."""
    UNDO = "undo"
    """Close the number for good: what was sent before may still arrive."""
    STAND = "stand"
    """It cannot be undone; the settlement is in force."""
    RENEW = "renew"
    """Refused, and nothing of it is on its way: ask again under another number, and tell a person."""
    WAIT = "wait"
    """Not known; by the schedule."""
    CALL_PERSON = "call_person"
    """Not known, and a person must look; the schedule goes on meanwhile."""


@dataclass(frozen=True)
class Heard:
    """What is known within one conversation; ``held`` is what was told since the last sending."""

    sent_before: bool
    """The number may have been sent in an earlier conversation."""
    is_late: bool
    """The last conversation is so long ago that nothing of it, or before it, can arrive any more."""
    may_undo: bool
    """The insurer undoes messages of unknown outcome (2601), and still does so today."""
    answer: Answer | None = None
    held: Held | None = None


Rule = Callable[[Heard], Step]


def settling(heard: Heard) -> Step:
    """2207A under one number: a settlement is in force or it is known that none will be, never a guess.

    A refusal counts at once only when the number was sent for the first time. After silence the insurer is asked; when
    it holds nothing, the silent message may still arrive, so the number is closed by 2601 or the time is waited for.
    """
    if heard.held is None and (heard.answer is not None or heard.sent_before):
        return _at_first(heard)
    if heard.answer is None:
        return _SEND_UNLESS_HELD[heard.held] if heard.held else Step.SEND
    if heard.held in (Held.NOTHING, Held.UNASKABLE) and heard.answer == Answer.REFUSED:
        return _close(heard)
    return _BY_RECORD[heard.held or Held.UNTOLD]


def _at_first(heard: Heard) -> Step:
    if heard.answer in _PLAIN:
        return _PLAIN[heard.answer]
    if heard.answer == Answer.REFUSED and not heard.sent_before:
        return Step.GIVE_UP
    return Step.ASK


def _close(heard: Heard) -> Step:
    if heard.is_late and heard.held == Held.NOTHING:
        return Step.GIVE_UP
    return Step.UNDO if heard.may_undo else Step.WAIT


def voiding(heard: Heard) -> Step:
    """2601 of the settling message: undone, or found to stand.

    The insurer's yes is checked by asking what it holds. A refusal counts when nothing can arrive any more that would
    make it false: a settling message, when it holds nothing; an earlier undoing, when the settlement is in force.
    """
    if heard.answer is None:
        return Step.SEND
    if heard.answer in (Answer.SILENT, Answer.DISPUTED):
        return Step.WAIT
    if heard.held is None:
        return Step.ASK
    if heard.answer == Answer.DONE:
        return _AFTER_UNDOING[heard.held]
    if heard.held == Held.NOTHING:
        return Step.RECORD if heard.is_late else Step.WAIT
    if heard.held == Held.MADE:
        return Step.STAND if heard.is_late or not heard.sent_before else Step.WAIT
    return Step.WAIT if heard.held == Held.UNTOLD else Step.CALL_PERSON


def reversing(heard: Heard) -> Step:
    """2208 of a settlement in force: it stays in force until the negative record is known.

    A refusal needs a person. It is asked again under another number, because an insurer repeats its answer to the same
    one; but only when the refused number cannot have been carried out by an earlier sending.
    """
    if heard.answer is None:
        if not heard.sent_before:
            return Step.SEND
        return _SEND_UNLESS_HELD[heard.held] if heard.held else Step.ASK
    if heard.answer in _PLAIN:
        return _PLAIN[heard.answer]
    if heard.held is None:
        return Step.ASK
    if heard.answer == Answer.REFUSED and heard.held == Held.NOTHING:
        return Step.CALL_PERSON if heard.sent_before and not heard.is_late else Step.RENEW
    return _BY_RECORD[heard.held]


_PLAIN = {
    Answer.DONE: Step.RECORD, Answer.SILENT: Step.WAIT, Answer.DISPUTED: Step.CALL_PERSON,
}  # fmt: skip
_SEND_UNLESS_HELD = {
    Held.MADE: Step.RECORD, Held.TAKEN_BACK: Step.CALL_PERSON, Held.NOTHING: Step.SEND,
    Held.UNTOLD: Step.WAIT, Held.UNASKABLE: Step.SEND, Held.DISPUTED: Step.CALL_PERSON,
}  # fmt: skip
_BY_RECORD = {
    Held.MADE: Step.RECORD, Held.TAKEN_BACK: Step.CALL_PERSON, Held.NOTHING: Step.WAIT,
    Held.UNTOLD: Step.WAIT, Held.UNASKABLE: Step.CALL_PERSON, Held.DISPUTED: Step.CALL_PERSON,
}  # fmt: skip
_AFTER_UNDOING = {
    Held.MADE: Step.CALL_PERSON, Held.TAKEN_BACK: Step.CALL_PERSON, Held.NOTHING: Step.RECORD,
    Held.UNTOLD: Step.WAIT, Held.UNASKABLE: Step.RECORD, Held.DISPUTED: Step.CALL_PERSON,
}  # fmt: skip
