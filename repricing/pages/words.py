"""Age groups, refusals and states in the page's language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.errors import Text
from pricing.rules import errors as pricing_errors
from pricing.rules.errors import PricingRefused
from repricing.rules.ages import bounds_of
from repricing.states import BatchState, PaybackState, SimulationState

REFUSALS: dict[str, Text] = {
    each.code: each.default_message
    for each in vars(pricing_errors).values()
    if isinstance(each, type) and issubclass(each, PricingRefused)
}
"""By code: what the refusal says."""

SKIPPED: dict[str, Text] = {
    "bill_changed": gettext_lazy("The bill went back meanwhile."),
    "corrected_since": gettext_lazy("Another correction of this charge was carried out meanwhile."),
    "units_returned": gettext_lazy("Units of this line went back meanwhile; a person has to look at it."),
    "refund_open": gettext_lazy("A refund of the bill was open. Draft the list again when it is done."),
    "more_than_charged": gettext_lazy(
        "More would go back than this line cost: a supplementary bill charged part of it since. Ask for a refund of "
        "that bill instead."
    ),
    "failed": gettext_lazy("It could not be carried out; the log says why."),
}

FAILURES: dict[str, Text] = {
    "revision_changed": gettext_lazy("The revision was changed while it was being simulated. Begin again."),
    "broken": gettext_lazy("The simulation broke off. Begin again; the log says why."),
}


@dataclass(frozen=True, slots=True)
class Badge:
    """Kind of the vocabulary, its word, and what comes next."""

    kind: str
    word: Text
    next: Text = ""


SIMULATIONS = {
    SimulationState.WAITING: Badge("waiting", gettext_lazy("Waiting")),
    SimulationState.RUNNING: Badge("progress", gettext_lazy("Being computed")),
    SimulationState.DONE: Badge("done", gettext_lazy("Done")),
    SimulationState.FAILED: Badge("stopped", gettext_lazy("Not finished")),
}

BATCHES = {
    BatchState.COLLECTING: Badge(
        "progress",
        gettext_lazy("Being collected"),
        gettext_lazy("Every charge that the corrected prices touch is priced once more."),
    ),
    BatchState.DRAFTED: Badge(
        "needs",
        gettext_lazy("To be reviewed"),
        gettext_lazy(
            "Look at the differences, leave out what must not be corrected; another person then agrees."
        ),
    ),
    BatchState.REVIEWED: Badge(
        "needs",
        gettext_lazy("To be carried out"),
        gettext_lazy("Two persons have looked at it. Nothing has been charged or paid back yet."),
    ),
    BatchState.CARRYING_OUT: Badge(
        "progress",
        gettext_lazy("Being carried out"),
        gettext_lazy("Supplementary bills and paybacks are being written, bill by bill."),
    ),
    BatchState.CARRIED_OUT: Badge("done", gettext_lazy("Carried out")),
    BatchState.ABANDONED: Badge("stopped", gettext_lazy("Given up")),
}

PAYBACKS = {
    PaybackState.REQUESTED: Badge("needs", gettext_lazy("To be paid back")),
    PaybackState.PAID_BACK: Badge("done", gettext_lazy("Paid back")),
    PaybackState.WITHDRAWN: Badge("stopped", gettext_lazy("Withdrawn: the whole bill went back")),
}


def age_in_words(group: int) -> str:
    """0 to 6 years; 75 years and older."""
    first, last = bounds_of(group)
    if last is None:
        return _("%(first)d years and older") % {"first": first}
    return _("%(first)d to %(last)d years") % {"first": first, "last": last}


def refusal_in_words(code: str) -> str:
    """Why a charge has no price."""
    return str(REFUSALS.get(code, PricingRefused.default_message))
