"""Words and badges of the finance office."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from checkout.states import CheckoutState
from finance.queries.timeline.step import Sort
from finance.states import PayoutState
from kernel.errors import Text


class StepWords(NamedTuple):
    """``badge`` is a kind of the badge vocabulary; ``next`` says who moves it on."""

    badge: str
    word: Text
    next: Text


_S = CheckoutState
STEPS: dict[CheckoutState, StepWords] = {
    _S.ESTIMATING: StepWords(
        "progress",
        _("asking the insurance"),
        _("The insurance is asked what it pays; a schedule asks again."),
    ),
    _S.DECLINED: StepWords(
        "waiting", _("insurance does not pay"), _("The patient decides whether she pays everything herself.")
    ),
    _S.READY: StepWords("waiting", _("to be paid"), _("The patient has seen the split and may pay.")),
    _S.PAYING: StepWords(
        "progress",
        _("being paid"),
        _("An order is open at the channel; it is asked about every few seconds."),
    ),
    _S.SETTLING: StepWords(
        "confirming", _("insurance settles"), _("Her share is in; the insurance is asked until it answers.")
    ),
    _S.SETTLED: StepWords("done", _("paid"), _("Everything is paid.")),
    _S.REVERSING: StepWords(
        "progress", _("insurance takes back"), _("The insurance part goes back first, then hers.")
    ),
    _S.REFUNDING: StepWords(
        "progress", _("being paid back"), _("The channel pays her share back; it is asked until it is done.")
    ),
    _S.REFUNDED: StepWords("done", _("paid back"), _("Everything is back with those who paid.")),
    _S.CLOSED: StepWords("stopped", _("closed unpaid"), _("It ended before anything was paid.")),
}

AGES: dict[str, Text] = {
    "": _("any age"),
    "15m": _("15 minutes and longer"),
    "1h": _("1 hour and longer"),
    "1d": _("1 day and longer"),
}

SORTS: dict[Sort, Text] = {
    Sort.ACT: _("Acts"),
    Sort.INSURER: _("Insurance"),
    Sort.CHANNEL: _("Channel"),
    Sort.BOOKS: _("Books"),
    Sort.DOCUMENT: _("Documents"),
}

PAYOUTS: dict[PayoutState, StepWords] = {
    PayoutState.DRAFTED: StepWords("needs", _("drafted"), _("A second person approves it.")),
    PayoutState.APPROVED: StepWords(
        "needs", _("approved"), _("The bank pays it; then its number is recorded here.")
    ),
    PayoutState.PAID: StepWords("done", _("paid out"), _("It is in the books.")),
    PayoutState.CANCELLED: StepWords("stopped", _("cancelled"), _("Nothing was paid.")),
}
