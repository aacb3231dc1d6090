"""A claim through the mobile payment centre: 6201, 6202 and 6301, 6203, 6401."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from django.utils.translation import gettext as _

from insurance.gateway import messages as m
from insurance.gateway.mobile.client import MobilePaymentClient
from insurance.gateway.mobile.replies import DONE, EXCEPTION, OrderStatus
from insurance.gateway.mobile.statuses import INSURANCE_IS_BACK, INSURANCE_STANDS, StatusClass, class_of
from insurance.gateway.port import Exchange, GatewayRefused, GatewayUnanswered, ReplyDisputed
from insurance.models import Claim, GatewayMessage, MobileOrder
from insurance.operations.insurer import insurer_of
from insurance.operations.messages import exchange
from insurance.operations.mobile import orders, records, requests
from insurance.operations.mobile.centre import centre_of
from insurance.operations.mobile.disputes import call_person
from insurance.operations.routes import make_known
from insurance.states import ClaimState, MessageState
from kernel import clock

R = TypeVar("R")

SETTLE_TASK = "insurance.settle_claim"


class MobileRoute:
    """``ClaimRoute`` of the mobile payment centre. Her cash is paid before, through the channel."""

    def presettle(self, claim: Claim) -> m.SettlementReply:
        """1101, 2201, 5301, 2203A at the core; 6201 at the centre, which does 2204 and 2206A inside."""
        gateway = insurer_of(claim.registration.encounter.institution)
        make_known(claim, gateway)
        order = orders.order_of(claim, at=clock.now())
        request = requests.upload(claim, order)
        reply = _said(claim, "6201", lambda _msgid: _centre(claim).upload_order(request))
        orders.keep_upload(order, reply, at=clock.now())
        if reply.preview is None:
            raise GatewayRefused(_("The mobile payment centre does not say who would pay how much."))
        return reply.preview

    def settle(self, claim: Claim) -> m.SettlementReply:
        """6202 once, then 6301; a permission to pay is never sent a second time."""
        order = claim.mobile_order
        if order.business_number:
            raise GatewayRefused(_("The mobile payment centre has not carried out the payment."))
        authorization = orders.use_permission(order, business_number=claim.settle_msgid or "", at=clock.now())
        request = requests.pay(claim, order, authorization)
        said = _said(
            claim, "6202", lambda _msgid: _centre(claim).pay_order(request), msgid=claim.settle_msgid
        )
        orders.keep_payment(order, said)
        found = self._outcome(claim, order, _asked(claim, order))
        if found is None:
            raise GatewayRefused(_("The mobile payment centre has not carried out the payment."))
        if found.is_in_force is False:
            raise ReplyDisputed(f"ordStas {order.status}: given back, and not by us")
        return found

    def held(self, claim: Claim, msgid: str) -> m.SettlementReply | None:
        """6301 of the order: the settlement, or what took it back."""
        order = claim.mobile_order
        if not order.business_number:
            return None
        status = _asked(claim, order)
        if msgid and msgid == claim.reverse_msgid:
            return self._reversal(claim, order, status)
        return self._outcome(claim, order, status)

    def void(self, claim: Claim) -> None:
        """6401: the order is closed for good, unless it is paid."""
        order = MobileOrder.objects.filter(claim=claim).first()
        if order is None or not order.centre_number:
            return
        request = requests.ask(claim, order)
        _said(claim, "6401", lambda _msgid: _centre(claim).revoke_order(request), msgid=claim.void_msgid)

    def reverse(self, claim: Claim) -> m.SettlementReply:
        """6203 of the insurance part; her cash goes back through the channel."""
        order, number = claim.mobile_order, claim.reverse_msgid or ""
        refund = orders.refund_of(order, number, at=clock.now())
        request = requests.refund(claim, order, refund, at=clock.now())
        reply = _said(
            claim, "6203", lambda _msgid: _centre(claim).refund_order(request), msgid=claim.reverse_msgid
        )
        orders.keep_refund(refund, reply, at=clock.now())
        if reply.outcome == EXCEPTION:
            raise GatewayUnanswered("refStatus EXP")
        if reply.outcome != DONE:
            raise GatewayRefused(_("The mobile payment centre has not given the insurance part back."))
        return records.reversal_record(claim, order, number)

    def _outcome(self, claim: Claim, order: MobileOrder, status: OrderStatus) -> m.SettlementRecord | None:
        """The settlement, not in force when it was given back; None when there is none and none can come any more.

        A failure counts only when the core holds nothing either.
        """
        kind = class_of(status.status)
        if status.status in INSURANCE_STANDS:
            return _checked(claim, order, status)
        if status.status in INSURANCE_IS_BACK:
            return replace(_checked(claim, order, status), is_in_force=False)
        if kind is StatusClass.FAILED and records.core_holds(claim):
            reason = f"ordStas {status.status}, and the core holds a settlement of the batch"
            call_person(claim_id=claim.pk, reason=reason, at=clock.now())
            raise ReplyDisputed(reason)
        if kind in (StatusClass.CANCELLED, StatusClass.FAILED):
            return None
        if kind is StatusClass.OPEN and claim.state != ClaimState.VOIDING and not _is_accepted(claim):
            # Not a word about the payment, which may still arrive: only closing the order (6401) ends it.
            raise GatewayRefused(f"ordStas {status.status}")
        orders.poll_again(order, task=SETTLE_TASK, at=clock.now())
        raise GatewayUnanswered(f"ordStas {status.status}")

    def _reversal(self, claim: Claim, order: MobileOrder, status: OrderStatus) -> m.SettlementRecord | None:
        """The record that took the settlement back, None while it stands."""
        if status.status in INSURANCE_IS_BACK:
            return records.reversal_record(claim, order, claim.reverse_msgid or "")
        if status.status in INSURANCE_STANDS:
            return None
        raise GatewayUnanswered(f"ordStas {status.status}")


def _is_accepted(claim: Claim) -> bool:
    """Whether the centre took the payment order; what it shows of it may lag behind."""
    said = GatewayMessage.objects.filter(claim=claim, transaction_code="6202", state=MessageState.ANSWERED)
    return said.exists()


def _checked(claim: Claim, order: MobileOrder, status: OrderStatus) -> m.SettlementRecord:
    """The settlement, when everybody names the same amounts; else a person is called."""
    try:
        return records.settlement_record(claim, order, orders.stated_in(status))
    except ReplyDisputed as disputed:
        call_person(claim_id=claim.pk, reason=disputed.reason, at=clock.now())
        raise


def _asked(claim: Claim, order: MobileOrder) -> OrderStatus:
    """6301, written down.

    Raises:
        GatewayUnanswered: no answer; a question that is refused says nothing about the order.
    """
    request = requests.ask(claim, order)
    try:
        status = _said(claim, "6301", lambda _msgid: _centre(claim).ask_order(request), repeatable=True)
    except GatewayRefused as refusal:
        raise GatewayUnanswered(refusal.reason) from refusal
    orders.keep_status(order, status, at=clock.now())
    return status


def _said(
    claim: Claim,
    code: str,
    call: Callable[[str], Exchange[R]],
    *,
    msgid: str | None = None,
    repeatable: bool = False,
) -> R:
    """One message about the claim, in the journal before it is sent."""
    return exchange(
        code, call, registration=claim.registration, claim=claim, msgid=msgid, repeatable=repeatable
    )


def _centre(claim: Claim) -> MobilePaymentClient:
    return centre_of(claim.registration.encounter.institution)
