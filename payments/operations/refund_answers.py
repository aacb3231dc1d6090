"""What a channel says of our refunds, as it is kept."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, gettext_noop, override

from audit import operations as audit
from kernel import events
from kernel.money import to_fen
from payments.events import RefundDone, RefundFailed
from payments.gateway.trade import RefundState as ChannelRefund
from payments.gateway.trade import RefundStatus
from payments.models import IncidentKind, Refund
from payments.operations.incidents import is_said_again, note_incident
from payments.queries import amount_left
from payments.states import CLOSED, REFUND, HeldBack, RefundEvent, RefundState, held_back

_EVENTS = {
    RefundStatus.SUCCESS: RefundEvent.COMPLETE,
    RefundStatus.PROCESSING: RefundEvent.ACCEPT,
}
_WORDS: dict[str, str] = {
    CLOSED: gettext_noop("The channel closed it and has not given it back; it can be asked for anew."),
    HeldBack.ABNORMAL: gettext_noop("Her account takes no money any more; the channel keeps it."),
    HeldBack.TO_HOSPITAL: gettext_noop("On its way to the hospital's account, to be paid to her from there."),
    HeldBack.AT_HOSPITAL: gettext_noop("In the hospital's account; to be paid to her from there."),
}


def record_answer(answer: ChannelRefund, *, at: datetime) -> None:
    """Take over what the channel says of one of our refunds; another amount is a contradiction."""
    refund = Refund.objects.select_related("order").filter(number=answer.out_refund_no).first()
    if refund and answer.refund_fen != to_fen(refund.amount):
        _contradict(refund, {"fen": answer.refund_fen, "refund": refund.number}, at=at)
        return
    event, failure = _meaning(answer)
    record_step(answer.out_refund_no, event, at=at, channel_refund_id=answer.refund_id, failure=failure)


def _meaning(answer: ChannelRefund) -> tuple[RefundEvent, str]:
    """What is to be noted; money that arrived with the hospital instead of with her is not given back yet."""
    if answer.status == RefundStatus.ABNORMAL:
        return RefundEvent.FAIL, failure_of(HeldBack.ABNORMAL)
    if answer.status == RefundStatus.SUCCESS and answer.is_with_merchant:
        return RefundEvent.FAIL, failure_of(HeldBack.AT_HOSPITAL)
    if answer.status == RefundStatus.CLOSED:
        return RefundEvent.FAIL, failure_of(CLOSED)
    return _EVENTS[answer.status], ""


def failure_of(where: str) -> str:
    """What went wrong, as it is kept: a word that is looked for, and the sentence that a person reads."""
    with override("zh-hans"):
        return f"{where}: {gettext(_WORDS[where])}"


@transaction.atomic
def record_step(
    number: str, event: RefundEvent, *, at: datetime, channel_refund_id: str = "", failure: str = ""
) -> None:
    """One step of the refund's life; what does not fit the state is old news."""
    refund = Refund.objects.select_for_update(of=("self",)).filter(number=number).first()
    if refund and refund.state == RefundState.FAILED and event == RefundEvent.FAIL:
        _note_word(refund, failure, at=at)
    if refund is None or not REFUND.allows(refund.state, event):
        return
    if facts := _against(refund, event):
        _contradict(refund, facts, at=at)
        return
    refund.state = REFUND.after(refund.state, event)
    refund.channel_refund_id = channel_refund_id or refund.channel_refund_id
    refund.failure = failure[:200]
    refund.done_at = at if refund.state == RefundState.DONE else None
    refund.save(update_fields=["state", "channel_refund_id", "failure", "done_at"])
    audit.record(f"payments.refund.{refund.state}", on=refund, by=None, at=at)
    if refund.state == RefundState.DONE:
        events.publish(RefundDone(refund.pk))
    elif refund.state == RefundState.FAILED:
        events.publish(RefundFailed(refund.pk))


def _note_word(refund: Refund, failure: str, *, at: datetime) -> None:
    """It had failed: that its money has come to the hospital's own account is news, and why, where that was not kept.

    What the channel holds takes its room of the order from now on; where others were asked for in its place, a person
    looks at both sides.
    """
    where = held_back(failure)
    is_explained = refund.is_unexplained and bool(failure)
    if not is_explained and (where != HeldBack.AT_HOSPITAL or refund.failure == failure):
        return
    if is_explained and where and (facts := _displaced_by(refund)):
        _contradict(refund, facts, at=at)
        return
    refund.failure = failure[:200]
    refund.save(update_fields=["failure"])
    word = "at_hospital" if where == HeldBack.AT_HOSPITAL else "explained"
    audit.record(f"payments.refund.{word}", on=refund, by=None, at=at)


def _against(refund: Refund, event: RefundEvent) -> dict[str, str]:
    """Why a word of the channel is not simply taken over, for a person who looks at both sides; empty when it is.

    It failed and was asked for anew, or others were asked for in its place, and now the channel says that it was given
    back after all.
    """
    counts = refund.state != RefundState.FAILED or refund.hand_noted_at or held_back(refund.failure)
    has_room = bool(counts) or event == RefundEvent.FAIL
    return _displaced_by(refund, has_room=has_room)


def _displaced_by(refund: Refund, *, has_room: bool = False) -> dict[str, str]:
    """What was asked for in its place; empty when nothing was, or it has room of the order nevertheless."""
    if hasattr(refund, "replaced_by"):
        return {"refund": refund.number, "asked anew as": refund.replaced_by.number}
    left = refund.amount if has_room or refund.hand_noted_at else amount_left(refund.order)
    return {"refund": refund.number, "left": str(left)} if refund.amount > left else {}


def _contradict(refund: Refund, facts: dict[str, Any], *, at: datetime) -> None:
    """A person compares both sides; what is known word for word is no news."""
    if is_said_again(refund.order, refund.number, facts, at=at):
        return
    audit.record("payments.refund.contradicted", on=refund, by=None, at=at, facts=facts)
    note_incident(
        IncidentKind.CONTRADICTED, channel=refund.order.channel, subject=refund.number, order=refund.order,
        facts=facts, at=at,
    )  # fmt: skip
