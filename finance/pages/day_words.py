"""Words of a cashier day: its states, its sums, what stands in the way of closing it."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.queries.days import MISSING
from finance.states import DayState
from kernel.errors import Text
from payments.models import Channel
from pricing.models import ChargeType
from reconciliation.rules.kinds import Source


class DayWords(NamedTuple):
    """``badge`` is a kind of the badge vocabulary; ``next`` says what is to be done."""

    badge: str
    word: Text
    next: Text


DAYS = {
    DayState.OPEN: DayWords("needs", gettext_lazy("to be counted"), gettext_lazy("Please count it.")),
    DayState.COUNTED: DayWords(
        "needs", gettext_lazy("counted"), gettext_lazy("Please look at the sums and close it.")
    ),
    DayState.CLOSED: DayWords(
        "done", gettext_lazy("day closed"), gettext_lazy("A second person can open it again.")
    ),
}

_PAYERS: dict[str, Text] = {
    "fund": gettext_lazy("Fund"),
    "account": gettext_lazy("Personal account"),
    "family": gettext_lazy("Family account"),
    "institution": gettext_lazy("Borne by the hospital"),
}
_CATEGORIES: dict[str, Text] = {
    "onsite_fee": gettext_lazy("On-site fees"),
    "delivery": gettext_lazy("Delivery"),
}


def sum_word(section: str, key: str) -> Text:
    """What a sum is of; a key without words is shown as it is."""
    words: dict[str, dict[str, Text]] = {
        "channel": dict(Channel.choices),
        "payer": _PAYERS,
        "category": dict(ChargeType.choices) | _CATEGORIES,
    }
    return words[section].get(key, key)


class ObstacleWords(NamedTuple):
    """What stands in the way, and where it can be worked on; the address may be empty."""

    text: str
    url: str = ""


def obstacle_words(key: str) -> ObstacleWords:
    """An obstacle in words, by its key."""
    sort, _colon, of = key.partition(":")
    if key == MISSING:
        return ObstacleWords(_("The day was not compared with any channel"), reverse("reconciliation:days"))
    if sort == "comparison":
        words = _("%(channel)s: the bill of the day is not compared yet") % {"channel": Source(of).label}
        return ObstacleWords(words, reverse("reconciliation:days"))
    if sort == "difference":
        return ObstacleWords(
            _("Unresolved difference with the channel"), reverse("reconciliation:difference", args=[of])
        )
    return ObstacleWords(_("Records and books differ: %(sum)s") % {"sum": sum_word(sort, of)})
