"""Words for the states of a circulation and of a report, and the course of one circulation."""

from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import AuditEntry
from insurance.states import MessageState
from prescriptions.models import Circulation, CirculationMessage
from prescriptions.queries.circulation import acts_on
from prescriptions.states import CirculationState, ReportState

Text = str | Promise


class Words(NamedTuple):
    """``badge`` is a kind of the badge vocabulary; ``next`` says what happens next."""

    badge: str
    word: Text
    next: Text = ""


_S = CirculationState
_WORDS = {
    _S.OPENED: Words(
        "waiting", gettext_lazy("to be checked"), gettext_lazy("The centre checks it next (D001).")
    ),
    _S.CHECKED: Words("progress", gettext_lazy("checked"), gettext_lazy("It is signed next (D002).")),
    _S.SIGNED: Words("progress", gettext_lazy("signed"), gettext_lazy("It is uploaded next (D003).")),
    _S.UPLOADING: Words(
        "progress", gettext_lazy("being uploaded"), gettext_lazy("The upload is on its way.")
    ),
    _S.UNCONFIRMED: Words(
        "confirming",
        gettext_lazy("being confirmed"),
        gettext_lazy("It was uploaded, and no answer has come. The centre is asked how it holds it (D005)."),
    ),
    _S.CIRCULATING: Words(
        "done",
        gettext_lazy("can be taken"),
        gettext_lazy("Every designated pharmacy can hand it out. The centre is asked every ten minutes."),
    ),
    _S.WITHDRAWING: Words(
        "progress", gettext_lazy("being withdrawn"), gettext_lazy("It is taken back (D004).")
    ),
    _S.WITHDRAWAL_UNCONFIRMED: Words(
        "confirming",
        gettext_lazy("withdrawal being confirmed"),
        gettext_lazy("Nothing is handed out here until the centre says that it has let go."),
    ),
    _S.REFUSED: Words(
        "refused",
        gettext_lazy("refused by the centre"),
        gettext_lazy("It is not in force there. The hospital's own pharmacy can hand it out."),
    ),
    _S.WITHDRAWN: Words(
        "stopped", gettext_lazy("withdrawn"), gettext_lazy("No other pharmacy can hand it out.")
    ),
    _S.TAKEN: Words(
        "done",
        gettext_lazy("taken elsewhere"),
        gettext_lazy("Another pharmacy has handed it out. Here it has ended, and what was paid goes back."),
    ),
    _S.LAPSED: Words("stopped", gettext_lazy("no longer valid"), gettext_lazy("Nobody took it in time.")),
}
_REPORTS = {
    ReportState.WAITING: Words("waiting", gettext_lazy("to be reported")),
    ReportState.UNANSWERED: Words("confirming", gettext_lazy("being confirmed")),
    ReportState.REPORTED: Words("done", gettext_lazy("reported")),
    ReportState.REFUSED: Words("refused", gettext_lazy("refused by the insurer")),
}
VERBS = {
    "D001": gettext_lazy("check"), "D002": gettext_lazy("signature"), "D003": gettext_lazy("upload"),
    "D004": gettext_lazy("withdrawal"), "D005": gettext_lazy("how it is held"),
    "D006": gettext_lazy("review by the pharmacy"), "D007": gettext_lazy("medicines taken"),
}  # fmt: skip
_ACTS = {
    "opened": gettext_lazy("Passed by the pharmacist: to be brought to the centre"),
    "checked": gettext_lazy("It has its numbers"),
    "signed": gettext_lazy("The original is signed"),
    "uploading": gettext_lazy("The upload was decided and written down first"),
    "unconfirmed": gettext_lazy("Not known whether the upload arrived"),
    "circulating": gettext_lazy("In force at the centre"),
    "wanted_back": gettext_lazy("Wanted back"),
    "withdrawing": gettext_lazy("The withdrawal was decided and written down first"),
    "withdrawal_unconfirmed": gettext_lazy("Not known whether the withdrawal arrived"),
    "withdrawn": gettext_lazy("Out of circulation"),
    "taken": gettext_lazy("Handed out by another pharmacy"),
    "lapsed": gettext_lazy("No longer valid"),
    "refused": gettext_lazy("The centre refused"),
    "asked_now": gettext_lazy("Asked again by hand"),
    "concluded": gettext_lazy("Concluded by what the centre's screen shows"),
}
_ANSWERS = {
    MessageState.ANSWERED: ("done", gettext_lazy("answered")),
    MessageState.REFUSED: ("failed", gettext_lazy("refused")),
    MessageState.UNANSWERED: ("unknown", gettext_lazy("no answer that can be used")),
}


def circulation_words(state: str) -> Words:
    """How a circulation is shown."""
    return _WORDS[CirculationState(state)]


def report_words(state: str) -> Words:
    """How a report is shown."""
    return _REPORTS[ReportState(state)]


def course_of(circulation: Circulation) -> list[dict[str, Any]]:
    """Acts and messages in the order they happened."""
    acts = [(act.at, 0, _act(act)) for act in acts_on(circulation)]
    told = [(message.written_at, 1, _message(message)) for message in circulation.messages.all()]
    return [item for _at, _rank, item in sorted([*acts, *told], key=lambda row: row[:2])]


def _act(act: AuditEntry) -> dict[str, Any]:
    name = act.action.rpartition(".")[2]
    by = act.by.display_name if act.by else _("by itself")
    return {
        "kind": "now", "what": _ACTS.get(name, act.action), "when": _second(act.at), "by": by,
        "note": str(act.facts.get("reason", "")),
    }  # fmt: skip


def _message(message: CirculationMessage) -> dict[str, Any]:
    kind, answer = _ANSWERS.get(MessageState(message.state), ("unknown", gettext_lazy("on its way")))
    notes = []
    if message.answered_at:
        took = (message.answered_at - message.written_at).total_seconds()
        notes.append(_("after %(seconds)s s") % {"seconds": f"{took:.1f}"})
    notes += [message.error_text] if message.error_text else []
    return {
        "kind": kind, "what": f"{message.verb} {VERBS.get(message.verb, '')}: {answer}", "message_id": message.pk,
        "when": _second(message.written_at), "note": " · ".join(notes),
    }  # fmt: skip


def _second(at: datetime) -> str:
    """Day and time to the second: what is compared with the centre's own records."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"
