"""Words and badges for the states of a claim."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from insurance.states import ClaimState


class StateWords(NamedTuple):
    """``badge`` is a kind of the badge vocabulary; ``next`` says what happens next."""

    badge: str
    word: str | Promise
    next: str | Promise


_WORDS = {
    ClaimState.DRAFT: StateWords(
        "confirming", _("being estimated"), _("The insurance is being asked what it would pay.")
    ),
    ClaimState.PRESETTLED: StateWords("waiting", _("estimated"), _("She is shown the parts and pays hers.")),
    ClaimState.DECLINED: StateWords(
        "refused", _("refused"), _("Nothing happened at the insurance. She may pay all of it herself.")
    ),
    ClaimState.SETTLING: StateWords("progress", _("being settled"), _("The settlement is on its way.")),
    ClaimState.UNCONFIRMED: StateWords(
        "confirming",
        _("being confirmed"),
        _("It was sent, and no answer has come. The insurance is asked by the schedule."),
    ),
    ClaimState.SETTLED: StateWords("done", _("settled"), _("Nothing more is to be done.")),
    ClaimState.REVERSING: StateWords("progress", _("being taken back"), _("The reversal is on its way.")),
    ClaimState.REVERSAL_UNCONFIRMED: StateWords(
        "confirming",
        _("reversal being confirmed"),
        _("The settlement is in force until the insurance says otherwise; it is asked by the schedule."),
    ),
    ClaimState.REVERSED: StateWords(
        "stopped", _("taken back"), _("Fund and account have their money again.")
    ),
    ClaimState.ABANDONED: StateWords("stopped", _("given up"), _("Nothing was settled.")),
    ClaimState.VOIDING: StateWords(
        "confirming", _("being undone"), _("The message without an answer is being undone (2601).")
    ),
    ClaimState.VOIDED: StateWords("stopped", _("undone"), _("The insurance holds nothing of it.")),
}


def state_words(state: str) -> StateWords:
    """How a state is shown."""
    return _WORDS[ClaimState(state)]


ACTS = {
    "opened": _("Claim opened"),
    "presettle": _("The insurance has said what it would pay"),
    "decline": _("The insurance refused"),
    "submit": _("Sent to be settled; the number of the message was written first"),
    "lose_answer": _("No answer: the outcome is not known"),
    "settle": _("Settled, and recorded"),
    "reverse": _("To be taken back"),
    "confirm_reversal": _("Taken back, and recorded"),
    "abandon": _("Given up before any settlement"),
    "void": _("To be undone by the number of its message"),
    "confirm_void": _("Undone: the insurance holds nothing of it"),
    "stand": _("The insurance does not take it back: the settlement stands"),
    "asked_by_person": _("Asked again at once"),
    "taken_over": _("Taken over"),
    "handed_back": _("Handed back"),
    "concluded_by_hand": _("Concluded by what the insurance's screen shows"),
    "called_person": _("A person must look"),
    "disputed": _("Two statements about it contradict each other: a person must look"),
    "seen": _("Looked into; nothing more is to be done"),
}
"""Last part of an audited action -> what happened."""

TRANSACTIONS = {
    "1101": _("who she is and how she is insured"),
    "2201": _("registration of the visit"),
    "2202": _("registration taken back"),
    "2203A": _("diagnoses of the visit"),
    "2204": _("fee lines"),
    "2205": _("fee lines withdrawn"),
    "2206A": _("what would be paid"),
    "2207A": _("settlement"),
    "2208": _("settlement taken back"),
    "2601": _("message undone"),
    "5201": _("visits that the insurance holds"),
    "5203": _("what the insurance holds"),
    "5301": _("chronic diseases she is filed for"),
    "6201": _("fee lines for mobile payment"),
    "6202": _("mobile payment order"),
    "6203": _("mobile payment refund"),
    "6301": _("state of the mobile payment order"),
    "6302": _("word that a mobile payment was made"),
    "6401": _("mobile payment order revoked"),
}
