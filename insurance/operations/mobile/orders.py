"""The rows of an order at the mobile payment centre; nothing here calls out."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from audit import operations as audit
from insurance.gateway.mobile.replies import DONE, OrderRefunded, OrderStatus, OrderUploaded
from insurance.gateway.mobile.requests import INSURANCE
from insurance.gateway.mobile.statuses import INSURANCE_STANDS, StatusClass, class_of
from insurance.gateway.port import GatewayRefused
from insurance.models import Claim, MobileOrder, MobileRefund, VoucherAuthorization
from insurance.operations import claims, uploading
from insurance.operations.mobile.choosing import permission_to_pay
from insurance.rules.mobile import Amounts, next_poll
from insurance.states import AUTHORIZATION, WITHOUT_SETTLEMENT, AuthorizationEvent
from kernel import jobs
from kernel.identifiers import new_number
from kernel.money import ZERO


def order_of(claim: Claim, *, at: datetime) -> MobileOrder:
    """The one order of a claim, with the number by which it happens once."""
    order, is_new = MobileOrder.objects.get_or_create(
        claim=claim, defaults={"number": new_number("M", at), "ordered_at": at}
    )
    if is_new:
        audit.record("insurance.mobile.opened", on=order, by=None, at=at)
    return order


@transaction.atomic
def keep_upload(order: MobileOrder, reply: OrderUploaded, *, at: datetime) -> None:
    """Number and token of the centre, and how the lines divide there."""
    claim = claims.locked(order.claim_id)
    order.centre_number, order.token, order.status = reply.centre_number, reply.token, reply.status or ""
    order.save(update_fields=["centre_number", "token", "status"])
    numbers = {
        uploading.line_reference(claim, line.number): line.number for line in uploading.lines_of(claim)
    }
    claim.line_scopes = {
        str(numbers[row.line_number]): str(row.in_scope_amount)
        for row in reply.lines
        if row.line_number in numbers
    }
    if preview := reply.preview:
        claim.full_own_pay_amount = preview.full_own_pay_amount
        claim.over_limit_amount = preview.over_limit_amount
        claim.first_self_pay_amount = preview.first_self_pay_amount
        claim.in_scope_amount = preview.in_scope_amount
    claim.uploaded_at = at
    claim.save()


@transaction.atomic
def use_permission(order: MobileOrder, *, business_number: str, at: datetime) -> VoucherAuthorization:
    """Spend the permission to pay. Committed before it is sent, so that it is never sent twice.

    Raises:
        GatewayRefused: there is none that may be used now; nothing was sent.
    """
    claim = claims.locked(order.claim_id)
    # The lock on the claim keeps this order alone; the database keeps one permission from serving two orders.
    authorization = permission_to_pay(claim.registration.encounter_id, at=at, claim_id=claim.pk)
    if authorization is None:
        raise GatewayRefused(_("The permission to pay with 医保 has run out. Please authorise again."))
    authorization = VoucherAuthorization.objects.select_for_update(of=("self",)).get(pk=authorization.pk)
    authorization.state = AUTHORIZATION.after(authorization.state, AuthorizationEvent.USE)
    authorization.used_at = at
    authorization.save(update_fields=["state", "used_at"])
    MobileOrder.objects.filter(
        authorization=authorization, business_number="", claim__state__in=WITHOUT_SETTLEMENT
    ).update(authorization=None)
    order.authorization, order.business_number = authorization, business_number
    order.save(update_fields=["authorization", "business_number"])
    audit.record("insurance.mobile.permission_used", on=order, by=None, at=at)
    return authorization


def amounts_of(order: MobileOrder) -> Amounts | None:
    """What 6202 stated; None while it has not answered."""
    if order.fund_amount is None or order.account_amount is None or order.cash_amount is None:
        return None
    return Amounts(order.fund_amount, order.account_amount, order.cash_amount)


def stated_in(status: OrderStatus) -> Amounts | None:
    """The amounts of an answer."""
    return Amounts(*status.amounts) if status.amounts is not None else None


@transaction.atomic
def keep_payment(order: MobileOrder, status: OrderStatus) -> None:
    """What 6202 stated, once: later statements are compared with it."""
    row = MobileOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if row.total_amount is None and (said := stated_in(status)):
        row.total_amount = said.fund + said.account + said.cash
        row.fund_amount, row.account_amount, row.cash_amount = said.fund, said.account, said.cash
    if not row.concluded_at:
        row.status = status.status
    row.save()
    order.refresh_from_db()


@transaction.atomic
def keep_status(order: MobileOrder, status: OrderStatus, *, at: datetime) -> None:
    """What 6301 says now; a status that is final is followed only by another final one."""
    row = MobileOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
    is_final = class_of(status.status) in (StatusClass.SETTLED, StatusClass.CANCELLED, StatusClass.FAILED)
    if row.concluded_at and not is_final:
        return
    row.status = status.status
    row.settlement_type = status.settlement_type or row.settlement_type
    row.revoke_token = status.revoke_token or row.revoke_token
    if is_final and row.concluded_at is None:
        row.concluded_at = at
    row.save()
    order.refresh_from_db()


@transaction.atomic
def poll_again(order: MobileOrder, *, task: str, at: datetime) -> None:
    """Ask about an order in processing soon, at most twelve times and ever later."""
    row = MobileOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
    due_at = next_poll(polls=row.polls, at=at)
    if due_at is None:
        return
    row.polls += 1
    row.save(update_fields=["polls"])
    pause = (due_at - at) / settings.INSURANCE_ASK_AGAIN_FASTER
    jobs.enqueue(task, due_at=at + pause, claim_id=row.claim_id)


def stands(order: MobileOrder) -> bool:
    """Whether the insurance part is paid, as far as the centre said."""
    return order.status in INSURANCE_STANDS


def refund_of(order: MobileOrder, number: str, *, at: datetime) -> MobileRefund:
    """The intent to give the insurance part back, under the number by which it happens once."""
    settled = order.claim.settlements.get(reverses__isnull=True)
    refund, _is_new = MobileRefund.objects.get_or_create(
        number=number,
        defaults={
            "order": order,
            "kind": INSURANCE,
            "total_amount": settled.fund_amount + settled.account_amount,
            "fund_amount": settled.fund_amount,
            "account_amount": settled.account_amount,
            "cash_amount": ZERO,
            "requested_at": at,
        },
    )
    return refund


def keep_refund(refund: MobileRefund, reply: OrderRefunded, *, at: datetime) -> None:
    """What 6203 said; a success that is written down is never overwritten."""
    MobileRefund.objects.filter(pk=refund.pk).exclude(status=DONE).update(
        status=reply.outcome, answered_at=at
    )
