"""Steps from what was said to the insurer, and what it said by itself."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from finance.queries.timeline.step import Sort, Step
from finance.queries.timeline.subjects import Subjects
from insurance.models import GatewayMessage, InboundMessage
from insurance.pages.words import TRANSACTIONS
from insurance.states import MessageState

_KINDS = {MessageState.ANSWERED: "done", MessageState.REFUSED: "failed", MessageState.UNANSWERED: "unknown"}
_ANSWERS = {
    MessageState.ANSWERED: "answered",
    MessageState.REFUSED: "refused",
    MessageState.UNANSWERED: "no answer that can be used",
}


def messages_of(subjects: Subjects) -> Iterator[Step]:
    """Messages about the bill's claims and the visit they hang on, and calls that came in; two statements."""
    if not subjects.claims:
        return
    visits = {claim.registration_id for claim in subjects.claims.values()}
    of_bill = Q(claim__in=subjects.claims) | Q(registration__in=visits, claim__isnull=True)
    for told in GatewayMessage.objects.filter(of_bill).defer("request_text", "reply_text").order_by("pk"):
        yield _sent(told, subjects)
    for call in InboundMessage.objects.filter(claim__in=subjects.claims).defer("body").order_by("pk"):
        message = " · ".join(filter(None, [str(call.get_verdict_display()), call.reason]))
        yield Step(call.received_at, _("the insurer"), _what(call.kind), message=message, sort=Sort.INSURER)


def _sent(told: GatewayMessage, subjects: Subjects) -> Step:
    """One message of ours with its answer."""
    state = MessageState(told.state)
    answer = _(_ANSWERS[state]) if state in _ANSWERS else _("on its way")
    url = (
        reverse("insurance:claim", args=[subjects.claims[told.claim_id].batch_number])
        if told.claim_id
        else ""
    )
    return Step(
        at=told.written_at,
        actor=_("the insurer"),
        what=_what(told.transaction_code),
        message=" · ".join(filter(None, [told.msgid, answer, told.error_text])),
        url=url,
        sort=Sort.INSURER,
        kind=_KINDS.get(state, "now"),
    )


def _what(code: str) -> str:
    return f"{code} {TRANSACTIONS.get(code, '')}".strip()
