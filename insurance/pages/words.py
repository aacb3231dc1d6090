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
