"""Settled bills with their receipts, refunds of them, and a key to sign with."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from billing.models import Bill, BillPurpose
from billing.operations import open_bill, return_lines_of_bill, settle_bill, state_parts
from billing.rules import Parts
from hospital.celery import app
from kernel.models import OutboxJob
from payments.models import PaymentOrder, Refund
from pricing.queries import quote_for
from pricing.rules import ServiceLine
from refunds.models import RefundRequest
from simulators import signing_keys
from tests.factories.encounters import AT, EncounterFactory
from tests.factories.pricing import PriceFactory

SETTLED_AT = AT + timedelta(minutes=5)
REFUNDED_AT = AT + timedelta(hours=1)


def signing_key(directory: Path) -> str:
    """The path of a fresh key of the demonstration's kind."""
    path = directory / signing_keys.FILE
    path.write_bytes(signing_keys.new_key_and_certificate())
    return str(path)


def run(job: OutboxJob) -> None:
    """A job of the outbox, as a worker runs it."""
    app.autodiscover_tasks(force=True)
    app.tasks[job.task_name](**job.arguments)


def paid_bill(
    *prices: str, quantity: int = 2, fund: str = "0.00", account: str = "0.00", **encounter: Any
) -> Bill:
    """A settled bill of a line for each price in yuan; what fund and account leave she paid by WeChat Pay."""
    made = EncounterFactory(**encounter)
    rows = [PriceFactory(amount=Decimal(price)) for price in prices or ("10.00", "3.50")]
    quote = quote_for(
        lines=[ServiceLine(str(row.pk), row.item.code, Decimal(quantity)) for row in rows],
        institution=made.institution,
        service_on=made.service_on,
    )
    bill = open_bill(encounter_id=made.pk, purpose=BillPurpose.CONSULTATION, quote=quote, by=None, at=AT)
    cash = bill.total_amount - Decimal(fund) - Decimal(account)
    parts = Parts(Decimal(fund), Decimal(account), cash)
    state_parts(
        bill_id=bill.pk, parts=parts, in_scope={line.number: line.amount for line in bill.lines.all()}
    )
    if cash:
        _paid(bill, cash)
    return settle_bill(bill_id=bill.pk, at=SETTLED_AT)


def _paid(bill: Bill, amount: Decimal) -> PaymentOrder:
    return PaymentOrder.objects.create(
        bill=bill, number=f"P{bill.pk:08d}", channel="wechat", scene="native", amount=amount, description="诊查费",
        expires_at=AT + timedelta(minutes=15), state="paid", transaction_id=f"42000000012026112{bill.pk:011d}",
        created_at=AT, paid_at=AT + timedelta(minutes=2),
    )  # fmt: skip


def lines_refunded(
    bill: Bill, quantities: Mapping[int, str], *, parts: Parts | None = None, at: datetime = REFUNDED_AT
) -> RefundRequest:
    """A finished refund of lines; her cash, unless ``parts`` (negative) says otherwise."""
    lines = {line.number: line for line in bill.lines.all()}
    amount = sum(
        (lines[number].unit_price * Decimal(units) for number, units in quantities.items()), Decimal(0)
    )
    returned = return_lines_of_bill(
        bill_id=bill.pk, quantities={number: Decimal(units) for number, units in quantities.items()},
        parts=parts or Parts.of_cash(-amount.quantize(Decimal("0.01"))), reason="药品质量问题", by=None, at=at,
    )  # fmt: skip
    return finished(
        bill, "lines", -returned.total_amount, at=at, return_bill=returned, parts=-(returned.parts or parts)
    )


def money_refunded(bill: Bill, amount: str, *, at: datetime = REFUNDED_AT) -> RefundRequest:
    """A finished refund of her cash without any line: a price was corrected."""
    return finished(
        bill,
        "cash",
        Decimal(amount),
        at=at,
        parts=Parts.of_cash(Decimal(amount)),
        situation="price_corrected",
    )


def wholly_refunded(bill: Bill, *, at: datetime = REFUNDED_AT) -> RefundRequest:
    """A finished refund of the whole bill."""
    return finished(bill, "whole", bill.total_amount, at=at, parts=bill.parts, situation="doctor_refuses")


def finished(
    bill: Bill,
    scope: str,
    amount: Decimal,
    *,
    at: datetime,
    parts: Parts,
    situation: str = "quality_fault",
    **more: Any,
) -> RefundRequest:
    """A request of which everything is back, her cash by the channel."""
    request = RefundRequest(
        number=f"T{RefundRequest.objects.count():08d}", bill=bill, scope=scope, situation=situation, reason="药品质量问题",
        state="done", asked_amount=amount, approved_amount=amount, requested_at=at, decided_at=at, sent_at=at,
        finished_at=at, payment_refund=_sent_back(bill, parts.cash, at), **more,
    )  # fmt: skip
    request.say_parts(parts)
    request.save()
    return request


def _sent_back(bill: Bill, amount: Decimal, at: datetime) -> Refund | None:
    order = bill.payment_orders.first()
    if order is None or not amount:
        return None
    number = f"{order.number}R{order.refunds.count() + 1}"
    return Refund.objects.create(
        order=order, number=number, amount=amount, key=number, reason="退费", state="done",
        channel_refund_id=f"5030{number}", requested_at=at, done_at=at,
    )  # fmt: skip
