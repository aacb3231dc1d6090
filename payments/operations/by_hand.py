"""A refund that the channel could not give by itself: one person notes that it was given by hand, another confirms it."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from kernel import events
from kernel.errors import refuse_if_any
from kernel.money import ZERO
from payments.errors import DeskNotPossible
from payments.events import RefundDone
from payments.models import PaymentOrder, Refund
from payments.queries import amount_under_way
from payments.rules.refunds import by_hand_violations, refund_violations, second_person_violations
from payments.states import REFUND, RefundEvent, RefundState, held_back


@transaction.atomic
def note_by_hand(*, refund_id: int, reference: str, by: User, at: datetime) -> Refund:
    """It was given back on the channel's own pages, under this number; noting it twice keeps the first word.

    From now on its amount counts as gone, so that nobody asks for it anew meanwhile.

    Raises:
        DeskNotPossible: PY-11, PY-13.
    """
    refund = _locked(refund_id)
    if refund.hand_noted_at:
        return refund
    wrong = by_hand_violations(
        is_failed=refund.state == RefundState.FAILED,
        is_replaced=hasattr(refund, "replaced_by"),
        reference=reference,
    )
    gone = amount_under_way(refund.order) - (refund.amount if held_back(refund.failure) else ZERO)
    wrong += refund_violations(is_paid=True, paid=refund.order.amount, under_way=gone, amount=refund.amount)
    refuse_if_any(wrong, DeskNotPossible)
    refund.hand_reference, refund.hand_noted_by, refund.hand_noted_at = reference.strip()[:100], by, at
    refund.save(update_fields=["hand_reference", "hand_noted_by", "hand_noted_at"])
    facts = {"reference": refund.hand_reference}
    audit.record("payments.refund.noted_by_hand", on=refund, by=by, at=at, facts=facts)
    return refund


@transaction.atomic
def confirm_by_hand(*, refund_id: int, by: User, at: datetime) -> Refund:
    """A second person has seen it on the channel's pages: the refund is done. Confirming twice does it once.

    Raises:
        DeskNotPossible: PY-14.
    """
    # Not its order: whoever holds a checkout may wait for that, and what follows from this waits for the checkout.
    refund = Refund.objects.select_for_update(of=("self",)).get(pk=refund_id)
    if refund.hand_confirmed_at:
        return refund
    is_same = refund.hand_noted_by_id == by.pk
    wrong = second_person_violations(is_noted=refund.hand_noted_at is not None, is_same_person=is_same)
    refuse_if_any(wrong, DeskNotPossible)
    refund.state = REFUND.after(refund.state, RefundEvent.CONFIRM_BY_HAND)
    refund.hand_confirmed_by, refund.hand_confirmed_at, refund.done_at = by, at, at
    refund.save(update_fields=["state", "hand_confirmed_by", "hand_confirmed_at", "done_at"])
    audit.record("payments.refund.confirmed_by_hand", on=refund, by=by, at=at)
    events.publish(RefundDone(refund.pk))
    return refund


@transaction.atomic
def withdraw_by_hand(*, refund_id: int, by: User, at: datetime) -> Refund:
    """It was not given back after all: the note goes, the refund has failed as before."""
    refund = _locked(refund_id)
    if refund.state != RefundState.FAILED or not refund.hand_noted_at:
        return refund
    facts = {"reference": refund.hand_reference}
    refund.hand_reference, refund.hand_noted_by, refund.hand_noted_at = "", None, None
    refund.save(update_fields=["hand_reference", "hand_noted_by", "hand_noted_at"])
    audit.record("payments.refund.withdrawn_by_hand", on=refund, by=by, at=at, facts=facts)
    return refund


def _locked(refund_id: int) -> Refund:
    """The refund, after its order: whoever gives back locks them in this order."""
    order_id = Refund.objects.values_list("order_id", flat=True).get(pk=refund_id)
    PaymentOrder.objects.select_for_update(of=("self",)).get(pk=order_id)
    return Refund.objects.select_for_update(of=("self",)).select_related("order").get(pk=refund_id)
