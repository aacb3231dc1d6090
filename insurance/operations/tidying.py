"""Take from the insurer what it need not keep: lines that are not settled (2205), visits that never were (2202)."""

import logging
from datetime import datetime

from insurance.gateway.port import GatewayRefused, GatewayUnanswered
from insurance.models import Claim, GatewayMessage, MobileOrder, Route
from insurance.operations import uploading, visits
from insurance.operations.insurer import insurer_of
from insurance.operations.mobile.disputes import call_person
from insurance.operations.routes import route_of
from insurance.operations.turns import conversation
from insurance.rules.schedule import MOST_TIDYING, TIDY_PAUSE, VISIT_IS_OVER
from insurance.states import WITHOUT_SETTLEMENT, MessageState
from kernel import clock

logger = logging.getLogger(__name__)


def tidy_up(*, claim_id: int, times: int | None = None) -> None:
    """Withdraw the lines of an ended claim, and a day later its visit when nothing of it is settled; calls out.

    No money hangs on it: a refusal ends it, silence is tried again for five days. Only a mobile order that was sent a
    payment and is not closed goes to a person. A visit that is needed again after all is registered anew
    (``ensure_registered``).
    """
    with conversation(claim_id, states=WITHOUT_SETTLEMENT, task="insurance.tidy_up", times=times) as claim:
        if claim is None:
            return
        try:
            _withdraw(claim)
            due_at = _end_visit(claim, at=clock.now())
        except GatewayUnanswered:
            due_at = clock.now() + TIDY_PAUSE if claim.asked_times < MOST_TIDYING else None
            if due_at is None:
                logger.warning("claim %s is not tidied up at the insurer", claim.pk)
        Claim.objects.filter(pk=claim.pk).update(next_ask_at=due_at)


def _withdraw(claim: Claim) -> None:
    """Its lines, when the insurer may hold any; an order for mobile payment ends with them."""
    if not _may_hold_lines(claim):
        return
    try:
        if claim.route == Route.MOBILE:
            route_of(claim).void(claim)
        else:
            uploading.withdraw_lines(claim, insurer_of(claim.registration.encounter.institution))
    except GatewayRefused as refusal:
        logger.info("the lines of claim %s are not withdrawn: %s", claim.pk, refusal.reason)
        if MobileOrder.objects.filter(claim=claim).exclude(business_number="").exists():
            # Who does not close an order of which a payment was sent may hold a settlement of it.
            call_person(claim_id=claim.pk, reason=f"6401: {refusal.reason}", at=clock.now())
    uploading.forget_upload(claim.pk)


def _may_hold_lines(claim: Claim) -> bool:
    """Uploaded, or sent without an answer; and not withdrawn yet."""
    said = GatewayMessage.objects.filter(claim=claim)
    if said.filter(transaction_code="2205", state__in=[MessageState.ANSWERED, MessageState.REFUSED]).exists():
        return False
    unknown = said.filter(transaction_code="2204").exclude(state=MessageState.REFUSED)
    return claim.uploaded_at is not None or unknown.exists()


def _end_visit(claim: Claim, *, at: datetime) -> datetime | None:
    """2202 when the visit is over and nothing of it is settled or may be; else when to look again, if at all."""
    registration = claim.registration
    if not registration.registered_at or registration.cancelled_at:
        return None
    if registration.claims.exclude(state__in=WITHOUT_SETTLEMENT).exists():
        return None
    is_over_at = registration.registered_at + VISIT_IS_OVER
    if at < is_over_at:
        return is_over_at
    try:
        visits.cancel_visit(registration, insurer_of(registration.encounter.institution))
    except GatewayRefused as refusal:
        logger.info("the visit of claim %s is not cancelled: %s", claim.pk, refusal.reason)
    return None
