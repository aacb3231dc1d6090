"""States of a refund in words for the office, and what comes next."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from refunds.states import RefundRequestState

_S = RefundRequestState


@dataclass(frozen=True)
class Words:
    """A badge, its word, and what comes next."""

    badge: str
    word: str | Promise
    next: str | Promise


STATES: dict[RefundRequestState, Words] = {
    _S.REQUESTED: Words("needs", _("To be decided"), _("A second person agrees or declines.")),
    _S.APPROVED: Words("progress", _("Agreed to"), _("It is sent next.")),
    _S.SENDING: Words("progress", _("On its way"), _("Insurer and channel are asked until it is done.")),
    _S.FAILED: Words(
        "refused", _("Needs a person"), _("Send it again, or decline it and settle it otherwise.")
    ),
    _S.DONE: Words("done", _("Done"), _("Everybody who paid has the money back.")),
    _S.DECLINED: Words("stopped", _("Declined"), _("Nothing goes back by this request.")),
}
