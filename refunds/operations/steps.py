"""The single steps that the operations and the events share; callers hold the transaction."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop

from accounts.models import User
from audit import operations as audit
from billing.models import Bill
from billing.rules.returns import worth_violations
from checkout.operations import lock_checkout
from kernel import events, live
from kernel.errors import refuse_if_any
from kernel.identifiers import new_number
from kernel.money import ZERO
from payments.models import PaymentOrder
from refunds.events import RefundAskedFor, RefundDeclined, RefundFinished
from refunds.models import RefundLine, RefundRequest, Scope
from refunds.queries.requests import open_requests, worth_of
from refunds.rules.situations import REASONS, Situation
from refunds.states import REFUND_REQUEST, RefundRequestEvent, RefundRequestState

INSTEAD = gettext_noop("All of the bill goes back instead.")


def locked(request_id: int) -> RefundRequest:
    """The request, locked for this transaction, after the checkout and the orders of its bill, as money is locked.

    A refund that is asked for anew on the channels' pages holds its order when it comes to the request.
    """
    bill_id = RefundRequest.objects.values_list("bill_id", flat=True).get(pk=request_id)
    lock_checkout(bill_id=bill_id)
    list(PaymentOrder.objects.select_for_update(of=("self",)).filter(bill=bill_id).order_by("pk"))
    return one(request_id)


def one(request_id: int) -> RefundRequest:
    """The request, locked, for callers who hold what is locked before it."""
    rows = RefundRequest.objects.select_for_update(of=("self",))
    return rows.select_related("bill__encounter", "bill__checkout__order", "line_return").get(pk=request_id)


def make(
    bill: Bill,
    situation: Situation,
    scope: Scope,
    amount: Decimal,
    *,
    reason: str = "",
    key: str = "",
    by: User | None,
    at: datetime,
    **columns: Any,
) -> RefundRequest:
    """The row, written down and told."""
    request = RefundRequest.objects.create(
        number=new_number("F", at),
        key=key or None,
        bill=bill,
        scope=scope,
        situation=situation,
        reason=(reason.strip() or REASONS[situation])[:80],
        asked_amount=amount,
        requested_by=by,
        requested_at=at,
        **columns,
    )
    facts = {"situation": situation.value, "scope": scope.value, "amount": str(amount)}
    audit.record("refunds.request.requested", on=request, by=by, at=at, facts=facts)
    events.publish(RefundAskedFor(request.pk))
    live.ring(f"bill:{bill.pk}")
    return request


def make_lines(
    bill: Bill, situation: Situation, quantities: Mapping[int, Decimal], **columns: Any
) -> RefundRequest:
    """A request for units of lines, by number.

    Raises:
        RulesBroken: BL-05, the units are worth nothing any more.
    """
    amounts = worth_of(bill, dict(quantities))
    refuse_if_any(worth_violations(amounts))
    request = make(bill, situation, Scope.LINES, sum(amounts.values(), ZERO), **columns)
    ids = dict(bill.lines.values_list("number", "pk"))
    RefundLine.objects.bulk_create(
        RefundLine(request=request, line_id=ids[number], quantity=units, amount=amounts[number])
        for number, units in sorted(quantities.items())
    )
    return request


def move(
    request: RefundRequest, event: RefundRequestEvent, *, by: User | None, at: datetime, **changes: Any
) -> None:
    """One step: state, the changes that go with it, the trace, and the bell of watching pages."""
    request.state = REFUND_REQUEST.after(request.state, event)
    for name, value in changes.items():
        setattr(request, name, value)
    request.save()
    facts = {name: str(changes[name]) for name in ("failure", "decline_reason") if changes.get(name)}
    audit.record(f"refunds.request.{request.state}", on=request, by=by, at=at, facts=facts)
    live.ring(f"bill:{request.bill_id}")


def accept(request: RefundRequest, *, by: User | None, at: datetime) -> None:
    """Agreed to: by a person, or by the policy when ``by`` is None."""
    move(
        request, RefundRequestEvent.APPROVE, by=by, at=at,
        decided_by=by, decided_at=at, approved_amount=request.asked_amount,
    )  # fmt: skip


def refuse(request: RefundRequest, *, reason: str, by: User | None, at: datetime) -> None:
    """Nothing goes back by this request."""
    move(
        request, RefundRequestEvent.DECLINE, by=by, at=at,
        decided_by=by, decided_at=at, decline_reason=reason.strip()[:200],
    )  # fmt: skip
    events.publish(RefundDeclined(request.pk))


def fail(request: RefundRequest, why: str, *, at: datetime) -> None:
    """A person must look; what failed already stays as it is."""
    if REFUND_REQUEST.allows(request.state, RefundRequestEvent.FAIL):
        move(request, RefundRequestEvent.FAIL, by=None, at=at, failure=why[:300])


def finish(request: RefundRequest, *, at: datetime) -> None:
    """Everything of it is back."""
    if REFUND_REQUEST.allows(request.state, RefundRequestEvent.COMPLETE):
        move(request, RefundRequestEvent.COMPLETE, by=None, at=at, finished_at=at, failure="")
        events.publish(RefundFinished(request.pk))


def set_aside(bill_id: int, *, at: datetime) -> None:
    """What was asked for and not sent is answered: all of the bill goes back instead."""
    waiting = (RefundRequestState.REQUESTED, RefundRequestState.APPROVED)
    for request_id in open_requests(bill_id).filter(state__in=waiting).values_list("pk", flat=True):
        refuse(one(request_id), reason=INSTEAD, by=None, at=at)
